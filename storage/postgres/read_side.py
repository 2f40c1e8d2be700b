"""The read side made anew from the events: for code that makes another one of them, and for a record that moves."""

import logging

from storage.checkpoint import code_of
from storage.judging import Overlay
from storage.postgres import events, rows
from storage.postgres.database import Connection
from storage.store import Projector
from storage.tables import ReadSide

log = logging.getLogger(__name__)

_PAGE = 512


async def refresh(connection: Connection, projector: Projector) -> None:
    """Under the lock of the chain, and only if other code than this made what is there."""
    code = code_of(projector)
    async with connection.transaction():
        chain = await connection.fetchrow("SELECT seq, code FROM chain FOR UPDATE")
        if code is None or chain["code"] == code:
            return
        if chain["seq"]:
            log.info("The read side is made anew by this code", extra={"events": chain["seq"]})
            await rebuild(connection, projector)
        await connection.execute("UPDATE chain SET code = $1", code)


async def rebuild(connection: Connection, projector: Projector) -> None:
    tables = ReadSide()
    overlay = Overlay(tables)
    async for row in connection.cursor("SELECT * FROM events ORDER BY seq", prefetch=_PAGE):
        overlay.project(projector, (events.event(row),))
        tables.packed.change(overlay.settled())
    await connection.execute("DELETE FROM read_side")
    everything = (
        (name, key, doc) for name, docs in tables.packed.tables.items() for key, doc in docs.items()
    )
    await rows.fill(connection, "read_side", everything)
