"""Moving a whole record into another store: events as they are, so that the chain and its hashes stay the same."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.chain import Verified
from storage.opening import directory_of, is_in_files
from storage.postgres.address import parse
from storage.store import Content, Event, Json, Projector


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A content with the first event of the commit that brought it; None once it was disposed of."""

    ref: str
    seq: int
    content: Content | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """How far a message has come that is still to be sent."""

    attempts: int
    unknown: bool
    not_before: datetime | None


class Source(Protocol):
    """A record that nobody writes to meanwhile."""

    async def verify(self) -> Verified: ...

    def events(self) -> AsyncIterator[Event]: ...

    def contents(self) -> AsyncIterator[Kept]: ...

    async def pending(self) -> dict[str, Pending]:
        """By message id; what else was ever owed is done."""
        ...

    def documents(self) -> AsyncIterator[tuple[str, str, Json]]:
        """Collection, key and document."""
        ...


class Target(Protocol):
    async def take(self, source: Source, projector: Projector) -> Verified:
        """All of it; nobody sees any before all is there and was verified."""
        ...


class NotMoved(Exception):
    """The target is not empty, or what arrived there is not what the source has."""


async def migrate(source: str, target: str, *, projector: Projector) -> Verified:
    """From one address to the other. Raises StoreLocked while a bot runs on the source, NotMoved, BrokenChain."""
    async with _source(source, projector) as here, _target(target) as there:
        found = await here.verify()
        moved = await there.take(here, projector)
    if (found.events, found.head, found.contents, found.disposed) != (
        moved.events,
        moved.head,
        moved.contents,
        moved.disposed,
    ):
        raise NotMoved("the record changed while it was moved: move it again into another place")
    return moved


def _source(url: str, projector: Projector) -> AbstractAsyncContextManager[Source]:
    if is_in_files(url):
        from storage.moving_files import FileSource  # noqa: PLC0415  it needs what is defined here

        return FileSource.open(directory_of(url), projector)
    from storage.postgres.moving import PostgresSource  # noqa: PLC0415

    return PostgresSource.open(parse(url))


def _target(url: str) -> AbstractAsyncContextManager[Target]:
    if is_in_files(url):
        from storage.moving_files import FileTarget  # noqa: PLC0415

        return FileTarget.open(directory_of(url))
    from storage.postgres.moving import PostgresTarget  # noqa: PLC0415

    return PostgresTarget.open(parse(url))
