"""Reading the record beside the instances that write it: what ``verify`` and ``export`` stand on.

All of it is read in one transaction that changes nothing, and so as it was at one instant.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from storage.chain import Streams, Verified, fault
from storage.postgres import events
from storage.postgres.address import Address
from storage.postgres.database import Connection, Database
from storage.postgres.entra import Password
from storage.postgres.migrations import steps_done
from storage.postgres.names import digest
from storage.postgres.store import content_of
from storage.store import GENESIS, BrokenChain, Event, NoRecord

_PAGE = 512


class PostgresReading:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @classmethod
    @asynccontextmanager
    async def open(
        cls, address: Address, *, password: Password | None = None
    ) -> AsyncIterator["PostgresReading"]:
        """Raises StoreUnwritable if nobody answers, NoRecord if there is no record."""
        database = await Database.open(address, password=password)
        try:
            async with (
                database.lend() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                if await connection.fetchval("SELECT to_regclass('chain')") is None:
                    raise NoRecord(str(address), "there is no record in this database")
                yield cls(connection)
        finally:
            await database.close()

    async def events(self) -> AsyncIterator[Event]:
        async for row in self.rows("SELECT * FROM events ORDER BY seq"):
            yield events.event(row)

    async def content(self, ref: str) -> bytes | None:
        row = await self.connection.fetchrow("SELECT * FROM contents WHERE ref = $1", ref)
        content = content_of(row) if row else None
        return content.data if content else None

    async def beside(self, newest: int) -> AsyncIterator[None]:
        """A start reads nothing but whose the tables are: contents are checked where they are read."""
        await steps_done(self.connection)
        yield

    async def verify(self) -> Verified:
        """Checks every link, every key, every content, and that the newest event is there. Raises BrokenChain."""
        seq, head = await self._follow()
        named = await self.connection.fetchrow("SELECT seq, hash FROM chain")
        if (seq, head) != (named["seq"], named["hash"]):
            raise BrokenChain(f"event {named['seq']}", "the newest events are not there")
        kept = disposed = 0
        async for row in self.rows("SELECT * FROM contents ORDER BY seq"):
            gone = content_of(row) is None
            kept, disposed = kept + (not gone), disposed + gone
        return Verified(events=seq, head=head, contents=kept, disposed=disposed)

    async def _follow(self) -> tuple[int, str]:
        streams, before, keys = Streams(), None, set[bytes]()
        seq, head = 0, GENESIS
        async for event in self.events():
            wrong = fault(event, head, seq, before) or streams.fault(event)
            if wrong:
                raise BrokenChain(f"event {seq + 1}", wrong)
            keys.update(map(digest, event.keys))
            seq, head, before = event.seq, event.hash, event if event.left else None
        if before:
            raise BrokenChain(f"event {seq}", f"its commit lacks {before.left} of its events")
        if keys != {row["id"] async for row in self.rows("SELECT id FROM keys")}:
            raise BrokenChain("keys", "they are not those that the events took")
        return seq, head

    def rows(self, query: str) -> AsyncIterator[Any]:
        rows: AsyncIterator[Any] = self.connection.cursor(query, prefetch=_PAGE).__aiter__()
        return rows
