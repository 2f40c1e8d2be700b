"""Where the copies of a card are: a person may have got it from the outbox, a reminder and an answer."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

Json = dict[str, Any]

_CARDS = "cards"
MOST_COPIES = 8
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


class Copies:
    def __init__(self, store: Documents) -> None:
        self._store = store

    async def remember(self, copy_of: str, to: str, card: SentCard) -> None:
        """The newest copy stands first; one that is there already moves up and keeps the message it came by."""
        known = await self.of(copy_of, to)
        same = [one for one in known if one.activity == card.activity]
        if known and known[0].activity == card.activity and not card.message:
            return
        newest = same[0] if same and not card.message else card
        others = [one for one in known if one.activity != card.activity]
        await self._keep(copy_of, to, [newest, *others][:MOST_COPIES])

    async def forget(self, copy_of: str, to: str, activity: str) -> None:
        known = await self.of(copy_of, to)
        await self._keep(copy_of, to, [one for one in known if one.activity != activity])

    async def of(self, copy_of: str, to: str) -> list[SentCard]:
        doc = await self._store.document(_CARDS, f"{copy_of}|{to}")
        return [SentCard(**one) for one in doc["copies"]] if doc else []

    async def _keep(self, copy_of: str, to: str, cards: Iterable[SentCard]) -> None:
        doc = {"copies": [asdict(one) for one in cards]}
        await self._store.put_document(_CARDS, f"{copy_of}|{to}", doc)
