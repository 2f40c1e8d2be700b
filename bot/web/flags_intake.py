"""``POST /api/flags``: a flagged post from another system, signed as Standard Webhooks are.

A message sent again gets the same answer, so a replay within the minutes that it counts makes nothing new.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.cases.flags import FlagProblems, Intake, UnknownChannel, parse_flag
from bot.domain.posts import FlaggedPost
from bot.web.bodies import BODY_SECONDS
from bot.web.problems import ProblemType, problem
from bot.web.signed import Handler, Limits, signed_route
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


def flags_route(
    intake: Intake,
    *,
    secret: str | None,
    clock: Callable[[], datetime],
    local_secret: str | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    body_seconds: float = BODY_SECONDS,
) -> Handler:
    """The handler; see ``signed_route`` for the secrets."""

    async def take(body: bytes, webhook_id: str) -> web.Response:
        flagged = _flagged(body)
        if isinstance(flagged, web.Response):
            return flagged
        return await _bring_in(intake, flagged, webhook_id, clock())

    return signed_route(
        take,
        not_configured=_NOT_CONFIGURED,
        secret=secret,
        local_secret=local_secret,
        limits=Limits(burst=BURST, per_second=PER_SECOND, seconds=body_seconds),
        monotonic=monotonic,
    )


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
