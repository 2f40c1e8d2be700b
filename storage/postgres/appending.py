"""Commits on their way to the database: whoever asks at the same time shares one transaction.

The chain has one end, so appends take turns: the row that names the newest event is locked, what is asked for is
judged against what then stands there, and all that comes of it is one statement. A process that dies in between
leaves nothing, and the others wait no longer than the server needs to notice.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storage.judging import Judged, Outcome, Request
from storage.lines import body_in, message_doc
from storage.postgres import events
from storage.postgres.database import Connection, Database
from storage.postgres.names import digest, written
from storage.postgres.rows import columns, some
from storage.store import Event, Json, Projector, StoreUnsure, StoreUnwritable
from storage.tables import Changes, packed, unpacked

MOST = 64
"""Commits in one transaction; more would make the first wait for the last."""

log = logging.getLogger(__name__)

_WRITE = """
WITH
e AS (INSERT INTO events (seq, stream, version, body, hash)
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::json[], $5::text[])),
k AS (INSERT INTO keys (id, seq) SELECT * FROM unnest($6::bytea[], $7::bigint[])),
c AS (INSERT INTO contents (ref, seq, salt, data)
      SELECT * FROM unnest($8::text[], $9::bigint[], $10::bytea[], $11::bytea[]) ON CONFLICT DO NOTHING),
o AS (INSERT INTO outbox (id, seq, place, recipient, message, owed_at, not_before)
      SELECT * FROM unnest($12::bytea[], $13::bigint[], $14::integer[], $15::bytea[], $16::json[],
                           $17::timestamptz[], $18::timestamptz[]) ON CONFLICT DO NOTHING),
d AS (DELETE FROM read_side WHERE id = ANY($19::bytea[])),
r AS (INSERT INTO read_side (id, collection, key, doc)
      SELECT * FROM unnest($20::bytea[], $21::text[], $22::text[], $23::json[])
      ON CONFLICT (id) DO UPDATE SET doc = excluded.doc)
UPDATE chain SET seq = $24, hash = $25
"""


@dataclass(kw_only=True)
class _Known:
    """The record as far as a batch needs it. The projector reads documents without waiting: one that is not at
    hand is noted, to be fetched before the batch is judged again."""

    events: Mapping[str, Event]
    versions: Mapping[str, int]
    documents: Changes = field(default_factory=dict)
    missing: set[tuple[str, str]] = field(default_factory=set)

    def taken(self, key: str) -> Event | None:
        return self.events.get(key)

    def version(self, stream: str) -> int:
        return self.versions[stream]

    def get(self, table: str, key: str) -> Json | None:
        if (table, key) not in self.documents:
            self.missing.add((table, key))
            raise LookupError(f"{table} {key} is not at hand yet")
        row = self.documents[table, key]
        return None if row is None else unpacked(row)


class _Batch:
    def __init__(self, projector: Projector, requests: Sequence[Request]) -> None:
        self._projector = projector
        self._requests = requests
        self._judged: Judged | None = None

    @property
    def sent(self) -> bool:
        """Whether the database may have recorded it."""
        return self._judged is not None

    async def write(self, connection: Connection) -> list[Outcome | Exception]:
        async with connection.transaction():
            chain = await connection.fetchrow("SELECT seq, hash FROM chain FOR UPDATE")
            if self._judged and await _stands(connection, self._judged):
                return self._judged.outcomes()  # it was the answer alone that was lost
            self._judged = None
            judged = await self._judge(connection, chain["seq"], chain["hash"])
            if judged.events:
                self._judged = judged
                await connection.execute(_WRITE, *_arguments(judged))
        return judged.outcomes()

    async def _judge(self, connection: Connection, seq: int, head: str) -> Judged:
        known = _Known(
            events=await events.that_took(connection, {key for one in self._requests for key in one.keys}),
            versions=await events.versions(connection, {one.stream for one in self._requests}),
        )
        while True:
            judged = Judged(known, self._projector, self._requests, seq=seq, head=head)
            if not known.missing:
                return judged
            known.documents |= await some(connection, known.missing)
            known.missing.clear()


async def _stands(connection: Connection, judged: Judged) -> bool:
    found = await connection.fetchval("SELECT hash FROM events WHERE seq = $1", judged.seq)
    return bool(found == judged.head)


def _arguments(judged: Judged) -> list[object]:
    made = judged.events
    gone, kept = columns(judged.changes)
    owed = [(one, place, message) for one in made for place, message in enumerate(one.owes)]
    return [
        [one.seq for one in made],
        [written(one.stream) for one in made],
        [one.version for one in made],
        [body_in(line).decode() for line in judged.lines],
        [one.hash for one in made],
        [digest(key) for one in made for key in one.keys],
        [one.seq for one in made for _ in one.keys],
        [content.ref for content, _ in judged.contents],
        [seq for _, seq in judged.contents],
        [content.salt for content, _ in judged.contents],
        [content.data for content, _ in judged.contents],
        [digest(message.id) for _, _, message in owed],
        [one.seq for one, _, _ in owed],
        [place for _, place, _ in owed],
        [digest(message.to) for _, _, message in owed],
        [packed(message_doc(message)).decode() for _, _, message in owed],
        [one.at for one, _, _ in owed],
        [message.not_before for _, _, message in owed],
        gone,
        *kept,
        judged.seq,
        judged.head,
    ]


class Commits:
    """One transaction at a time; what is asked for meanwhile shares the next one."""

    def __init__(self, database: Database, projector: Projector) -> None:
        self._database = database
        self._projector = projector
        self._waiting: list[tuple[Request, asyncio.Future[Outcome]]] = []
        self._writing: asyncio.Task[None] | None = None

    def submit(self, request: Request) -> asyncio.Future[Outcome]:
        """Whoever stops waiting does not take the request back."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, outcome))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return outcome

    async def drained(self) -> None:
        if self._writing:
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                outcomes = await self._outcomes([request for request, _ in batch])
                for (_, waits), outcome in zip(batch, outcomes, strict=True):
                    _tell(waits, outcome)
        finally:
            self._writing = None

    async def _outcomes(self, requests: Sequence[Request]) -> list[Outcome | Exception]:
        batch = _Batch(self._projector, requests)
        try:
            return await self._database.run(batch.write)
        except StoreUnwritable as error:
            told = StoreUnsure if batch.sent else StoreUnwritable
            return [told(*error.args) for _ in requests]
        except Exception as error:  # whatever it is, it belongs to those who wait
            if len(requests) == 1:
                return [error]
        log.warning("Commits are tried one by one", extra={"commits": len(requests)})
        return [outcome for one in requests for outcome in await self._outcomes([one])]


def _tell(waits: "asyncio.Future[Outcome]", outcome: Outcome | Exception) -> None:
    if waits.done():
        return
    if isinstance(outcome, Exception):
        waits.set_exception(outcome)
    else:
        waits.set_result(outcome)
