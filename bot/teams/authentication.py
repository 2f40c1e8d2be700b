"""Who is calling: Teams with a token signed for this bot, or in local mode a program on this machine."""

import hashlib
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import jwt

from bot.settings import is_loopback
from bot.teams.keys import KeysUnavailable, SigningKeys
from bot.teams.service_urls import ServiceUrls

log = logging.getLogger(__name__)

LEEWAY = 300
"""Seconds that clocks may differ, as in Microsoft's own libraries."""
_JWT = re.compile(r"[A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]*){2}")
_CACHE_FOR = 300.0
_CACHE_SIZE = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What an activity says of where it comes from, before anything of it is believed."""

    channel: str
    service_url: str
    tenant: str
    remote: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """``status`` is 401 for a caller who is not who they say, 403 for one that is not let in, 503 when
    nobody can tell now; ``why`` is a code for the log, never for the caller."""

    status: int
    why: str


class Authenticator(Protocol):
    def glance(self, authorization: str | None) -> Rejected | None:
        """By the header's form alone, before anything of the body is read."""
        ...

    async def check(self, authorization: str | None, caller: Caller) -> Rejected | None: ...


class TeamsAuthenticator:
    """Checks the token's signature, issuer, audience, age, channel and service address, and the tenant."""

    def __init__(
        self,
        *,
        app_id: str,
        tenant: str,
        issuer: str,
        keys: SigningKeys,
        service_urls: ServiceUrls,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app_id = app_id
        self._tenant = tenant
        self._issuer = issuer
        self._keys = keys
        self._service_urls = service_urls
        self._now = now
        self._verified: OrderedDict[tuple[bytes, str, str], float] = OrderedDict()

    def glance(self, authorization: str | None) -> Rejected | None:
        token = _token(authorization)
        if not token:
            return Rejected(status=401, why="no_token")
        # Bytes that are no UTF-8 arrive as surrogates, which cannot even be hashed.
        return None if _JWT.fullmatch(token) else Rejected(status=401, why="not_a_token")

    async def check(self, authorization: str | None, caller: Caller) -> Rejected | None:
        rejected, token = self.glance(authorization), _token(authorization)
        if rejected is not None:
            return rejected
        known = (hashlib.sha256(token.encode()).digest(), caller.channel, caller.service_url)
        if self._verified.get(known, 0.0) <= self._now():
            rejected = await self._verify(token, caller, known)
            if rejected is not None:
                return rejected
        return None if caller.tenant.lower() == self._tenant else Rejected(status=403, why="tenant")

    def _let_in(self, caller: Caller) -> Rejected | None:
        """Asked once for what is remembered: channel and address are part of what it is remembered under."""
        if caller.channel != "msteams":
            return Rejected(status=403, why="channel")
        if not self._service_urls.allows(caller.service_url):
            return Rejected(status=403, why="service_url")
        return None

    async def _verify(self, token: str, caller: Caller, known: tuple[bytes, str, str]) -> Rejected | None:
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            key = await self._keys.get(kid) if isinstance(kid, str) else None
        except (jwt.PyJWTError, ValueError):
            return Rejected(status=401, why="not_a_token")
        except KeysUnavailable:
            return Rejected(status=503, why="keys_unavailable")
        if key is None:
            return Rejected(status=401, why="unknown_key")
        if key.endorsements and caller.channel not in key.endorsements:
            return Rejected(status=401, why="not_endorsed")
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            return Rejected(status=401, why=type(error).__name__)
        if claims.get("serviceurl") != caller.service_url:
            return Rejected(status=401, why="service_url_claim")
        rejected = self._let_in(caller)
        if rejected is None:
            self._remember(known, float(claims["exp"]) + LEEWAY)
        return rejected

    def _remember(self, known: tuple[bytes, str, str], expires: float) -> None:
        self._verified[known] = min(expires, self._now() + _CACHE_FOR)
        self._verified.move_to_end(known)
        while len(self._verified) > _CACHE_SIZE:
            self._verified.popitem(last=False)


def _token(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


class LocalAuthenticator:
    """Local mode: no tokens, and therefore only programs on this machine, and answers only to this machine.

    The ``Host`` header must name loopback too, or a web page could reach the bot through a name of its own.
    """

    def __init__(self, service_urls: ServiceUrls) -> None:
        self._service_urls = service_urls

    def glance(self, authorization: str | None) -> Rejected | None:
        return None

    async def check(self, authorization: str | None, caller: Caller) -> Rejected | None:
        if not is_loopback(caller.remote) or not is_loopback(_name(caller.host)):
            return Rejected(status=403, why="not_local")
        if caller.channel != "msteams":
            return Rejected(status=403, why="channel")
        if not self._service_urls.allows(caller.service_url):
            return Rejected(status=403, why="service_url")
        return None


def _name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
