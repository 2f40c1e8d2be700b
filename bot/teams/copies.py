"""Where the copies of a card are: a person may have got it from the outbox, a reminder and an answer."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Protocol

from storage.store import Change

Json = dict[str, Any]
Place = tuple[str, str]
"""Conversation and activity: an activity's id is a time in milliseconds, so two people can have the same."""

_CARDS = "cards"
_MOST_SHOWING = 20_000
MOST_COPIES = 50
"""Per person and card; the oldest, far up in the chat, is given up when there are more."""


class Documents(Protocol):
    async def change_document(self, collection: str, key: str, change: Change) -> None: ...

    async def document(self, collection: str, key: str) -> Json | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCard:
    """Where a recipient's copy of a card is. ``message`` is the owed message that brought it, if one did."""

    conversation: str
    activity: str
    service_url: str
    message: str

    @property
    def place(self) -> Place:
        return self.conversation, self.activity


_Change = Callable[[Sequence[SentCard]], Sequence[SentCard] | None]


class Copies:
    """Which card an activity shows is known from memory alone: after a restart an old list that took a card's
    place may be turned into that card again, which does no harm."""

    def __init__(self, store: Documents) -> None:
        self._store = store
        self._showing: OrderedDict[Place, tuple[str, str]] = OrderedDict()

    async def remember(self, copy_of: str, to: str, card: SentCard) -> None:
        """The newest copy stands first; one that is there already moves up and keeps the message it came by."""
        await self.replaced(card.place, by=(copy_of, to))
        if _with(card, await self.of(copy_of, to)) is not None:
            await self._change(copy_of, to, partial(_with, card))

    async def replaced(self, place: Place, *, by: tuple[str, str] | None) -> None:
        """Another card is shown there now, or with None one that is never updated."""
        before = self._showing.pop(place, None)
        if by is not None:
            self._showing[place] = by
            if len(self._showing) > _MOST_SHOWING:
                self._showing.popitem(last=False)
        if before is not None and before != by:
            await self.forget(*before, place)

    async def forget(self, copy_of: str, to: str, place: Place) -> None:
        await self._change(copy_of, to, lambda known: [one for one in known if one.place != place])

    async def of(self, copy_of: str, to: str) -> list[SentCard]:
        return _read(await self._store.document(_CARDS, f"{copy_of}|{to}"))

    async def _change(self, copy_of: str, to: str, change: _Change) -> None:
        """An answer and a delivery, or two instances, may each bring a copy at the same moment: both are kept."""

        def changed(doc: Json | None) -> Json | None:
            cards = change(_read(doc))
            return None if cards is None else {"copies": [asdict(one) for one in cards]}

        await self._store.change_document(_CARDS, f"{copy_of}|{to}", changed)


def _read(doc: Json | None) -> list[SentCard]:
    return [SentCard(**one) for one in doc["copies"]] if doc else []


def _with(card: SentCard, known: Sequence[SentCard]) -> Sequence[SentCard] | None:
    """None if it stands first already."""
    if known and known[0].place == card.place and not card.message:
        return None
    same = [one for one in known if one.place == card.place]
    newest = same[0] if same and not card.message else card
    return [newest, *(one for one in known if one.place != card.place)][:MOST_COPIES]
