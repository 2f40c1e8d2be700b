"""PostgreSQL's two ends of a move, each one transaction."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.chain import Verified
from storage.lines import again, body_in, message_doc, message_from
from storage.moving import Kept, NotMoved, Pending, Source
from storage.postgres.address import Address
from storage.postgres.database import Connection, Database
from storage.postgres.migrations import migrate
from storage.postgres.names import digest, read, written
from storage.postgres.read_side import rebuild
from storage.postgres.reading import PostgresReading
from storage.postgres.rows import row_of
from storage.postgres.store import content_of
from storage.store import Json, Projector, StoreLocked
from storage.tables import packed, unpacked


class PostgresSource(PostgresReading):
    @classmethod
    @asynccontextmanager
    async def open(cls, address: Address) -> AsyncIterator["PostgresSource"]:  # type: ignore[override]
        async with PostgresReading.open(address) as reading:
            source = cls(reading.connection)
            running = await source.connection.fetchval(
                "SELECT count(*) FROM instances WHERE alive_until >= now()"
            )
            if running:
                raise StoreLocked(f"{address} is in use by {running} instance(s) of the bot; stop them first")
            yield source

    async def contents(self) -> AsyncIterator[Kept]:
        async for row in self.rows("SELECT * FROM contents ORDER BY seq"):
            yield Kept(ref=row["ref"], seq=row["seq"], content=content_of(row))

    async def pending(self) -> dict[str, Pending]:
        rows = await self.connection.fetch("SELECT * FROM outbox WHERE outcome IS NULL")
        return {
            message_from(unpacked(row["message"])).id: Pending(
                attempts=row["attempts"],
                unknown=row["unknown"] or row["started_at"] is not None,
                not_before=row["not_before"],
            )
            for row in rows
        }

    async def documents(self) -> AsyncIterator[tuple[str, str, Json]]:
        async for row in self.rows("SELECT * FROM documents ORDER BY place"):
            yield read(row["collection"]), read(row["key"]), unpacked(row["doc"])


class PostgresTarget:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    @asynccontextmanager
    async def open(cls, address: Address) -> AsyncIterator["PostgresTarget"]:
        database = await Database.open(address)
        try:
            await database.run(migrate)
            async with database.lend() as connection, connection.transaction():
                if await connection.fetchval("SELECT seq FROM chain FOR UPDATE"):
                    raise NotMoved(f"{address} has a record already")
                yield cls(connection)
        finally:
            await database.close()

    async def take(self, source: Source, projector: Projector) -> Verified:
        await self._events(source)
        await self._copy("contents", ("ref", "seq", "salt", "data"), _contents(source))
        await self._copy("documents", ("id", "collection", "key", "doc"), _documents(source))
        await self._owed(source, await source.pending())
        await rebuild(self._connection, projector)
        return await PostgresReading(self._connection).verify()

    async def _events(self, source: Source) -> None:
        await self._copy("events", ("seq", "stream", "version", "body", "hash"), _events(source))
        await self._copy("keys", ("id", "seq"), _keys(source))
        await self._connection.execute(
            "UPDATE chain SET seq = e.seq, hash = e.hash, code = NULL "
            "FROM (SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1) e"
        )

    async def _owed(self, source: Source, pending: dict[str, Pending]) -> None:
        columns = (
            "id",
            "seq",
            "place",
            "recipient",
            "message",
            "owed_at",
            "not_before",
            "attempts",
            "unknown",
        )
        await self._copy("outbox", (*columns, "outcome"), _owed(source, pending))

    async def _copy(
        self, table: str, columns: tuple[str, ...], rows: AsyncIterator[tuple[object, ...]]
    ) -> None:
        await self._connection.copy_records_to_table(table, records=rows, columns=columns)


async def _events(source: Source) -> AsyncIterator[tuple[object, ...]]:
    async for event in source.events():
        yield event.seq, written(event.stream), event.version, body_in(again(event)).decode(), event.hash


async def _keys(source: Source) -> AsyncIterator[tuple[object, ...]]:
    async for event in source.events():
        for key in event.keys:
            yield digest(key), event.seq


async def _contents(source: Source) -> AsyncIterator[tuple[object, ...]]:
    async for one in source.contents():
        kept = one.content
        yield one.ref, one.seq, kept.salt if kept else None, kept.data if kept else None


async def _documents(source: Source) -> AsyncIterator[tuple[object, ...]]:
    async for collection, key, doc in source.documents():
        yield row_of(collection, key, packed(doc))


async def _owed(source: Source, pending: dict[str, Pending]) -> AsyncIterator[tuple[object, ...]]:
    """Each message once, where it was first owed; how those ended that are done, their store no longer knows."""
    known = set[str]()
    async for event in source.events():
        for place, message in enumerate(event.owes):
            if message.id in known:
                continue
            known.add(message.id)
            left = pending.get(message.id)
            doc = packed(message_doc(message)).decode()
            yield (
                digest(message.id), event.seq, place, digest(message.to), doc, event.at,
                left.not_before if left else None, left.attempts if left else 0, bool(left and left.unknown),
                None if left else "done",
            )  # fmt: skip
