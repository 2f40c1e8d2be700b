"""Where the copies of a card are: a person may have got it from the outbox, a reminder and an answer."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

Json = dict[str, Any]
Place = tuple[str, str]
"""Conversation and activity: an activity's id is a time in milliseconds, so two people can have the same."""

_CARDS = "cards"
_MOST_SHOWING = 20_000
MOST_COPIES = 50
"""Per person and card; the oldest, far up in the chat, is given up when there are more."""


class Documents(Protocol):
    async def put_document(self, collection: str, key: str, doc: Json) -> None: ...

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


class Copies:
    """Which card an activity shows is known from memory alone: after a restart an old list that took a card's
    place may be turned into that card again, which does no harm."""

    def __init__(self, store: Documents) -> None:
        self._store = store
        self._showing: OrderedDict[Place, tuple[str, str]] = OrderedDict()

    async def remember(self, copy_of: str, to: str, card: SentCard) -> None:
        """The newest copy stands first; one that is there already moves up and keeps the message it came by."""
        await self.replaced(card.place, by=(copy_of, to))
        known = await self.of(copy_of, to)
        same = [one for one in known if one.place == card.place]
        if known and known[0].place == card.place and not card.message:
            return
        newest = same[0] if same and not card.message else card
        others = [one for one in known if one.place != card.place]
        await self._keep(copy_of, to, [newest, *others][:MOST_COPIES])

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
        known = await self.of(copy_of, to)
        await self._keep(copy_of, to, [one for one in known if one.place != place])

    async def of(self, copy_of: str, to: str) -> list[SentCard]:
        doc = await self._store.document(_CARDS, f"{copy_of}|{to}")
        return [SentCard(**one) for one in doc["copies"]] if doc else []

    async def _keep(self, copy_of: str, to: str, cards: Iterable[SentCard]) -> None:
        doc = {"copies": [asdict(one) for one in cards]}
        await self._store.put_document(_CARDS, f"{copy_of}|{to}", doc)
