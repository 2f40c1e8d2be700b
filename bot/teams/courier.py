"""One attempt to bring one message to its recipient, and what became of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.deliveries import ADAPTIVE, Rendered, Renderer, Update
from bot.teams.addresses import AddressBook, Destination, thread_of
from bot.teams.connector import PASSING, SERVICE_URL_REFUSED, TOKEN_UNAVAILABLE, Connector, ConnectorError
from bot.teams.copies import SentCard
from bot.teams.gate import Gate
from bot.teams.ledger import Ledger
from storage.store import Message

Json = dict[str, Any]

_RETRIED_CODE = "InvalidBotApiHost"
_UNREACHABLE = frozenset({403, 404})
_TOO_LARGE = 413
_WRONG = frozenset({400, _TOO_LARGE})
"""This very message is, and would be each time. Every other refusal tells of the service, not of message or person:
it is tried again for as long as Teams is out of order, and where it may have arrived it says so."""

_PATIENCE = 2.0
"""Seconds that a message waits here for its conversation's quota; for longer it goes back to the outbox."""
_AFTER_FAULT = 60.0
NOT_HERE_YET = "unknown_address"
"""Why nothing reaches somebody who has never been seen."""
_REPEATS = 1
"""How often a message whose answer was lost is sent again."""

_Shown = TypeVar("_Shown", Rendered, Update)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """It arrived. ``updated``: as an update of a card that was there; ``before``: found to have arrived earlier."""

    at: datetime
    updated: bool = False
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingToSend:
    """What it was about is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """It did not arrive, for certain unless ``doubtful``; try again after so many seconds, or when back-off says so.
    ``fault``: it may be this message's alone, and its recipient's others need not wait."""

    why: str
    after: float | None = None
    fault: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsure:
    """It may have arrived: the answer was lost."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undeliverable:
    """It will not arrive this way. ``unreachable``: because of the recipient, not of the message."""

    why: str
    unreachable: bool


Outcome = Brought | NothingToSend | Later | Unsure | Undeliverable


class Bring(Protocol):
    """One attempt at one message."""

    async def __call__(self, message: Message, *, lost: int) -> Outcome: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    conversation: str
    there: Destination


