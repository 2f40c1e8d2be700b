"""From a STORAGE_URL to a store, or to a record that is only read."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.chain import Verified
from storage.embedded import EmbeddedStore, Tidying
from storage.postgres.address import WrongAddress, is_postgres, parse
from storage.reading import Reading, is_record
from storage.store import Event, NoRecord, Projector, Store, StoreUnwritable


class UnsupportedStorage(ValueError):
    """The address names no store that is built in."""


class Record(Protocol):
    """A store as those see it who only read it, beside those who write."""

    def events(self) -> AsyncIterator[Event]: ...

    async def content(self, ref: str) -> bytes | None: ...

    def beside(self, newest: int) -> AsyncIterator[None]:
        """Looks, bit by bit, at what a start reads besides the events up to ``newest``. Raises what keeps the start
        from going on."""
        ...

    async def verify(self) -> Verified:
        """Raises BrokenChain at the first broken place."""
        ...


def problem_of(url: str) -> str | None:
    """What is wrong with an address, in words that do not repeat it: it may hold a password."""
    if is_in_files(url):
        return None if url.partition(":")[2] else "is not of the form tinydb:FOLDER"
    if not is_postgres(url):
        return "is not of the form tinydb:FOLDER or postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    try:
        parse(url)
    except WrongAddress as error:
        return str(error)
    return None


def is_in_files(url: str) -> bool:
    return url.partition(":")[0] == "tinydb"


def directory_of(url: str) -> Path:
    """The folder of a ``tinydb:`` address."""
    if not is_in_files(url) or problem_of(url):
        raise UnsupportedStorage("the address is not of the form tinydb:FOLDER")
    return Path(url.partition(":")[2])


async def open_store(
    url: str, *, projector: Projector, clock: Callable[[], datetime], tidying: Tidying | None = None
) -> Store:
    """Raises StoreUnwritable for a folder that can't be made or used, and what the store's own ``open`` raises."""
    if is_in_files(url):
        return await _open_files(directory_of(url), projector, clock, tidying)
    # The driver costs a tenth of a second and some megabytes that a bot with files need not pay.
    from storage.postgres.store import PostgresStore  # noqa: PLC0415

    return await PostgresStore.open(parse(url), projector=projector, clock=clock)


async def _open_files(
    directory: Path, projector: Projector, clock: Callable[[], datetime], tidying: Tidying | None
) -> Store:
    try:
        return await EmbeddedStore.open(directory, projector=projector, clock=clock, tidying=tidying)
    except OSError as error:
        raise StoreUnwritable(f"{directory}: {error.strerror or error}") from error


def open_record(url: str) -> AbstractAsyncContextManager[Record]:
    """Raises NoRecord if there is none."""
    if is_in_files(url):
        return _files(directory_of(url))
    from storage.postgres.reading import PostgresReading  # noqa: PLC0415

    return PostgresReading.open(parse(url))


@asynccontextmanager
async def _files(directory: Path) -> AsyncIterator[Record]:
    if not is_record(directory):
        raise NoRecord(str(directory), "there is no record")
    yield Reading(directory)
