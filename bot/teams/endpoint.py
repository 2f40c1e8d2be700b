"""``POST /api/messages``: authenticated, read, handled once however often it is delivered, answered."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from aiohttp import web

from bot.teams.activities import BadActivity, Incoming, read_activity, read_caller
from bot.teams.adapter import Dispatch, TurnAdapter, card_error
from bot.teams.ai_label import ai_label
from bot.teams.authentication import Authenticator, Rejected
from bot.teams.connector import PASSING, TOKEN_UNAVAILABLE, ConnectorError
from bot.teams.repeats import Repeats
from bot.turns import (
    Address,
    CardAction,
    CardReply,
    FileReply,
    Installed,
    Nothing,
    Removed,
    Reply,
    Sender,
    TextReply,
    TurnHandler,
)
from bot.web.bodies import BODY_SECONDS, read_body
from storage.json_form import from_json, to_json
from storage.store import StoreUnwritable

log = logging.getLogger(__name__)

_FILE = "application/vnd.microsoft.teams.card.file.info"
_TRIES = 3
_LONGEST_WAIT = 3.0

Json = dict[str, Any]


class Replier(Protocol):
    """The part of the connector that answers need."""

    async def reply(
        self, service_url: str, conversation: str, to_activity: str, activity: Json
    ) -> str | None: ...


class OnSeen(Protocol):
    """``at`` is when Teams sent the activity, ``came`` that it tells of an installation. False: of one that was
    undone since."""

    def __call__(
        self, sender: Sender, address: Address, *, at: datetime | None = None, came: bool = False
    ) -> Awaitable[bool]: ...


class OnRemoved(Protocol):
    """False: of a removal that was undone since."""

    def __call__(
        self, sender: Sender, address: Address, *, at: datetime | None = None
    ) -> Awaitable[bool]: ...


class Claims(Protocol):
    """The part of the store that tells what other instances have done: answered the same message, or destroyed what a
    kept answer may still show."""

    async def claim(self, what: str) -> bool: ...

    async def unclaim(self, what: str) -> None: ...

    async def count(self, table: str) -> int: ...


class OnShown(Protocol):
    """Told of each card shown in answer, so that it can be updated later; None is a card that never changes."""

    def __call__(
        self, copy_of: str | None, sender: Sender, address: Address, activity: str
    ) -> Coroutine[Any, Any, None]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An HTTP answer that can be given again, unless it is a ``fault``: Teams tells an invoke's in a 200. ``body`` is
    JSON as it goes out, a fifth of what the card takes as objects: many are kept at a time."""

    status: int
    body: bytes | None = None
    fault: bool = False


