"""Erasing text and salt, from the table and from its file.

An erased row is a new version of it: the old one stays in the file while anybody's older snapshot may still see it,
and even VACUUM leaves its bytes in the page's free room (measured: three of eleven). So what is erased is noted in the
same statement, and stays noted until no old version is left and the file has been written anew without it.
"""

import asyncio
import logging
from collections.abc import Sequence

import asyncpg

from storage.postgres.database import Connection, Database

log = logging.getLogger(__name__)

_MOST = 1 << 28
"""Bytes of a table that is written anew: a few seconds, in which nobody else can use it."""
_PATIENCE = "1s"
"""For the table to be free; whoever comes meanwhile waits behind."""

_ERASE = """
WITH erased AS (
    UPDATE contents SET salt = NULL, data = NULL WHERE ref = ANY($1) AND data IS NOT NULL RETURNING ref
)
INSERT INTO unswept (ref) SELECT ref FROM erased ON CONFLICT DO NOTHING
"""
_OLD_VERSIONS = """
SELECT coalesce(sum(pg_stat_get_dead_tuples(file)), 0) FROM pg_class,
LATERAL (VALUES (oid), (reltoastrelid)) AS files (file) WHERE oid = 'contents'::regclass AND file <> 0
"""


class Disposal:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def dispose(self, refs: Sequence[str]) -> None:
        """Sweeps too what could not be swept when it was erased."""
        await self._database.execute(_ERASE, list(refs))
        unswept = [row["ref"] for row in await self._database.fetch("SELECT ref FROM unswept")]
        if not unswept:
            return
        try:
            swept = await self._database.run(_sweep)
        except asyncpg.PostgresError as error:
            log.info("The file of contents is in use", extra={"why": type(error).__name__})
            swept = False
        if swept:
            await self._database.execute("DELETE FROM unswept WHERE ref = ANY($1)", unswept)
        else:
            log.info("Erased text is still in the file; it is tried again", extra={"count": len(unswept)})


async def _sweep(connection: Connection) -> bool:
    """False while somebody may still see what was erased."""
    await connection.execute("VACUUM contents")
    if connection.get_server_version().major < 15:
        await asyncio.sleep(1.0)  # these count a little later
    if await connection.fetchval(_OLD_VERSIONS):
        return False
    if await connection.fetchval("SELECT pg_total_relation_size('contents')") > _MOST:
        log.warning("The table contents is too large to be written anew while the bot runs: VACUUM FULL it")
        return True
    await connection.execute(f"SET lock_timeout = '{_PATIENCE}'")
    try:
        await connection.execute("VACUUM FULL contents")
    finally:
        await connection.execute("RESET lock_timeout")
    return True
