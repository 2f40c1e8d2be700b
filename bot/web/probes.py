"""What machines ask: whether the bot lives, whether it is ready, and its figures."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web.entrance import Entrance, Standing
from bot.web.problems import plain_problem

_TEXT = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP")
_WITHOUT_TOKEN = "Without METRICS_TOKEN the figures are told to programs on this machine only."  # noqa: S105


class Probes:
    """``page`` gives the figures; with a ``token`` only those who have it are told them, else this machine alone."""

    def __init__(
        self, entrance: Entrance, *, page: Callable[[], Awaitable[bytes]], token: str | None
    ) -> None:
        self._entrance = entrance
        self._page = page
        self._token = token

    async def alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(self, _request: web.Request) -> web.Response:
        standing = await self._entrance.standing()
        return web.json_response({"status": standing}, status=200 if standing is Standing.OK else 503)

    async def metrics(self, request: web.Request) -> web.Response:
        if self._token is None and not _from_here(request):
            return plain_problem(403, _WITHOUT_TOKEN)
        if self._token is not None and not _has(self._token, request):
            answer = plain_problem(401)
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        return web.Response(body=await self._page(), headers=_TEXT)


def _has(token: str, request: web.Request) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), token.encode())
    return scheme.lower() == "bearer" and same


def _from_here(request: web.Request) -> bool:
    """A reverse proxy on this machine calls from here too, for others; mostly it says so."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        host = request.url.host or ""
    except ValueError:  # a Host header that is no host
        return False
    return _is_loopback(request.remote or "") and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
