"""An outbox in memory, with the promises of the store's and a log of what was asked of it."""

from datetime import datetime
from typing import Any

from storage.store import Change, Message, Owed

Json = dict[str, Any]


class MemoryOutbox:
    """``crash`` forgets who was at work, as a restart does: what was started is unknown from then on."""

    def __init__(self) -> None:
        self.owed: dict[str, Owed] = {}
        self.until: dict[str, datetime] = {}
        self.running: set[str] = set()
        self.done: dict[str, str] = {}
        self.log: list[tuple[str, str]] = []
        self.collections: dict[tuple[str, str], Json] = {}

    def owe(self, message: Message, at: datetime) -> None:
        self.owed[message.id] = Owed(message=message, owed_at=at, attempts=0, unknown=False)

    def crash(self) -> None:
        for one in self.running:
            self._change(one, unknown=True)
        self.running.clear()

    async def due(self, now: datetime, limit: int) -> list[Owed]:
        ready = [one for key, one in self.owed.items() if key not in self.running and self._ripe(one, now)]
        return ready[:limit]

    async def started(self, message_id: str, at: datetime) -> None:
        self.log.append(("started", message_id))
        self._change(message_id, attempts=self.owed[message_id].attempts + 1)
        self.running.add(message_id)

    async def sent(self, message_id: str, at: datetime) -> None:
        self._end(message_id, "sent")

    async def postponed(self, message_id: str, until: datetime) -> None:
        self.log.append(("postponed", message_id))
        self.running.discard(message_id)
        self._change(message_id, unknown=False)
        self.until[message_id] = until

    async def given_up(self, message_id: str, at: datetime, why: str) -> None:
        self._end(message_id, why)

    async def put_document(self, collection: str, key: str, doc: Json) -> None:
        self.log.append((collection, key))
        self.collections[collection, key] = doc

    async def change_document(self, collection: str, key: str, change: Change) -> None:
        changed = change(await self.document(collection, key))
        if changed is not None:
            await self.put_document(collection, key, changed)

    async def add_document(self, collection: str, key: str, doc: Json) -> Json:
        return self.collections.setdefault((collection, key), doc)

    async def documents(self, collection: str) -> dict[str, Json]:
        return {key: doc for (of, key), doc in self.collections.items() if of == collection}

    async def document(self, collection: str, key: str) -> Json | None:
        return self.collections.get((collection, key))

    async def drop_document(self, collection: str, key: str) -> None:
        self.collections.pop((collection, key), None)

    def _ripe(self, one: Owed, now: datetime) -> bool:
        until = self.until.get(one.message.id, one.message.not_before)
        return until is None or until <= now

    def _change(self, key: str, *, attempts: int | None = None, unknown: bool | None = None) -> None:
        one = self.owed[key]
        self.owed[key] = Owed(
            message=one.message,
            owed_at=one.owed_at,
            attempts=one.attempts if attempts is None else attempts,
            unknown=one.unknown if unknown is None else unknown,
        )

    def _end(self, key: str, how: str) -> None:
        assert key not in self.done, f"{key} was settled twice"
        self.log.append((how, key))
        self.running.discard(key)
        self.owed.pop(key, None)
        self.done[key] = how
