"""How long the event loop is held up while the bot fetches a token of its own.

A ticker of a millisecond runs in the bot's loop only while a fetch is under way. What is told is how much too late its
latest tick came, with nothing subtracted: on an idle loop that is some tenths of a millisecond, since the system's
timers are no finer.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

import aiohttp
from azure.core.credentials import AccessToken

from bot.teams.credentials import AsyncCredential, EntraTokens, secret_credential
from bot.teams.tokens import TokenSource
from tests.bench.people import APP_ID, TENANT

TICK = 0.001
"""Seconds."""


@dataclass(kw_only=True)
class Watched:
    """The bot's own credential; ``stalls`` tells of each fetch how late the latest tick came, in seconds."""

    credential: AsyncCredential
    stalls: list[float]

    async def get_token(self, *scopes: str) -> AccessToken:
        over = asyncio.Event()
        ticker = asyncio.create_task(_latest(perf_counter(), over))
        try:
            return await self.credential.get_token(*scopes)
        finally:
            over.set()
            ticker.add_done_callback(lambda done: self.stalls.append(done.result()))

    async def close(self) -> None:
        await self.credential.close()


async def _latest(before: float, over: asyncio.Event) -> float:
    """Ticks once more when it is over: what held up the loop last has then ended."""
    longest, last = 0.0, False
    while not last:
        last = over.is_set()
        await asyncio.sleep(TICK)
        now = perf_counter()
        longest, before = max(longest, now - before - TICK), now
    return longest


@dataclass(kw_only=True)
class Entra:
    """Where the bot's tokens come from: the Entra that stands around it, over a session that trusts it."""

    session: aiohttp.ClientSession
    authority: str
    stalls: list[float] = field(default_factory=list)

    def tokens(self) -> TokenSource:
        """A source that has fetched nothing yet."""
        credential = secret_credential(
            tenant=TENANT, app_id=APP_ID, secret="unused", session=self.session, authority=self.authority
        )
        return EntraTokens(Watched(credential=credential, stalls=self.stalls))

    async def fetch(self) -> None:
        """As the bot does at its start, whatever else its loop has to do now."""
        fresh = self.tokens()
        await fresh.authorization()
        await fresh.close()


@asynccontextmanager
async def entra_of(environ: Mapping[str, str]) -> AsyncIterator[Entra | None]:
    """None where the environment names none: the connector on loopback wants no token."""
    if "ENTRA_AUTHORITY" not in environ:
        yield None
        return
    trust = ssl.create_default_context(cadata=environ["ENTRA_CERTIFICATE"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:
        yield Entra(session=session, authority=environ["ENTRA_AUTHORITY"])
