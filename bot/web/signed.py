"""Calls from other systems, signed as Standard Webhooks are.

A message counts for five minutes before and after its time. Calls are limited twice: by the address they come from,
before anything is read, and by the secret that signed them, so that nobody without it uses up the room of those who
have it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bot.web.bodies import BODY_SECONDS, MAX_BODY, read_body
from bot.web.limiting import TokenBuckets
from bot.web.problems import ProblemType, problem

_UNREADABLE = "The body is not JSON in UTF-8."
Handler = Callable[[web.Request], Awaitable[web.Response]]
Signed = Callable[[bytes, str], Awaitable[web.Response]]
"""Takes the body and the message's id, once the signature holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """``burst`` calls at once and ``per_second`` after that, each body up to ``largest`` bytes and read within
    ``seconds``; ``at_once`` bodies are read at the same time."""

    burst: int = 200
    per_second: float = 20
    largest: int = MAX_BODY
    seconds: float = BODY_SECONDS
    at_once: int = 1000


def signed_route(
    take: Signed,
    *,
    not_configured: str,
    secret: str | None,
    local_secret: str | None = None,
    limits: Limits,
    monotonic: Callable[[], float] = time.monotonic,
) -> Handler:
    """The handler. Without a ``secret`` nobody can prove who they are and every call is answered 503, but for
    those signed with ``local_secret``, which never leaves the machine."""
    key = secret or local_secret
    webhook = Webhook(key) if key else None
    by_remote = TokenBuckets(burst=limits.burst, per_second=limits.per_second, now=monotonic)
    by_secret = TokenBuckets(burst=limits.burst, per_second=limits.per_second, now=monotonic)
    reading = asyncio.Semaphore(limits.at_once)

    async def receive(request: web.Request) -> web.Response:
        if webhook is None:
            return problem(ProblemType.NOT_CONFIGURED, not_configured)
        if wait := by_remote.take(request.remote or ""):
            return _too_many(wait, limits)
        async with reading:
            body = await _body(request, limits)
        if isinstance(body, web.Response):
            return body
        signed = _signed(webhook, body, request)
        if signed is None:
            return problem(ProblemType.UNREADABLE, _UNREADABLE)
        if not signed:
            if not secret:
                return problem(ProblemType.NOT_CONFIGURED, not_configured)
            told = "The signature, its time or the webhook-id is missing or wrong."
            return problem(ProblemType.SIGNATURE, told)
        if wait := by_secret.take("the one"):
            return _too_many(wait, limits)
        return await take(body, request.headers["webhook-id"])

    return receive


def _too_many(wait: int, limits: Limits) -> web.Response:
    told = (
        f"At most {limits.burst} calls at once and {limits.per_second:g} a second. "
        "Send this one again after the wait."
    )
    return problem(ProblemType.TOO_MANY, told, retry_after=wait)


async def _body(request: web.Request, limits: Limits) -> bytes | web.Response:
    if request.content_type != "application/json":
        return problem(ProblemType.NOT_JSON, "The body must be application/json.")
    body = await read_body(request, seconds=limits.seconds, largest=limits.largest)
    if body is None:
        return problem(ProblemType.TOO_LARGE, f"The body has at most {limits.largest} bytes.")
    return body


def _signed(webhook: Webhook, body: bytes, request: web.Request) -> bool | None:
    """None when the body is no text to sign. For a signature that isn't base64 the library raises ValueError."""
    try:
        webhook.verify(body, dict(request.headers), json_parse=False)
    except UnicodeDecodeError:
        return None
    except (WebhookVerificationError, ValueError):
        return False
    return True
