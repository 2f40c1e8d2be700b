"""Where the copies of a card are: a person may have got it from the outbox, a reminder and an answer."""

import asyncio
from collections import OrderedDict
from dataclasses import asdict, dataclass, fields
from typing import Any, Protocol

Json = dict[str, Any]
Place = tuple[str, str]
"""Conversation and activity: an activity's id is a time in milliseconds, so two people can have the same."""

_CARDS = "cards"
"""Once a collection with all copies in one document; now the beginning of the name of one for each person and card,
with a document for each copy, so that nobody who adds one overwrites another's."""
_MOST_SHOWING = 20_000
MOST_COPIES = 50
"""Per person and card; the oldest, far up in the chat, is given up when there are more."""
_AT_ONCE = 256


class Documents(Protocol):
    async def put_document(self, collection: str, key: str, doc: Json) -> None: ...

    async def add_document(self, collection: str, key: str, doc: Json) -> Json: ...

    async def documents(self, collection: str) -> dict[str, Json]: ...

    async def drop_document(self, collection: str, key: str) -> None: ...


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

    async def adopt_older(self) -> None:
        """Brings what an older program kept into the form of today; done once, at start."""
        older = list((await self._store.documents(_CARDS)).items())
        for first in range(0, len(older), _AT_ONCE):
            await asyncio.gather(*(self._adopt(*one) for one in older[first : first + _AT_ONCE]))

    async def _adopt(self, whose: str, doc: Json) -> None:
        for order, one in enumerate(reversed(doc["copies"])):
            card = SentCard(**one)
            await self._store.add_document(f"{_CARDS}/{whose}", _key(card.place), _doc(card, order))
        await self._store.drop_document(_CARDS, whose)

    async def remember(self, copy_of: str, to: str, card: SentCard) -> None:
        """The newest copy stands first; one that is there already moves up and keeps the message it came by."""
        await self.replaced(card.place, by=(copy_of, to))
        known = await self._known(copy_of, to)
        same = [one for _, one in known if one.place == card.place]
        if known and known[0][1].place == card.place and not card.message:
            return
        newest = same[0] if same and not card.message else card
        order = known[0][0] + 1 if known else 0
        await self._store.put_document(_whose(copy_of, to), _key(card.place), _doc(newest, order))
        others = [one for _, one in known if one.place != card.place]
        for one in others[MOST_COPIES - 1 :]:
            await self.forget(copy_of, to, one.place)

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
        await self._store.drop_document(_whose(copy_of, to), _key(place))

    async def of(self, copy_of: str, to: str) -> list[SentCard]:
        return [one for _, one in await self._known(copy_of, to)]

    async def _known(self, copy_of: str, to: str) -> list[tuple[int, SentCard]]:
        """The newest first, each with its place in that order; two that came at once may share one."""
        docs = (await self._store.documents(_whose(copy_of, to))).values()
        known = [(doc["order"], SentCard(**{name: doc[name] for name in _FIELDS})) for doc in docs]
        return sorted(known, key=lambda one: one[0], reverse=True)


_FIELDS = tuple(one.name for one in fields(SentCard))


def _doc(card: SentCard, order: int) -> Json:
    return {**asdict(card), "order": order}


def _whose(copy_of: str, to: str) -> str:
    return f"{_CARDS}/{copy_of}|{to}"


def _key(place: Place) -> str:
    return "|".join(place)
