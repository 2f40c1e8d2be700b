"""Who is alive: each instance has a lease and renews it, and whose lease has run out is gone.

One lease for all that an instance has taken is one small write every few seconds, however much it holds. Times are
the database's, so that no two clocks have to agree. Whoever was cut off itself cannot tell whether the others are
gone or were cut off with it, and leaves them one lease more.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta
from uuid import UUID, uuid4

from storage.postgres.database import Connection, Database
from storage.store import StoreUnwritable

log = logging.getLogger(__name__)

_RENEWALS = 3
"""In the time of one lease: two may be lost."""

RENEW = """
INSERT INTO instances AS i (id, alive_until, since)
VALUES ($1, now() + $2::interval, CASE WHEN pg_postmaster_start_time() < now() - $2::interval THEN '-infinity' ELSE now() END)
ON CONFLICT (id) DO UPDATE
SET alive_until = now() + $2::interval, since = CASE WHEN i.alive_until < now() THEN now() ELSE i.since END
RETURNING since
"""

LIVING = """
SELECT id FROM instances
WHERE id <> $1 AND (alive_until >= now() OR (SELECT since FROM instances WHERE id = $1) > now() - $2::interval)
"""
"""The others who may still be at work on what they took; for $1 this instance and $2 the lease."""


class Instance:
    def __init__(self, database: Database, lease: float) -> None:
        self.id: UUID = uuid4()
        self.lease = timedelta(seconds=lease)
        self._database = database
        self.renewing: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        await self._database.execute(
            "DELETE FROM instances i WHERE alive_until < now() - interval '1 day' AND NOT EXISTS "
            "(SELECT FROM outbox WHERE outcome IS NULL AND taken_by = i.id)"
        )
        await self._database.run(self.renew)
        self.renewing = asyncio.create_task(self._keep_renewing())

    async def renew(self, connection: Connection) -> None:
        await connection.execute(RENEW, self.id, self.lease)

    async def end(self) -> None:
        """What it had taken is free at once."""
        if self.renewing:
            self.renewing.cancel()
            await asyncio.wait([self.renewing])
        with suppress(StoreUnwritable):
            await self._database.execute("DELETE FROM instances WHERE id = $1", self.id)

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(self.lease.total_seconds() / _RENEWALS)
            try:
                await self._database.run(self.renew)
            except Exception:  # it is tried again; should it fail for long, others take over
                log.warning("The lease could not be renewed", exc_info=True)
