"""The keys that Microsoft signs its calls with: fetched when needed, kept, and fetched anew when they rotate."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from jwt import PyJWK, PyJWTError

log = logging.getLogger(__name__)

MAX_AGE = 24 * 3600.0
MIN_INTERVAL = 60.0
"""Seconds between two fetches that unknown key ids cause: made-up ids must not make the bot a hammer."""


class KeysUnavailable(Exception):
    """The issuer could not be asked, and the key is not among those known."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``endorsements`` are the channels the key may speak for; empty means any."""

    key: Any
    endorsements: frozenset[str]


class SigningKeys:
    """``metadata_url`` is the issuer's OpenID configuration."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        metadata_url: str,
        *,
        now: Callable[[], float] = time.monotonic,
        min_interval: float = MIN_INTERVAL,
        timeout: float = 5.0,
    ) -> None:
        self._session = session
        self._metadata_url = metadata_url
        self._now = now
        self._min_interval = min_interval
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._lock = asyncio.Lock()
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched = self._tried = float("-inf")

    async def get(self, kid: str) -> SigningKey | None:
        """The key with that id, or None when the issuer knows none. Raises KeysUnavailable."""
        if kid in self._keys and self._now() - self._fetched < MAX_AGE:
            return self._keys[kid]
        async with self._lock:
            known = self._keys.get(kid)
            fresh = self._now() - self._fetched < MAX_AGE
            if known and fresh:
                return known
            if self._now() - self._tried >= self._min_interval:
                await self._fetch(fallback=known is not None)
            elif self._fetched == float("-inf"):
                raise KeysUnavailable
            return self._keys.get(kid)

    async def _fetch(self, *, fallback: bool) -> None:
        self._tried = self._now()
        try:
            metadata = await self._json(self._metadata_url)
            keys = await self._json(metadata["jwks_uri"])
            self._keys = dict(_signing_keys(keys["keys"]))
            self._fetched = self._now()
        except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError, PyJWTError) as error:
            log.warning("The signing keys could not be fetched", extra={"reason": type(error).__name__})
            if not fallback and not self._keys:
                raise KeysUnavailable from error

    async def _json(self, url: str) -> Any:
        async with self._session.get(url, timeout=self._timeout, allow_redirects=False) as answer:
            answer.raise_for_status()
            return await answer.json(content_type=None)


def _signing_keys(docs: Any) -> list[tuple[str, SigningKey]]:
    keys = []
    for doc in docs:
        if doc.get("kty") == "RSA" and doc.get("kid"):
            endorsed = frozenset(doc.get("endorsements") or ())
            keys.append((doc["kid"], SigningKey(PyJWK(doc, algorithm="RS256").key, endorsed)))
    return keys
