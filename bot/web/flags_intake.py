"""``POST /api/flags``: a flagged post from another system, signed as Standard Webhooks are."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

from bot.flags import FlagProblems, Intake, UnknownChannel, parse_flag
from bot.web.problems import problem
from storage.store import StoreUnwritable

log = logging.getLogger(__name__)
MAX_BODY = 1 << 20
_NO_SECRET = "No FLAGS_SECRET is set, so no flags are taken in here."
Handler = Callable[[web.Request], Awaitable[web.Response]]


def flags_route(
    intake: Intake, *, secret: str | None, clock: Callable[[], datetime], local_secret: str | None = None
) -> Handler:
    """The handler. Without a ``secret`` nobody can prove who they are and every call is answered 503, but for
    those signed with ``local_secret``, which never leaves the machine."""
    key = secret or local_secret
    webhook = Webhook(key) if key else None

    async def receive(request: web.Request) -> web.Response:
        if webhook is None:
            return problem(503, _NO_SECRET)
        body = await _body(request)
        if isinstance(body, web.Response):
            return body
        try:
            webhook.verify(body, {name.lower(): value for name, value in request.headers.items()})
        except WebhookVerificationError:
            if not secret:
                return problem(503, _NO_SECRET)
            return problem(401, "The signature, its time or the webhook-id is missing or wrong.")
        except ValueError:
            return problem(400, "The body is not JSON.")
        return await _bring_in(intake, body, request.headers["webhook-id"], clock)

    return receive


async def _body(request: web.Request) -> bytes | web.Response:
    if request.content_type != "application/json":
        return problem(415, "The body is application/json.")
    if (request.content_length or 0) > MAX_BODY:
        return problem(413, f"The body is at most {MAX_BODY} bytes.")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            return problem(413, f"The body is at most {MAX_BODY} bytes.")
    return bytes(body)


async def _bring_in(
    intake: Intake, body: bytes, webhook_id: str, clock: Callable[[], datetime]
) -> web.Response:
    try:
        flagged = parse_flag(body)
    except ValueError:
        return problem(400, "The body is not JSON in UTF-8.")
    if isinstance(flagged, FlagProblems):
        return problem(422, "Some fields are missing or wrong.", errors=flagged.problems)
    key = "webhook:" + hashlib.sha256(webhook_id.encode("utf-8", "replace")).hexdigest()
    try:
        done = await intake.bring_in(flagged, keys=(key,), by="webhook", at=clock())
    except StoreUnwritable:
        log.exception("a flag was refused, the store cannot be written")
        return problem(
            503, "The record cannot be written now. Nothing was lost: send it again.", retry_after=60
        )
    if isinstance(done, UnknownChannel):
        return problem(404, "There is no such channel in the organisation file.")
    return web.json_response({"case": done.case}, status=202)
