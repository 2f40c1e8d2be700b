"""What one instance has claimed for itself and no other may do, for an hour: after that nobody asks for it again."""

from uuid import UUID

from storage.postgres.database import Database
from storage.postgres.names import digest

# The claimer's own row is written as it is, and so returned: whoever lost the answer asks again.
_TAKE = """
WITH old AS (DELETE FROM claims WHERE at < now() - interval '1 hour' AND id <> $1)
INSERT INTO claims AS c (id, by, at) VALUES ($1, $2, now())
ON CONFLICT (id) DO UPDATE SET by = $2, at = now() WHERE c.by = $2 OR c.at < now() - interval '1 hour'
RETURNING id
"""


class Claims:
    def __init__(self, database: Database, instance: UUID) -> None:
        self._database = database
        self._instance = instance

    async def take(self, what: str) -> bool:
        return await self._database.fetchrow(_TAKE, digest(what), self._instance) is not None

    async def give_back(self, what: str) -> None:
        await self._database.execute(
            "DELETE FROM claims WHERE id = $1 AND by = $2", digest(what), self._instance
        )
