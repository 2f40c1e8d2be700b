"""The outbox of several instances: each message, and all to the same recipient, with one of them at a time.

Instances look every few seconds, and each looks at once for what it owes itself (the bot wakes its own outbox).
LISTEN/NOTIFY would hold a connection of its own that no pooler lends, for a second or two in the rare case that
an instance has more than it can send.
"""

from datetime import datetime

import asyncpg

from storage.lines import message_from
from storage.postgres.database import Connection, Database
from storage.postgres.instances import LIVING, RENEW, Instance
from storage.postgres.names import digest, writable
from storage.store import LONGEST_POSTPONEMENT, Backlog, Owed
from storage.tables import unpacked

# $1 this instance, $2 its lease, $3 the time, $4 the limit, $5 the longest postponement: one that lies further ahead
# comes from a clock that was wrong. The order of what goes to one recipient must not be
# lost, so that nothing is taken for whom another one is writing to.
_FREE = f"""
WITH living AS MATERIALIZED ({LIVING}),
busy AS MATERIALIZED (
    SELECT recipient FROM outbox WHERE outcome IS NULL AND taken_by IN (SELECT id FROM living)
)
SELECT id, message, owed_at, attempts, unknown, taken_by, started_at FROM outbox
WHERE outcome IS NULL AND (
    not_before IS NULL OR not_before <= $3
    OR not_before > $3 + $5::interval AND coalesce((message ->> 'not_before')::timestamptz, $3) <= $3
  )
  AND (taken_by IS NULL OR taken_by NOT IN (SELECT id FROM living))
  AND (started_at IS NULL OR taken_by <> $1)
  AND recipient NOT IN (SELECT recipient FROM busy)
ORDER BY seq, place LIMIT $4
FOR UPDATE OF outbox SKIP LOCKED
"""  # noqa: S608 - made of constants

_TAKE = """
UPDATE outbox SET taken_by = $1, unknown = unknown OR started_at IS NOT NULL, started_at = NULL
WHERE id = ANY($2)
"""

# One statement, and so with the lease as it will be: nobody takes over what is begun here.
_START = f"""
WITH me AS ({RENEW}), living AS MATERIALIZED ({LIVING})
UPDATE outbox SET taken_by = $1, started_at = $4, attempts = attempts + 1, unknown = false
WHERE id = $3 AND outcome IS NULL AND (taken_by IS NULL OR taken_by NOT IN (SELECT id FROM living))
RETURNING id
"""  # noqa: S608

_POSTPONE = f"""
WITH living AS MATERIALIZED ({LIVING})
UPDATE outbox SET taken_by = NULL, started_at = NULL, unknown = false, not_before = $4
WHERE id = $3 AND outcome IS NULL AND (taken_by IS NULL OR taken_by NOT IN (SELECT id FROM living))
"""  # noqa: S608


class Outbox:
    def __init__(self, database: Database, instance: Instance) -> None:
        self._database = database
        self._instance = instance

    async def due(self, now: datetime, limit: int) -> list[Owed]:
        """Takes them for this instance; what it has taken and not begun is among them again."""

        async def take(connection: Connection) -> list[asyncpg.Record]:
            me = self._instance
            async with connection.transaction():
                await me.renew(connection)
                await connection.execute("SELECT FROM turns WHERE what = 'outbox' FOR UPDATE")
                rows: list[asyncpg.Record] = await connection.fetch(
                    _FREE, me.id, me.lease, now, limit, LONGEST_POSTPONEMENT
                )
                fresh = [row["id"] for row in rows if row["taken_by"] != me.id]
                if fresh:
                    await connection.execute(_TAKE, me.id, fresh)
            return rows

        return [_owed(row) for row in await self._database.run(take)]

    async def started(self, message_id: str, at: datetime) -> None:
        """Raises KeyError for a message that is not owed any more or that another instance has taken."""
        me = self._instance
        row = await self._database.fetchrow(_START, me.id, me.lease, digest(message_id), at)
        if row is None:
            raise KeyError(message_id)

    async def postponed(self, message_id: str, until: datetime) -> None:
        me = self._instance
        await self._database.execute(_POSTPONE, me.id, me.lease, digest(message_id), until)

    async def backlog(self) -> Backlog:
        """Of all instances together."""
        row = await self._database.fetchrow(
            "SELECT count(*) AS depth, (SELECT owed_at FROM outbox WHERE outcome IS NULL "
            "ORDER BY seq, place LIMIT 1) AS oldest FROM outbox WHERE outcome IS NULL"
        )
        return Backlog(depth=row["depth"], oldest=row["oldest"]) if row else Backlog(depth=0, oldest=None)

    async def finished(self, message_id: str, outcome: str, at: datetime, why: str | None = None) -> None:
        """Whoever has it now: what is known to have arrived is not sent again."""
        await self._database.execute(
            "UPDATE outbox SET outcome = $2, ended_at = $3, why = $4, taken_by = NULL, started_at = NULL "
            "WHERE id = $1 AND outcome IS NULL",
            digest(message_id),
            outcome,
            at,
            None if why is None else writable(why),
        )


def _owed(row: "asyncpg.Record") -> Owed:
    return Owed(
        message=message_from(unpacked(row["message"])),
        owed_at=row["owed_at"],
        attempts=row["attempts"],
        unknown=row["unknown"] or row["started_at"] is not None,
    )
