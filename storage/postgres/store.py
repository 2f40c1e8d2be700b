"""The record in PostgreSQL: for several instances of the bot behind one address, or one that must outlive its machine."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import datetime

import asyncpg

from storage.contents import LARGE, check
from storage.judging import Outcome, requested
from storage.postgres import events, read_side
from storage.postgres.address import Address
from storage.postgres.appending import Commits
from storage.postgres.claims import Claims
from storage.postgres.database import Database
from storage.postgres.disposing import Disposal
from storage.postgres.entra import Password
from storage.postgres.instances import Instance
from storage.postgres.migrations import migrate
from storage.postgres.outbox import Outbox
from storage.postgres.rows import Rows
from storage.store import (
    Backlog,
    BrokenChain,
    Change,
    Content,
    Event,
    Json,
    Message,
    NewEvent,
    Owed,
    Projector,
    StoreUnwritable,
)


class PostgresStore:
    """One instance's part in the record. Open it with ``PostgresStore.open``."""

    def __init__(self, database: Database, projector: Projector, lease: float) -> None:
        self._database = database
        self.instance = Instance(database, lease)
        self._commits = Commits(database, projector)
        self._outbox = Outbox(database, self.instance)
        self._read_side = Rows(database, "read_side")
        self._documents = Rows(database, "documents")
        self._disposal = Disposal(database)
        self._claims = Claims(database, self.instance.id)
        self._open = True

    @classmethod
    async def open(
        cls,
        address: Address,
        *,
        projector: Projector,
        clock: Callable[[], datetime] | None = None,
        password: Password | None = None,
    ) -> "PostgresStore":
        """Brings the tables up to date. Raises StoreUnwritable if nobody answers, StoreUnusable for what answers
        but is no place for a record. ``clock`` is for stores that need it."""
        database = await Database.open(address, password=password)
        try:
            await database.run(migrate)
            await database.run(lambda connection: read_side.refresh(connection, projector))
            store = cls(database, projector, address.lease)
            await store.instance.begin()
        except BaseException:
            await database.close()
            raise
        return store

    async def append(
        self,
        stream: str,
        events: Sequence[NewEvent],
        *,
        expected_version: int | None,
        actor: str,
        at: datetime,
        keys: Sequence[str] = (),
        contents: Sequence[Content] = (),
        owes: Sequence[Message] = (),
    ) -> Outcome:
        return await self._commits.submit(
            await requested(
                stream,
                events,
                expected=expected_version,
                actor=actor,
                at=at,
                keys=keys,
                contents=contents,
                owes=owes,
            )
        )

    async def load(self, stream: str) -> tuple[Event, ...]:
        return await events.of_stream(self._database, stream)

    def events(self, after: int = 0) -> AsyncIterator[Event]:
        return events.pages(self._database, after)

    async def taken(self, key: str) -> Event | None:
        return (await events.that_took(self._database, (key,))).get(key)

    async def content(self, ref: str) -> bytes | None:
        row = await self._database.fetchrow("SELECT * FROM contents WHERE ref = $1 AND data IS NOT NULL", ref)
        if row and len(row["data"]) > LARGE:
            content = await asyncio.to_thread(content_of, row)
        else:
            content = content_of(row) if row else None
        return content.data if content else None

    async def dispose(self, refs: Sequence[str]) -> None:
        """What backups and the write-ahead log have of it goes when these do."""
        await self._disposal.dispose(refs)

    async def get(self, table: str, key: str) -> Json | None:
        return await self._read_side.get(table, key)

    async def select(self, table: str) -> list[Json]:
        return list((await self._read_side.all(table)).values())

    async def count(self, table: str) -> int:
        return await self._read_side.count(table)

    async def oldest(self, table: str) -> Json | None:
        return await self._read_side.oldest(table)

    async def due(self, now: datetime, limit: int) -> list[Owed]:
        return await self._outbox.due(now, limit)

    async def started(self, message_id: str, at: datetime) -> None:
        await self._outbox.started(message_id, at)

    async def sent(self, message_id: str, at: datetime) -> None:
        await self._outbox.finished(message_id, "sent", at)

    async def postponed(self, message_id: str, until: datetime) -> None:
        await self._outbox.postponed(message_id, until)

    async def given_up(self, message_id: str, at: datetime, why: str) -> None:
        await self._outbox.finished(message_id, "given_up", at, why)

    async def backlog(self) -> Backlog:
        return await self._outbox.backlog()

    async def put_document(self, collection: str, key: str, doc: Json) -> None:
        await self._documents.put(collection, key, doc)

    async def add_document(self, collection: str, key: str, doc: Json) -> Json:
        return await self._documents.add(collection, key, doc)

    async def change_document(self, collection: str, key: str, change: Change) -> None:
        await self._documents.change(collection, key, change)

    async def document(self, collection: str, key: str) -> Json | None:
        return await self._documents.get(collection, key)

    async def documents(self, collection: str) -> dict[str, Json]:
        return await self._documents.all(collection)

    async def drop_document(self, collection: str, key: str, *, only: Json | None = None) -> None:
        await self._documents.drop(collection, key, only)

    async def claim(self, what: str) -> bool:
        return await self._claims.take(what)

    async def unclaim(self, what: str) -> None:
        await self._claims.give_back(what)

    async def writable(self) -> bool:
        """The lease is what is written: it is due every few seconds anyway."""
        if self._database.failed:
            with suppress(StoreUnwritable):
                await self._database.run(self.instance.renew)
                self._database.failed = False
        return not self._database.failed

    async def close(self) -> None:
        """Waits for what is being written. Idempotent."""
        if not self._open:
            return
        self._open = False
        await self._commits.drained()
        await self.instance.end()
        await self._database.close()


def content_of(row: "asyncpg.Record") -> Content | None:
    """None for one that was disposed of. Raises BrokenChain for one that is not what was stored."""
    if row["data"] is None:
        return None
    content = Content(ref=row["ref"], salt=row["salt"], data=row["data"])
    try:
        check(content)
    except ValueError as error:
        raise BrokenChain(f"content {content.ref}", str(error)) from error
    return content