class Courier:
    def __init__(
        self,
        *,
        connector: Connector,
        addresses: AddressBook,
        renderer: Renderer,
        ledger: Ledger,
        gate: Gate,
        clock: Callable[[], datetime],
    ) -> None:
        self._connector = connector
        self._addresses = addresses
        self._renderer = renderer
        self._ledger = ledger
        self._gate = gate
        self._clock = clock

    async def bring(self, message: Message, *, lost: int) -> Outcome:
        """``lost`` earlier attempts ended nobody knows how. An exception means that this one did, too."""
        try:
            shown = await self._shown(message, lost)
        except Exception:
            log.exception("A message could not be rendered", extra={"message_id": message.id})
            return Later(why="render", after=_AFTER_FAULT, fault=True)
        match shown:
            case Rendered():
                return await self._bring_new(message, shown, lost)
            case Update(copy_of=copy_of):
                cards = await self._ledger.cards(copy_of, message.to)
                return await self._bring_update(message, shown, cards, lost) if cards else NothingToSend()
            case None:
                return NothingToSend()

    async def _shown(self, message: Message, lost: int) -> Rendered | Update | None:
        shown = await self._renderer.render(message, repeated=lost > 0)
        if lost and isinstance(shown, Update):  # the same update twice is no repetition to anybody
            return await self._renderer.render(message, repeated=False)
        return shown

    async def _bring_new(self, message: Message, shown: Rendered, lost: int) -> Outcome:
        if lost and shown.copy_of is not None:
            cards = await self._ledger.cards(shown.copy_of, message.to)
            if any(card.message == message.id for card in cards):
                return Brought(at=self._clock(), before=True)
        if lost > _REPEATS:
            return Undeliverable(why="answer_lost", unreachable=False)
        place = await self._ready_place(message.to)
        return await self._send(message, shown, place) if isinstance(place, _Place) else place

    async def _bring_update(
        self, message: Message, shown: Update, cards: list[SentCard], lost: int
    ) -> Outcome:
        """All copies show the same; what becomes of the newest is what became of the message."""
        place = await self._ready_place(message.to)
        if not isinstance(place, _Place):
            return place
        for older in cards[1:]:
            await self._update_older(message, shown, older, place)
        return await self._update(message, shown, cards[0], place, lost)

    async def _update_older(self, message: Message, shown: Update, card: SentCard, place: _Place) -> None:
        """Nobody is kept waiting for a copy further up: one that can't be updated still refuses a stale click."""
        try:
            async with self._gate.call(thread_of(card.conversation), place.there.tenant):
                await self._connector.update(
                    place.there.service_url, card.conversation, card.activity, _activity(shown, place)
                )
        except ConnectorError as error:
            log.info("An older copy was not updated", extra={"message_id": message.id, "code": error.code})
            if error.status == 404:
                await self._ledger.lost_card(shown.copy_of, message.to, card)

    async def _ready_place(self, to: str) -> _Place | Later | Undeliverable:
        place = await self._place(to)
        if (
            isinstance(place, _Place)
            and (delay := self._gate.delay(thread_of(place.conversation))) > _PATIENCE
        ):
            return Later(why="quota", after=delay)
        return place

    async def _place(self, to: str) -> _Place | Later | Undeliverable:
        there = await self._addresses.address_of(to)
        if there is None:
            return Undeliverable(why=NOT_HERE_YET, unreachable=True)
        if there.installed is False:
            return Undeliverable(why="not_installed", unreachable=True)
        if there.conversation is not None:
            return _Place(conversation=there.conversation, there=there)
        return await self._open(to, there)

    async def _open(self, to: str, there: Destination) -> _Place | Later | Undeliverable:
        """Creates the personal conversation; asking twice gives the same one, so any failure may be retried."""
        try:
            async with self._gate.call(f"create/{there.tenant}", there.tenant):
                conversation = await self._connector.create_conversation(
                    there.service_url, user=there.user or "", tenant=there.tenant, bot=there.bot
                )
        except ConnectorError as error:
            return _again(_failure(error))
        await self._addresses.opened(to, conversation)
        return _Place(conversation=conversation, there=there)

    async def _send(self, message: Message, shown: Rendered, place: _Place) -> Outcome:
        there = place.there
        try:
            async with self._gate.call(thread_of(place.conversation), there.tenant):
                await self._ledger.started(message)
                activity = await self._connector.send(
                    there.service_url, place.conversation, _activity(shown, place)
                )
        except ConnectorError as error:
            if error.status == _TOO_LARGE and shown.smaller is not None:
                return await self._send(message, _smaller(shown), place)
            return _failure(error)
        at = self._clock()
        if shown.copy_of is not None and activity is not None:
            await self._ledger.remember(
                shown.copy_of,
                message.to,
                SentCard(
                    conversation=place.conversation,
                    activity=activity,
                    service_url=there.service_url,
                    message=message.id,
                ),
            )
        return Brought(at=at)

    async def _update(
        self, message: Message, shown: Update, card: SentCard, place: _Place, lost: int
    ) -> Outcome:
        try:
            async with self._gate.call(thread_of(card.conversation), place.there.tenant):
                await self._ledger.started(message)
                await self._connector.update(
                    place.there.service_url, card.conversation, card.activity, _activity(shown, place)
                )
        except ConnectorError as error:
            return await self._not_updated(message, shown, card, place, lost, error)
        return Brought(at=self._clock(), updated=True)

    async def _not_updated(
        self,
        message: Message,
        shown: Update,
        card: SentCard,
        place: _Place,
        lost: int,
        error: ConnectorError,
    ) -> Outcome:
        if error.status == 404 and error.code != "ConversationNotFound":
            known = await self._ledger.cards(shown.copy_of, message.to)
            left = [one for one in known if one.place != card.place]
            if not left:
                return await self._send_anew(message, shown, card, place, lost)
            await self._ledger.lost_card(shown.copy_of, message.to, card)
            return await self._update(message, shown, left[0], place, lost)
        if error.status == _TOO_LARGE and shown.smaller is not None:
            return await self._update(message, _smaller(shown), card, place, lost)
        return _again(_failure(error))

    async def _send_anew(
        self, message: Message, shown: Update, gone: SentCard, place: _Place, lost: int
    ) -> Outcome:
        """In place of the last copy, which stays known until the new one is there: else a passing fault would leave
        nothing to come back to."""
        if lost:
            if lost > _REPEATS:
                return Undeliverable(why="answer_lost", unreachable=False)
            again = await self._renderer.render(message, repeated=True)
            shown = again if isinstance(again, Update) else shown
        anew = Rendered(card=shown.card, summary=shown.summary, copy_of=shown.copy_of, smaller=shown.smaller)
        outcome = await self._send(message, anew, place)
        if isinstance(outcome, Brought):
            await self._ledger.lost_card(shown.copy_of, message.to, gone)
        return outcome


def _failure(error: ConnectorError) -> Later | Unsure | Undeliverable:
    why = error.code or str(error.status)
    if error.unknown:
        return Unsure(why=why)
    if error.status in PASSING or error.code in (_RETRIED_CODE, TOKEN_UNAVAILABLE):
        return Later(why=why, after=error.retry_after, doubtful=error.doubtful)
    if error.status in _UNREACHABLE | _WRONG or error.code == SERVICE_URL_REFUSED:
        return Undeliverable(why=why, unreachable=error.status in _UNREACHABLE)
    return Later(why=why, after=error.retry_after, fault=error.status is not None, doubtful=error.doubtful)


def _again(outcome: Later | Unsure | Undeliverable) -> Later | Undeliverable:
    """Of what may be repeated without harm: whether it arrived is no matter."""
    match outcome:
        case Unsure():
            return Later(why=outcome.why)
        case Later():
            return replace(outcome, doubtful=False)
        case Undeliverable():
            return outcome


def _activity(shown: Rendered | Update, place: _Place) -> Json:
    """The card alone: with a text beside it Teams splits the message and tells no id."""
    attachment: Json = {"contentType": ADAPTIVE, "content": shown.card}
    if isinstance(shown, Rendered):
        attachment["contentType"] = shown.content_type
        if shown.name:
            attachment["name"] = shown.name
    return {
        "type": "message",
        "from": {"id": place.there.bot},
        "conversation": {"id": place.conversation},
        "summary": shown.summary,
        "attachments": [attachment],
    }


def _smaller(shown: _Shown) -> _Shown:
    """The same with its smaller card, which is the last that is tried."""
    return replace(shown, card=shown.smaller() if shown.smaller else shown.card, smaller=None)
