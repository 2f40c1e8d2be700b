"""What every answer carries, and plain problem details where aiohttp would answer in its own words."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.web.problems import ProblemType, plain_problem, problem
from storage.store import StoreUnwritable

log = logging.getLogger(__name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Server": "riktlinjebot",  # aiohttp would tell its version and Python's
}
_LAST = frozenset({413, 415})
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
_GONE = "The record does not answer now. Nothing is wrong with the address; ask again later."
_AGAIN = 60
"""Seconds: a database that changes over is back by then."""
_FAULT = "The fault is on record. Try again, or tell those who run the bot."


@web.middleware
async def guarded(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """No stack trace to anybody."""
    try:
        answer = await handler(request)
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        answer = _in_plain_words(refusal)
    except web.RequestPayloadError:  # a body that isn't sent as its headers say
        answer = plain_problem(400)
    except StoreUnwritable as error:
        log.warning(
            "The record does not answer",
            extra={"route": _pattern(request), "why": type(error.__cause__).__name__},
        )
        answer = problem(ProblemType.NO_RECORD, _GONE, retry_after=_AGAIN)
    except Exception:
        log.exception("a request failed", extra={"route": _pattern(request)})
        answer = plain_problem(500, _FAULT)
    if answer.status in _LAST or (answer.status >= 400 and not request.content.is_eof()):
        answer.force_close()  # what is still being sent would be taken for the next request, or read for nothing
    return answer


async def add_headers(_: web.Request, answer: web.StreamResponse) -> None:
    """On everything: aiohttp asks for it as an answer leaves, also for one that no handler has given."""
    framed = "frame-ancestors" in answer.headers.get("Content-Security-Policy", "")
    for name, value in HEADERS.items():
        if not (framed and name == "X-Frame-Options"):  # a page that says itself who may frame it
            answer.headers.setdefault(name, value)
    answer.headers["Server"] = HEADERS["Server"]  # aiohttp has put its own there by now


def _pattern(request: web.Request) -> str:
    """Of the route, never the address itself: a signed link opens a file for whoever reads it in the log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""


def _in_plain_words(refusal: web.HTTPException) -> web.Response:
    answer = plain_problem(refusal.status, _FAULT if refusal.status >= 500 else None)
    for name in _KEPT:
        if name in refusal.headers:
            answer.headers[name] = refusal.headers[name]
    return answer