class MessagesEndpoint:
    """The handler of the route. ``on_seen`` is awaited, and so durable, before anything else is done.
    A store that is gone is the handler's to tell, in words."""

    def __init__(
        self,
        *,
        handler: TurnHandler,
        adapter: TurnAdapter,
        authenticator: Authenticator,
        connector: Replier,
        claims: Claims,
        on_seen: OnSeen,
        on_removed: OnRemoved,
        on_shown: OnShown,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._handler = handler
        self._authenticator = authenticator
        self._connector = connector
        self._claims = claims
        self._on_seen = on_seen
        self._on_removed = on_removed
        self._on_shown = on_shown
        self._body_seconds = body_seconds
        self._adapter = adapter
        self._dispatch = Dispatch(handler)
        self._repeats = Repeats[Answered](lambda answered: not answered.fault and answered.status < 500)
        self._destroyed: int | None = 0
        self._to_note: list[Coroutine[Any, Any, None]] = []
        self._noting: set[asyncio.Task[None]] = set()

    async def receive(self, request: web.Request) -> web.Response:
        authorization = request.headers.get("Authorization")
        rejected = self._authenticator.glance(authorization)
        if rejected is not None:
            return _turned_away(rejected)
        raw = await _json(request, self._body_seconds)
        if isinstance(raw, web.Response):
            return raw
        try:
            caller = read_caller(raw, remote=request.remote or "", host=request.host)
            rejected = await self._authenticator.check(authorization, caller)
            if rejected is not None:
                return _turned_away(rejected)
            incoming = read_activity(raw)
        except BadActivity as error:
            return _error(400, "BadRequest", str(error))
        answered = await self._once(incoming)
        self._note_what_was_shown()
        if answered.body is None:
            return web.Response(status=answered.status)
        return _json_response(answered.body, answered.status)

    def forget_answers(self) -> None:
        """Something that posts said is destroyed: kept answers that may show it are not given again. The record knows
        what was carried out. An answer that went out as a message of its own is empty here, and stays."""
        self._repeats.forget(lambda answered: answered.body is not None)

    async def _once(self, incoming: Incoming) -> Answered:
        if not incoming.id:
            return await self._answer(incoming)
        key = (incoming.address.conversation, incoming.id, incoming.sender.object_id)
        if self._repeats.knows(key):
            await self._forget_what_is_destroyed()
        return await self._repeats.once(key, lambda: self._answer(incoming))

    async def _forget_what_is_destroyed(self) -> None:
        """By whichever instance: asked of the store for each repeat, since another one tells nobody here. What is
        forgotten in vain, after a start or while the store can't be asked, is answered anew from the record."""
        try:
            destroyed = await self._claims.count("destroyed")
        except StoreUnwritable:
            destroyed = None
        if destroyed is None or destroyed != self._destroyed:
            self.forget_answers()
        self._destroyed = destroyed

    async def _answer(self, incoming: Incoming) -> Answered:
        try:
            if not await self._note_where(incoming):
                return Answered(status=200)
            outcome = await self._adapter.run(incoming, self._dispatch)
        except Exception:
            log.exception("A turn failed", extra={"activity": incoming.id, "kind": incoming.kind})
            return self._failed(incoming)
        if incoming.kind == "invoke":
            invoke = outcome.invoke
            self._shown(incoming, outcome.reply)
            if isinstance(outcome.reply, FileReply):  # an invoke's own answer can't show a file
                await self._send(incoming, outcome.reply)
            return _answered(invoke.status, invoke.body) if invoke else Answered(status=501)
        return await self._send(incoming, outcome.reply)

    async def _note_where(self, incoming: Incoming) -> bool:
        """False for a coming or going that came too late to be true any more."""
        sender, address, at = incoming.sender, incoming.address, incoming.at
        try:
            if isinstance(incoming.turn, Removed):
                return await self._on_removed(sender, address, at=at)
            return await self._on_seen(sender, address, at=at, came=isinstance(incoming.turn, Installed))
        except StoreUnwritable:
            log.warning("Where a person is could not be kept", extra={"activity": incoming.id})
            return True

    def _shown(self, incoming: Incoming, reply: Reply) -> None:
        turn = incoming.turn
        if isinstance(turn, CardAction) and isinstance(reply, CardReply) and turn.card:
            self._to_note.append(self._on_shown(reply.copy_of, incoming.sender, incoming.address, turn.card))

    def _note_what_was_shown(self) -> None:
        """Begun by the step that sends the answer, and so run after it: the person does not wait for the
        bookkeeping of where the card now is, and a disk that refuses it does not have the answer sent again."""
        while self._to_note:
            task = asyncio.ensure_future(self._to_note.pop())
            self._noting.add(task)
            task.add_done_callback(self._noted)

    def _noted(self, task: "asyncio.Task[None]") -> None:
        self._noting.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.warning("Where a card is could not be kept", exc_info=task.exception())

    def _failed(self, incoming: Incoming) -> Answered:
        if incoming.kind != "invoke" or incoming.turn is None:
            return _answered(500, {"error": {"code": "InternalError"}})
        message = self._handler.failure(incoming.turn)
        return Answered(status=200, body=to_json(card_error(500, "InternalError", message)), fault=True)

    async def _send(self, incoming: Incoming, reply: Reply) -> Answered:
        activity = _activity(incoming, reply)
        if incoming.expects_replies:
            return _answered(200, {"activities": [activity] if activity else []})
        if activity is None:
            return Answered(status=200)
        if not await self._claimed(incoming):
            log.info("Another instance answers", extra={"activity": incoming.id})
            return Answered(status=200)
        sent = await self._delivered(incoming, activity)
        if isinstance(sent, Answered):
            if sent.status >= 500:
                await self._give_back(incoming)
            return sent
        if isinstance(reply, CardReply) and reply.copy_of and sent:
            self._to_note.append(self._on_shown(reply.copy_of, incoming.sender, incoming.address, sent))
        return Answered(status=200)

    async def _claimed(self, incoming: Incoming) -> bool:
        """Just before the answer leaves, so that an instance that dies earlier leaves the repeat to another. A store
        that is gone was told to the person in that very answer."""
        if not incoming.id:
            return True
        try:
            return await self._claims.claim(_claim(incoming))
        except StoreUnwritable:
            return True

    async def _give_back(self, incoming: Incoming) -> None:
        with suppress(StoreUnwritable):
            await self._claims.unclaim(_claim(incoming))

    async def _delivered(self, incoming: Incoming, activity: Json) -> str | Answered | None:
        """A few quick tries while the person waits, but none after one that may have arrived: the person can ask
        again, and would else have the same answer several times over."""
        address = incoming.address
        for left in reversed(range(_TRIES)):
            try:
                return await self._connector.reply(
                    address.service_url, address.conversation, incoming.id, activity
                )
            except ConnectorError as error:
                if error.code == TOKEN_UNAVAILABLE:
                    log.warning("An answer could not be sent: no token", extra={"activity": incoming.id})
                    return Answered(status=502)
                wait = error.retry_after or 0.5
                passing = error.status in PASSING and not error.doubtful
                if not passing or not left or wait > _LONGEST_WAIT:
                    log.warning(
                        "An answer could not be sent",
                        extra={"activity": incoming.id, "status": error.status, "code": error.code},
                    )
                    return Answered(status=200)
                await asyncio.sleep(wait)
        raise AssertionError("the last try returns")


def _answered(status: int, body: Json | None) -> Answered:
    return Answered(status=status, body=None if body is None else to_json(body))


def _claim(incoming: Incoming) -> str:
    return f"answer\0{incoming.address.conversation}\0{incoming.id}\0{incoming.sender.object_id}"


def _activity(incoming: Incoming, reply: Reply) -> Json | None:
    """A card goes alone: with text beside it Teams splits the message and tells no id to update it by."""
    match reply:
        case Nothing():
            return None
        case TextReply():
            said: Json = {"text": reply.text, "textFormat": "plain"}
        case FileReply():
            content = {"uniqueId": reply.unique_id, "fileType": reply.file_type}
            file = {"contentType": _FILE, "contentUrl": reply.url, "name": reply.name, "content": content}
            said = {"attachments": [file]}
        case CardReply():
            card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": reply.card}
            said = {"attachments": [card], "summary": reply.summary}
            if reply.cites:
                said["entities"] = [ai_label(reply.cites)]
    address = incoming.address
    return {
        "type": "message",
        "from": {"id": address.bot},
        "recipient": {"id": incoming.sender.user},
        "conversation": {"id": address.conversation, "tenantId": address.tenant},
        "replyToId": incoming.id,
        **said,
    }


def _turned_away(rejected: Rejected) -> web.Response:
    log.warning("A caller was turned away", extra={"why": rejected.why})
    return _error(rejected.status, "Unauthorized" if rejected.status == 401 else "Forbidden")


async def _json(request: web.Request, seconds: float) -> Any:
    if not request.headers.get("Content-Type"):
        return _error(400, "BadRequest", "Content-Type is missing")
    if request.content_type != "application/json":
        return _error(415, "UnsupportedMediaType")
    body = await read_body(request, seconds=seconds)
    if body is None:
        return _error(413, "TooLarge")
    try:
        return from_json(body)
    except (ValueError, RecursionError):
        return _error(400, "BadRequest", "the body is not JSON")


def _json_response(body: bytes, status: int) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def _error(status: int, code: str, message: str = "") -> web.Response:
    error = {"code": code, "message": message} if message else {"code": code}
    return _json_response(to_json({"error": error}), status)
