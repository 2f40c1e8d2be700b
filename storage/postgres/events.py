"""Events as they are read back: each checked against its hash, wherever it is needed."""

from collections.abc import AsyncIterator, Iterable, Mapping

import asyncpg

from storage.lines import event_of
from storage.postgres.database import Connection, Database
from storage.postgres.names import digest, written
from storage.store import BrokenChain, Event

_PAGE = 512


def event(row: "asyncpg.Record") -> Event:
    """Raises BrokenChain for one that is not what was written."""
    try:
        found = event_of(row["body"].encode(), row["hash"])
    except ValueError as error:
        raise BrokenChain(f"event {row['seq']}", str(error)) from error
    if (found.seq, found.version, written(found.stream)) != (row["seq"], row["version"], row["stream"]):
        raise BrokenChain(f"event {row['seq']}", "it stands in another event's place")
    return found


async def pages(database: Database, after: int) -> AsyncIterator[Event]:
    """In the order of the chain; what is appended meanwhile comes at the end."""
    while True:
        rows = await database.fetch("SELECT * FROM events WHERE seq > $1 ORDER BY seq LIMIT $2", after, _PAGE)
        for row in rows:
            yield event(row)
        if len(rows) < _PAGE:
            return
        after = rows[-1]["seq"]


async def of_stream(database: Database, stream: str) -> tuple[Event, ...]:
    rows = await database.fetch("SELECT * FROM events WHERE stream = $1 ORDER BY version", written(stream))
    return tuple([event(row) for row in rows])


async def that_took(connection: Connection | Database, keys: Iterable[str]) -> Mapping[str, Event]:
    """For those of the keys that are taken, what took them."""
    names = {digest(key): key for key in keys}
    rows = await connection.fetch(
        "SELECT k.id AS key_id, e.* FROM keys k JOIN events e USING (seq) WHERE k.id = ANY($1)", list(names)
    )
    return {names[row["key_id"]]: event(row) for row in rows}


async def versions(connection: Connection, streams: Iterable[str]) -> Mapping[str, int]:
    names = {written(stream): stream for stream in streams}
    rows = await connection.fetch(
        "SELECT s, (SELECT version FROM events WHERE stream = s ORDER BY version DESC LIMIT 1) AS version "
        "FROM unnest($1::text[]) s",
        list(names),
    )
    return {names[row["s"]]: row["version"] or 0 for row in rows}
