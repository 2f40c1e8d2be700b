"""``POST /api/screenshots``: a channel's screenshot from a system that takes them, signed as flags are.

The picture comes in base64, since what is signed is text. A message sent again, and the same picture in another
message, get the answer that the first one got.
"""

import base64
import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from bot.cases.flags import FieldProblem
from bot.domain.pictures import LARGEST, HandedIn, PictureType, picture_type
from bot.web.problems import ProblemType, problem
from bot.web.signed import Handler, Limits, signed_route
from storage.store import StoreUnsure, StoreUnwritable

log = logging.getLogger(__name__)
LARGEST_BODY = LARGEST * 4 // 3 + 4096
"""The picture in base64, and the fields beside it."""
_LIMITS = Limits(burst=100, per_second=2, largest=LARGEST_BODY, at_once=8)
"""Eight bodies at once are some 110 MB; a municipality's hundred channels fit into one burst."""
_NOT_CONFIGURED = "No FLAGS_SECRET is set, so no screenshots are taken in here."
_UNREADABLE = "The body is not a JSON object in UTF-8."
_UNWRITABLE = "The record cannot be written now, and this screenshot is not in it. Send it again later."
_UNSURE = "The record was lost while it was written, and this screenshot may be in it. Send it again: it counts once."
_NO_CHANNEL = "There is no such channel in the register, or it owes no screenshot."


@dataclass(frozen=True, slots=True, kw_only=True)
class SentPicture:
    channel: str
    name: str
    kind: PictureType
    data: bytes


class Taking(Protocol):
    async def hand_in(
        self, channel: str, data: bytes, name: str, kind: PictureType, *, key: str
    ) -> HandedIn | None:
        """None for a channel that owes none; ``key`` identifies the message."""
        ...


def screenshots_route(
    taking: Taking,
    *,
    secret: str | None,
    local_secret: str | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Handler:
    async def take(body: bytes, webhook_id: str) -> web.Response:
        sent = _sent(body)
        if isinstance(sent, web.Response):
            return sent
        return await _hand_in(taking, sent, webhook_id)

    return signed_route(
        take,
        not_configured=_NOT_CONFIGURED,
        secret=secret,
        local_secret=local_secret,
        limits=_LIMITS,
        monotonic=monotonic,
    )


async def _hand_in(taking: Taking, sent: SentPicture, webhook_id: str) -> web.Response:
    key = "screenshot:" + hashlib.sha256(webhook_id.encode()).hexdigest()
    try:
        done = await taking.hand_in(sent.channel, sent.data, sent.name, sent.kind, key=key)
    except StoreUnwritable as error:
        log.exception("a screenshot was refused, the store cannot be written")
        told = _UNSURE if isinstance(error, StoreUnsure) else _UNWRITABLE
        return problem(ProblemType.UNWRITABLE, told, retry_after=60)
    if done is None:
        return problem(ProblemType.UNKNOWN_CHANNEL, _NO_CHANNEL)
    due = done.due.isoformat() if done.due else None
    return web.json_response({"duty": done.duty, "sha256": done.sha256, "due": due}, status=202)


def _sent(body: bytes) -> SentPicture | web.Response:
    try:
        doc = json.loads(body)
    except (ValueError, RecursionError):
        doc = None
    if not isinstance(doc, dict):
        return problem(ProblemType.UNREADABLE, _UNREADABLE)
    channel, name, picture = doc.get("channel"), doc.get("name"), doc.get("picture")
    problems = []
    if not isinstance(channel, str) or not 0 < len(channel) <= 100:
        problems.append(FieldProblem(field="channel", problem="must be the id of a channel"))
    if not isinstance(name, str) or not 0 < len(name) <= 200 or not name.isprintable():
        problems.append(FieldProblem(field="name", problem="must be a file name of 1 to 200 characters"))
    data = _decoded(picture)
    kind = picture_type(data)
    if kind is None:
        problems.append(FieldProblem(field="picture", problem="must be a PNG, JPEG or WebP in base64"))
    if len(data) > LARGEST:
        return problem(ProblemType.TOO_LARGE, f"The picture has at most {LARGEST} bytes.")
    if problems or kind is None:
        return problem(ProblemType.FIELDS, "Some fields are missing or wrong.", errors=problems)
    return SentPicture(channel=str(channel), name=str(name), kind=kind, data=data)


def _decoded(picture: object) -> bytes:
    """Empty for what is no base64, which is no picture either."""
    try:
        return base64.b64decode(picture, validate=True) if isinstance(picture, str) else b""
    except ValueError:
        return b""
