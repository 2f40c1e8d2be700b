"""Fetching the files that people send the bot, from Teams itself or from the sender's OneDrive, and from nowhere else."""

import logging
from typing import Protocol

import aiohttp

from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import TokenSource, TokenUnavailableError
from bot.turns import SentFile

log = logging.getLogger(__name__)

LARGEST = 10 << 20
SECONDS = 8.0


class Fetching(Protocol):
    async def fetch(self, url: str) -> bytes | None: ...


class SentFiles:
    """``elsewhere`` fetches from public addresses, without a token: one sent there would be given away."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenSource,
        service_urls: ServiceUrls,
        elsewhere: Fetching,
        *,
        largest: int = LARGEST,
        seconds: float = SECONDS,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._service_urls = service_urls
        self._elsewhere = elsewhere
        self._largest = largest
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def fetch(self, file: SentFile) -> bytes | None:
        """The file's bytes; None, with a line in the log, for one that cannot be had or is too large."""
        if not self._service_urls.allows(file.url):
            return await self._elsewhere.fetch(file.url)
        try:
            return await self._from_teams(file.url)
        except (aiohttp.ClientError, OSError, TimeoutError, TokenUnavailableError) as error:
            log.info("A sent file could not be fetched", extra={"why": type(error).__name__})
            return None

    async def _from_teams(self, url: str) -> bytes | None:
        authorization = await self._tokens.authorization()
        headers = {} if authorization is None else {"Authorization": authorization}
        async with self._session.get(
            url, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as answer:
            if answer.status != 200:
                log.info("A sent file could not be fetched", extra={"why": answer.status})
                return None
            return await self._body(answer)

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes | None:
        body = bytearray()
        async for chunk in answer.content.iter_any():
            body += chunk
            if len(body) > self._largest:
                log.info("A sent file could not be fetched", extra={"why": "too_large"})
                return None
        return bytes(body)
