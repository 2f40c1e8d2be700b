"""Tokens from Entra through azure-identity: one fetch for as long as a token lasts, shared by all who ask.

How long one is kept is measured by a clock that nobody sets: by the wall's, a token fetched while that was ahead would
be used after its end.
Kept apart from ``tokens`` because importing azure-identity takes half a second that local mode need not pay.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

import aiohttp
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import AioHttpTransport
from azure.identity.aio import ClientSecretCredential, ManagedIdentityCredential

from bot.teams.tokens import TokenUnavailableError

SCOPE = "https://api.botframework.com/.default"
MODEL_SCOPE = "https://cognitiveservices.azure.com/.default"

_REFRESH_BEFORE = 300.0
"""Seconds before expiry when a new token is fetched, while the old one serves (azure-identity's own)."""
_USABLE_BEFORE = 30.0
_RETRY_AFTER_FAILURE = 30.0
_FAIL_FAST = 2.0
"""Seconds after a failed fetch in which nobody tries again: a full outbox must not besiege Entra."""
_DROP_AGAIN_AFTER = 30.0
"""Seconds after a refused token was dropped in which no other is: where all are refused, Entra can't help."""
_FETCH_TIMEOUT = 10.0

log = logging.getLogger(__name__)


class AsyncCredential(Protocol):
    """What is used of azure-identity's credentials."""

    async def get_token(self, *scopes: str) -> AccessToken: ...

    async def close(self) -> None: ...


class EntraTokens:
    """A token source over any azure-identity credential. Those who ask while a fetch runs share it."""

    def __init__(
        self,
        credential: AsyncCredential,
        *,
        scope: str = SCOPE,
        elapsed: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """``elapsed`` never goes back; ``now`` is the clock that the credential tells a token's end by."""
        self._credential = credential
        self._scope = scope
        self._elapsed = elapsed
        self._now = now
        self._token: AccessToken | None = None
        self._ends_at = float("-inf")
        self._fetch: asyncio.Task[AccessToken] | None = None
        self._failed_at = float("-inf")
        self._dropped_at = float("-inf")

    async def authorization(self) -> str:
        token, left = self._token, self._ends_at - self._elapsed()
        if token is None or left < _USABLE_BEFORE:
            # Shielded: one impatient caller must not cancel the fetch that the others wait for.
            token = await asyncio.shield(self._fetching(_FAIL_FAST))
        elif left < _REFRESH_BEFORE:
            with suppress(TokenUnavailableError):
                self._fetching(_RETRY_AFTER_FAILURE)
        return _header(token)

    def refused(self, authorization: str | None) -> bool:
        if self._token is None or _header(self._token) != authorization:
            return True
        if self._elapsed() < self._dropped_at + _DROP_AGAIN_AFTER:
            return False
        log.warning("A token was refused; another is fetched")
        self._token, self._dropped_at = None, self._elapsed()
        return True

    async def close(self) -> None:
        if self._fetch is not None:
            self._fetch.cancel()
            await asyncio.wait([self._fetch])
        await self._credential.close()

    def _fetching(self, pause: float) -> asyncio.Task[AccessToken]:
        if self._fetch is None:
            if self._elapsed() < self._failed_at + pause:
                raise TokenUnavailableError("failed a moment ago")
            self._fetch = asyncio.create_task(self._get())
            self._fetch.add_done_callback(self._fetched)
        return self._fetch

    async def _get(self) -> AccessToken:
        try:
            async with asyncio.timeout(_FETCH_TIMEOUT):
                return await self._credential.get_token(self._scope)
        except Exception as error:  # azure-identity raises KeyError, ValueError and others for odd answers
            raise TokenUnavailableError(type(error).__name__) from error

    def _fetched(self, fetch: asyncio.Task[AccessToken]) -> None:
        self._fetch = None
        if fetch.cancelled():
            return
        if (error := fetch.exception()) is None:
            self._token = fetch.result()
            self._ends_at = self._elapsed() + self._token.expires_on - self._now()
            return
        self._failed_at = self._elapsed()
        log.warning("No token could be fetched", extra={"reason": str(error)})


class _Uncached:
    """Makes a credential for each fetch: one of azure-identity's own gives the token that it had again, a refused one
    too, until by the wall's clock it has ended."""

    def __init__(self, make: Callable[[], AsyncCredential]) -> None:
        self._make = make

    async def get_token(self, *scopes: str) -> AccessToken:
        credential = self._make()
        try:
            return await credential.get_token(*scopes)
        finally:
            await credential.close()

    async def close(self) -> None:
        return None


def _header(token: AccessToken) -> str:
    return f"Bearer {token.token}"


def secret_credential(
    *,
    tenant: str,
    app_id: str,
    secret: str,
    session: aiohttp.ClientSession,
    authority: str | None = None,
) -> AsyncCredential:
    """The SingleTenant app. An ``authority`` of another cloud (https only) skips instance discovery."""
    known: dict[str, Any] = {"authority": authority, "disable_instance_discovery": True} if authority else {}
    return _Uncached(lambda: ClientSecretCredential(tenant, app_id, secret, **known, **_pipeline(session)))


def identity_credential(*, app_id: str, session: aiohttp.ClientSession) -> AsyncCredential:
    """The UserAssignedMSI app: the host vouches for it and there is no secret."""
    return _Uncached(lambda: ManagedIdentityCredential(client_id=app_id, **_pipeline(session)))


def _pipeline(session: aiohttp.ClientSession) -> dict[str, Any]:
    # One retry: the outbox has its own, and azure-core's default of ten can hold a message for minutes.
    transport = AioHttpTransport(session=session, session_owner=False)
    return {"transport": transport, "retry_total": 1}
