"""What every answer carries, and plain problem details where aiohttp would answer in its own words."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web.problems import problem

log = logging.getLogger(__name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_KNOWN = frozenset({400, 404, 405, 413, 415})


@web.middleware
async def guarded(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Security headers on everything, and no stack trace to anybody."""
    try:
        answer = await handler(request)
    except web.HTTPException as error:
        status = error.status if error.status in _KNOWN else 500
        answer = problem(status, error.reason)
    except Exception:
        log.exception("a request failed", extra={"path": request.path})
        answer = problem(500, "The fault is on record. Try again, or tell those who run the bot.")
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer
