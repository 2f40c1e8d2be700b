"""Documents by collection and key, in the order they came: the read side and the operational documents."""

from collections.abc import Iterable
from typing import Literal

import asyncpg

from storage.postgres.database import Connection, Database
from storage.postgres.names import digest, read, written
from storage.store import Change, Json
from storage.tables import Changes, packed, unpacked

Where = Literal["read_side", "documents"]


class Rows:
    """One table of them. Its name comes from here, never from outside."""

    def __init__(self, database: Database, where: Where) -> None:
        self._database = database
        self._get = f"SELECT doc FROM {where} WHERE id = $1"  # noqa: S608
        self._all = f"SELECT key, doc FROM {where} WHERE collection = $1 ORDER BY place"  # noqa: S608
        self._count = f"SELECT count(*) FROM {where} WHERE collection = $1"  # noqa: S608
        self._oldest = f"SELECT doc FROM {where} WHERE collection = $1 ORDER BY place LIMIT 1"  # noqa: S608
        self._drop = f"DELETE FROM {where} WHERE id = $1"  # noqa: S608
        self._drop_only = f"DELETE FROM {where} WHERE id = $1 AND doc::text = $2"  # noqa: S608
        self._put = (
            f"INSERT INTO {where} (id, collection, key, doc) VALUES ($1, $2, $3, $4) "  # noqa: S608
            "ON CONFLICT (id) DO UPDATE SET doc = excluded.doc"
        )
        self._add = (
            f"INSERT INTO {where} (id, collection, key, doc) VALUES ($1, $2, $3, $4) "  # noqa: S608
            "ON CONFLICT (id) DO NOTHING"
        )

    async def get(self, collection: str, key: str) -> Json | None:
        row = await self._database.fetchrow(self._get, digest(collection, key))
        return unpacked(row["doc"]) if row else None

    async def all(self, collection: str) -> dict[str, Json]:
        rows = await self._database.fetch(self._all, written(collection))
        return {read(row["key"]): unpacked(row["doc"]) for row in rows}

    async def count(self, collection: str) -> int:
        row = await self._database.fetchrow(self._count, written(collection))
        return row[0] if row else 0

    async def oldest(self, collection: str) -> Json | None:
        row = await self._database.fetchrow(self._oldest, written(collection))
        return unpacked(row["doc"]) if row else None

    async def put(self, collection: str, key: str, doc: Json) -> None:
        await self._database.execute(self._put, *row_of(collection, key, packed(doc)))

    async def add(self, collection: str, key: str, doc: Json) -> Json:
        await self._database.execute(self._add, *row_of(collection, key, packed(doc)))
        return await self.get(collection, key) or doc

    async def change(self, collection: str, key: str, change: Change) -> None:
        """Whoever changes the same document waits for its turn, also while there is none that could be locked."""
        one = digest(collection, key)

        async def work(connection: Connection) -> None:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock($1)", _number(one))
                row = await connection.fetchrow(self._get, one)
                changed = change(unpacked(row["doc"]) if row else None)
                if changed is not None:
                    await connection.execute(self._put, *row_of(collection, key, packed(changed)))

        await self._database.run(work)

    async def drop(self, collection: str, key: str, only: Json | None) -> None:
        if only is None:
            await self._database.execute(self._drop, digest(collection, key))
        else:
            await self._database.execute(self._drop_only, digest(collection, key), packed(only).decode())


def _number(name: bytes) -> int:
    """Two documents of the same one merely wait for each other."""
    return int.from_bytes(name[:8], signed=True)


def row_of(collection: str, key: str, doc: bytes) -> tuple[bytes, str, str, str]:
    return digest(collection, key), written(collection), written(key), doc.decode()


def columns(changes: Changes) -> tuple[list[bytes], list[list[object]]]:
    """The ids of what goes, and the columns of what comes, for one statement."""
    gone = [digest(*names) for names, doc in changes.items() if doc is None]
    kept = [row_of(*names, doc) for names, doc in changes.items() if doc is not None]
    return gone, [list(column) for column in zip(*kept, strict=True)] if kept else [[], [], [], []]


async def some(connection: Connection, wanted: Iterable[tuple[str, str]]) -> Changes:
    """Read-side documents of many names at once, as they are stored; None for what is not there."""
    names = {digest(*one): one for one in wanted}
    found: list[asyncpg.Record] = await connection.fetch(
        "SELECT id, doc FROM read_side WHERE id = ANY($1)", list(names)
    )
    return {**dict.fromkeys(names.values()), **{names[row["id"]]: row["doc"].encode() for row in found}}


async def fill(connection: Connection, where: Where, rows: Iterable[tuple[str, str, bytes]]) -> None:
    """Many rows in one go, into a table that has none of them."""
    await connection.copy_records_to_table(
        where, records=(row_of(*row) for row in rows), columns=["id", "collection", "key", "doc"]
    )
