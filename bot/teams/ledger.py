"""The outbox's bookkeeping: what was started, what arrived, which cards can be updated, what is unsure.

A disk that is full or gone must not lose what was learnt about a message already sent, so every entry is
tried until it is written or the process stops.
"""

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.teams.copies import Copies, SentCard
from bot.teams.gate import Sleep
from storage.store import Message, Owed, StoreUnwritable

Json = dict[str, Any]

_UNSURE = "unsure"
_TRY_AGAIN = 5.0

_T = TypeVar("_T")

log = logging.getLogger(__name__)


class Outbox(Protocol):
    """The part of the store that delivery needs."""

    async def due(self, now: datetime, limit: int) -> list[Owed]: ...

    async def started(self, message_id: str, at: datetime) -> None: ...

    async def sent(self, message_id: str, at: datetime) -> None: ...

    async def postponed(self, message_id: str, until: datetime) -> None: ...

    async def given_up(self, message_id: str, at: datetime, why: str) -> None: ...

    async def put_document(self, collection: str, key: str, doc: Json) -> None: ...

    async def document(self, collection: str, key: str) -> Json | None: ...

    async def drop_document(self, collection: str, key: str) -> None: ...


class Ledger:
    def __init__(self, store: Outbox, copies: Copies, *, sleep: Sleep, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._copies = copies
        self._sleep = sleep
        self._clock = clock
        self._attempts: dict[str, int] = {}
        self._begun: set[str] = set()
        self.stopping = False

    async def due(self, limit: int) -> list[Owed]:
        return await self._store.due(self._clock(), limit)

    async def started(self, message: Message) -> None:
        self._attempts[message.id] = self._attempts.get(message.id, 0) + 1
        await self.insist(lambda: self._store.started(message.id, self._clock()))
        self._begun.add(message.id)

    def has_started(self, message: Message) -> bool:
        return message.id in self._begun

    async def sent(self, message: Message, at: datetime) -> None:
        await self.insist(lambda: self._store.sent(message.id, at))

    async def postponed(self, message: Message, until: datetime) -> None:
        await self.insist(lambda: self._store.postponed(message.id, until))
        self._forget(message)

    async def given_up(self, message: Message, why: str) -> None:
        await self.insist(lambda: self._store.given_up(message.id, self._clock(), why))

    async def remember(self, copy_of: str, to: str, card: SentCard) -> None:
        """Comes before ``sent``: a crash in between then leaves a receipt instead of a second card."""
        await self.insist(lambda: self._copies.remember(copy_of, to, card))

    async def cards(self, copy_of: str, to: str) -> list[SentCard]:
        """All copies that this recipient has, the newest first."""
        return await self._copies.of(copy_of, to)

    async def lost_card(self, copy_of: str, to: str, card: SentCard) -> None:
        """Teams knows this copy no longer."""
        await self.insist(lambda: self._copies.forget(copy_of, to, card.place))

    async def lost(self, owed: Owed) -> int:
        """How many attempts at this message ended nobody knows how, the store's last one included."""
        self._attempts[owed.message.id] = owed.attempts
        if not owed.attempts:
            return 0
        doc = await self.insist(lambda: self._store.document(_UNSURE, owed.message.id))
        lost, settled = (int(doc["lost"]), int(doc["settled"])) if doc else (0, 0)
        if owed.unknown and owed.attempts > settled:
            lost += 1
            await self.unsure(owed.message, lost)
        return lost

    async def unsure(self, message: Message, lost: int) -> None:
        """Of all attempts so far ``lost`` may have arrived; the others certainly have not."""
        doc = {"lost": lost, "settled": self._attempts.get(message.id, 0)}
        await self.insist(lambda: self._store.put_document(_UNSURE, message.id, doc))

    async def done(self, message: Message, *, lost: int) -> None:
        """Forgets what was only of use while the message was owed."""
        self._forget(message)
        if lost:
            await self.insist(lambda: self._store.drop_document(_UNSURE, message.id))

    def _forget(self, message: Message) -> None:
        self._attempts.pop(message.id, None)
        self._begun.discard(message.id)

    async def insist(self, write: Callable[[], Awaitable[_T]]) -> _T:
        """Until it is written, or read, or the process stops."""
        while True:
            try:
                return await write()
            except (StoreUnwritable, OSError):
                if self.stopping:
                    raise
                log.warning("The outbox could not be written; it is tried again")
                await self._sleep(_TRY_AGAIN)
