"""``POST /api/flags``: a flagged post from another system, signed as Standard Webhooks are.

A message counts for five minutes before and after its time. Sent again it gets the same answer, so a replay
within those minutes makes nothing new. Calls are limited twice: by the address they come from, before anything
is read, and by the secret that signed them, so that nobody without it uses up the room of those who have it.
"""

import hashlib
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bot.domain.posts import FlaggedPost
from bot.flags import FlagProblems, Intake, UnknownChannel, parse_flag
from bot.web.bodies import BODY_SECONDS, MAX_BODY, read_body
from bot.web.limiting import TokenBuckets
from bot.web.problems import ProblemType, problem
from storage.store import StoreUnsure, StoreUnwritable

log = logging.getLogger(__name__)
BURST, PER_SECOND = 200, 20
"""Calls at once and calls a second after that; a screening service's busiest minute stays well below."""
_NOT_CONFIGURED = "No FLAGS_SECRET is set, so no flags are taken in here."
_UNREADABLE = "The body is not JSON in UTF-8."
_UNWRITABLE = "The record cannot be written now, and this flag is not in it. Send it again later."
_UNSURE = (
    "The record was lost while it was written, and this flag may be in it. Send it again: it counts once."
)
Handler = Callable[[web.Request], Awaitable[web.Response]]


def flags_route(
    intake: Intake,
    *,
    secret: str | None,
    clock: Callable[[], datetime],
    local_secret: str | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    body_seconds: float = BODY_SECONDS,
) -> Handler:
    """The handler. Without a ``secret`` nobody can prove who they are and every call is answered 503, but for
    those signed with ``local_secret``, which never leaves the machine."""
    key = secret or local_secret
    webhook = Webhook(key) if key else None
    by_remote = TokenBuckets(burst=BURST, per_second=PER_SECOND, now=monotonic)
    by_secret = TokenBuckets(burst=BURST, per_second=PER_SECOND, now=monotonic)

    async def receive(request: web.Request) -> web.Response:
        if webhook is None:
            return problem(ProblemType.NOT_CONFIGURED, _NOT_CONFIGURED)
        if wait := by_remote.take(request.remote or ""):
            return _too_many(wait)
        body = await _body(request, body_seconds)
        if isinstance(body, web.Response):
            return body
        signed = _signed(webhook, body, request)
        if signed is None:
            return problem(ProblemType.UNREADABLE, _UNREADABLE)
        if not signed:
            if not secret:
                return problem(ProblemType.NOT_CONFIGURED, _NOT_CONFIGURED)
            told = "The signature, its time or the webhook-id is missing or wrong."
            return problem(ProblemType.SIGNATURE, told)
        if wait := by_secret.take("the one"):
            return _too_many(wait)
        flagged = _flagged(body)
        if isinstance(flagged, web.Response):
            return flagged
        return await _bring_in(intake, flagged, request.headers["webhook-id"], clock())

    return receive


def _too_many(wait: int) -> web.Response:
    told = f"At most {BURST} calls at once and {PER_SECOND} a second. Send this one again after the wait."
    return problem(ProblemType.TOO_MANY, told, retry_after=wait)


async def _body(request: web.Request, seconds: float) -> bytes | web.Response:
    if request.content_type != "application/json":
        return problem(ProblemType.NOT_JSON, "The body must be application/json.")
    body = await read_body(request, seconds=seconds)
    if body is None:
        return problem(ProblemType.TOO_LARGE, f"The body has at most {MAX_BODY} bytes.")
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


def _flagged(body: bytes) -> FlaggedPost | web.Response:
    try:
        flagged = parse_flag(body)
    except ValueError:
        return problem(ProblemType.UNREADABLE, _UNREADABLE)
    if isinstance(flagged, FlagProblems):
        return problem(ProblemType.FIELDS, "Some fields are missing or wrong.", errors=flagged.problems)
    return flagged


async def _bring_in(intake: Intake, flagged: FlaggedPost, webhook_id: str, at: datetime) -> web.Response:
    key = "webhook:" + hashlib.sha256(webhook_id.encode()).hexdigest()
    try:
        done = await intake.bring_in(flagged, keys=(key,), by="webhook", at=at)
    except StoreUnwritable as error:
        log.exception("a flag was refused, the store cannot be written")
        told = _UNSURE if isinstance(error, StoreUnsure) else _UNWRITABLE
        return problem(ProblemType.UNWRITABLE, told, retry_after=60)
    if isinstance(done, UnknownChannel):
        told = "There is no such channel in the organisation file."
        return problem(ProblemType.UNKNOWN_CHANNEL, told)
    if flagged.replaced:
        log.warning(
            "characters that no text can hold were replaced",
            extra={"case": done.case, "count": flagged.replaced},
        )
    return web.json_response({"case": done.case}, status=202)
