"""Connections to the database: what is lost is made anew, and one that is gone is said in one way.

The driver is asyncpg: its pool asks for the password of each new connection anew (Entra's tokens last an hour), it
waits on the event loop itself, and it needs no libpq on the machine. What psycopg 3 could do besides, row factories
and pipelines, a dozen statements do not need.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import asyncpg

from storage.postgres.address import Address
from storage.postgres.entra import EntraPassword, Password
from storage.store import StoreUnusable, StoreUnwritable

CONNECTIONS = 8
_CONNECT = 5.0
_ANSWER = 30.0
"""Seconds that a connection and a statement may take."""

_GONE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a replica, while the service changes over
)

Connection = Any  # what a pool lends: a connection in all but its class
_T = TypeVar("_T")

log = logging.getLogger(__name__)


class _Lost(Exception):
    """The database was not there, or not to the end."""


class Database:
    """``failed``: it was gone, or would not be written to, and nobody has found it well again since."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", entra: EntraPassword | None) -> None:
        self._pool = pool
        self._entra = entra
        self.failed = False

    @classmethod
    async def open(cls, address: Address, *, password: Password | None = None) -> "Database":
        """Raises StoreUnwritable if nobody answers. ``password`` instead of the address's own is asked for with
        every new connection."""
        entra = EntraPassword() if address.entra and password is None else None
        try:
            return cls(await _pool(address, password or entra or address.password), entra)
        except BaseException as error:
            if entra:
                await entra.close()
            if _is_gone(error):
                raise StoreUnwritable(f"{address} does not answer: {_words(error)}") from error
            if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError):
                raise StoreUnusable(f"{address}: {_words(error)}") from error
            raise

    async def run(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        """``work`` with a connection. It is done once more if the connection was lost under it, and so must know
        by itself whether it was done already. Raises StoreUnwritable when the database is gone."""
        try:
            return await self._once(work)
        except _Lost as lost:
            log.info("The database was lost and is asked again", extra={"why": type(lost.__cause__).__name__})
        try:
            return await self._once(work)
        except _Lost as lost:
            self.failed = True
            raise StoreUnwritable(f"the database does not answer: {lost}") from lost.__cause__

    async def _once(self, work: Callable[[Connection], Awaitable[_T]]) -> _T:
        try:
            async with self._pool.acquire(timeout=_ANSWER) as connection:
                return await work(connection)
        except Exception as error:
            if _is_gone(error):
                raise _Lost(_words(error)) from error
            raise

    def lend(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for long, without a second try."""
        return self._pool.acquire(timeout=_ANSWER)

    async def fetch(self, query: str, *arguments: object) -> list[asyncpg.Record]:
        return await self.run(lambda connection: connection.fetch(query, *arguments))

    async def fetchrow(self, query: str, *arguments: object) -> asyncpg.Record | None:
        return await self.run(lambda connection: connection.fetchrow(query, *arguments))

    async def execute(self, query: str, *arguments: object) -> None:
        await self.run(lambda connection: connection.execute(query, *arguments))

    async def close(self) -> None:
        try:
            async with asyncio.timeout(_CONNECT):
                await self._pool.close()
        except (*_GONE, asyncpg.InterfaceError, asyncpg.InternalClientError):
            self._pool.terminate()
        if self._entra:
            await self._entra.close()


async def _pool(address: Address, password: Password | str | None) -> "asyncpg.Pool[asyncpg.Record]":
    tls: dict[str, Any] = {}
    if "sslmode=" not in address.dsn and not address.here:
        # A token is a password that others could use: it goes to nobody but the server of that name.
        tls = {"ssl": True if address.entra else "require"}
    return await asyncpg.create_pool(
        address.for_driver,
        password=password,
        min_size=1,
        max_size=CONNECTIONS,
        timeout=_CONNECT,
        command_timeout=_ANSWER,
        init=_durable,
        reset=_nothing,
        server_settings={"application_name": "riktlinjebot", "idle_in_transaction_session_timeout": "20s"},
        **tls,
    )


async def _durable(connection: Connection) -> None:
    """What is committed is on the disk, whatever the server's own habit; a stricter habit stays."""
    await connection.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )


async def _nothing(_: Connection) -> None:
    """Nothing is set on a connection, so nothing has to be set back: it would be a round trip each time."""


def _is_gone(error: BaseException) -> bool:
    """A connection lost in mid-word is an InterfaceError or what the driver calls internal; so are its complaints
    about what it is given."""
    lost = isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError)
    ours = isinstance(error, asyncpg.ClientConfigurationError | ValueError | TypeError)
    return isinstance(error, _GONE) or (lost and not ours)


def _words(error: BaseException) -> str:
    return str(error).partition("\n")[0] or type(error).__name__
