"""Operational documents that are no part of the record: the newest line of a key counts."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from weakref import WeakValueDictionary

from storage import documents_snapshot
from storage.documents_snapshot import Snapshot
from storage.json_form import from_json
from storage.logs import COMPACT_ABOVE, EntryLog, line_of, remove
from storage.store import Change, Json
from storage.tables import ReadSide, Rows, packed

_AROUND = 18
"""Bytes of a line beside what it says: brackets, quotation marks, the sum."""


class Documents:
    """Collections are tables of the same kind as the read side's, kept by a log of their own."""

    def __init__(
        self, path: Path, *, compact_above: int = COMPACT_ABOVE, threads: Executor | None = None
    ) -> None:
        self._tables = ReadSide()
        self._rows = self._tables.packed
        self._turns = WeakValueDictionary[tuple[str, str], asyncio.Lock]()
        self._snapshot = path.with_name("documents.checkpoint")
        self._worth_it = compact_above
        self._log = EntryLog(
            path, self._live, compact_above=compact_above, threads=threads, snapshot=self._snapshot
        )
        covered, self._rows.tables = documents_snapshot.read(self._snapshot, path)
        put, drop = self._rows.put, self._rows.drop
        for collection, key, row in self._log.replay(_read, covered):
            if row is None:
                drop(collection, key)
            else:
                put(collection, key, row)
        self._log.needs(self._size())

    def _size(self) -> int:
        """Of the lines that say what is kept, nearly."""
        return sum(
            sum(map(len, rows)) + sum(map(len, rows.values())) + len(rows) * (len(name) + _AROUND)
            for name, rows in self._rows.tables.items()
        )

    def get(self, collection: str, key: str) -> Json | None:
        return self._tables.get(collection, key)

    def all(self, collection: str) -> dict[str, Json]:
        keys = list(self._tables.packed.rows(collection))
        return dict(zip(keys, self._tables.select(collection), strict=True))

    def collections(self) -> list[str]:
        return list(self._tables.packed.tables)

    async def put(self, collection: str, key: str, doc: Json | None) -> None:
        """None forgets the document."""
        async with self._turn(collection, key):
            await self._put(collection, key, doc)

    async def drop(self, collection: str, key: str, only: Json | None) -> None:
        """``only`` while it is that one."""
        async with self._turn(collection, key):
            if only is None or self.get(collection, key) == only:
                await self._put(collection, key, None)

    async def add(self, collection: str, key: str, doc: Json) -> Json:
        await self.change(collection, key, lambda found: doc if found is None else None)
        return self.get(collection, key) or doc

    async def change(self, collection: str, key: str, change: Change) -> None:
        async with self._turn(collection, key):
            changed = change(self.get(collection, key))
            if changed is not None:
                await self._put(collection, key, changed)

    def _turn(self, collection: str, key: str) -> asyncio.Lock:
        """One after the other for each document: what is being written is not yet what is read."""
        return self._turns.setdefault((collection, key), asyncio.Lock())

    async def _put(self, collection: str, key: str, doc: Json | None) -> None:
        """Holds the turn until it is written, also for somebody who waits no more."""
        row = None if doc is None else packed(doc)
        keeping = partial(self._keep, collection, key, row)
        writing = self._log.add(_line(collection, key, row), keeping)
        try:
            await asyncio.shield(writing)
        except asyncio.CancelledError:
            await asyncio.wait([writing])
            raise

    def _keep(self, collection: str, key: str, row: bytes | None) -> None:
        if row is None:
            self._rows.drop(collection, key)
        else:
            self._rows.put(collection, key, row)

    def _live(self) -> Iterable[bytes]:
        tables = self._copies()
        return (_line(name, key, row) for name, rows in tables.items() for key, row in rows.items())

    def _copies(self) -> dict[str, Rows]:
        """Of references only."""
        return {name: dict(rows) for name, rows in self._rows.tables.items()}

    def uncovered(self, *, last: bool) -> list[Callable[[], None]]:
        """What writes a snapshot, for a thread, unless a start would read little without it. Before the ``last`` one of
        a process there are few: each when a start would read a quarter more than with the one before."""
        extent, covered = self._log.extent, self._log.covered
        if extent.size - covered <= max(self._worth_it, 0 if last else covered // 4):
            return []
        self._log.covered = extent.size
        return [partial(self._write, Snapshot(extent, self._copies()), self._log.rewrites)]

    def _write(self, snapshot: Snapshot, rewrites: int) -> None:
        """If the log was written anew meanwhile, another thread has removed the snapshot before, and this one may hold what
        was forgotten."""
        documents_snapshot.write(self._snapshot, snapshot)
        if self._log.rewrites != rewrites:
            remove(self._snapshot)

    async def usable(self) -> bool:
        return await self._log.usable()

    async def end(self) -> None:
        """Refuses what comes from now on, and waits for what came before."""
        await self._log.end()

    def close(self) -> None:
        self._log.close()


def _read(entry: bytes) -> tuple[str, str, bytes | None]:
    """A row stands in its line as it is kept, so that a start need not read it as JSON and write it again."""
    _, collection, _, key, rest = entry.split(b'"', 4)
    if b"\\" in collection or b"\\" in key:  # a quotation mark of its own, perhaps
        name, key_, doc = from_json(entry)
        return name, key_, None if doc is None else packed(doc)
    row = rest[1:-1]
    return collection.decode(), key.decode(), None if row == b"null" else row


def _line(collection: str, key: str, row: bytes | None) -> bytes:
    return line_of([collection, key])[:-2] + b",%b]\n" % (row or b"null")
