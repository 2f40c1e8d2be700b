"""Whether this user could write to the database, found out and taken back."""

import asyncpg

from storage.postgres.address import parse
from storage.postgres.database import Connection, Database
from storage.store import StoreUnwritable


async def try_writing(url: str) -> None:
    """Raises StoreUnwritable or StoreUnusable."""
    database = await Database.open(parse(url))
    try:
        await database.run(_try)
    except asyncpg.PostgresError as error:
        raise StoreUnwritable(f"the database refuses: {error}") from error
    finally:
        await database.close()


async def _try(connection: Connection) -> None:
    transaction = connection.transaction()
    await transaction.start()
    try:
        if await connection.fetchval("SELECT to_regclass('chain')") is None:
            await connection.execute("CREATE TABLE riktlinjebot_check (x integer)")
        else:
            await connection.execute("INSERT INTO turns (what) VALUES ('check')")
    finally:
        await transaction.rollback()
