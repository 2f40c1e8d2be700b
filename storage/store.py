"""What every store promises, whether it is files beside the process or a database server."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

Json = dict[str, Any]

GENESIS = "0" * 64

LONGEST_POSTPONEMENT = timedelta(hours=1)
"""One that lies further ahead comes from a clock that was wrong, and is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What happened, before the store has given it a place in the chain. ``data`` is canonical-JSON-safe
    and holds no texts, names of the public or files: only references into the content store."""

    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something the bot owes somebody. ``id`` is derived from what causes it, so that it is owed once.

    ``to`` is ``person:<object id>`` or ``conversation:<conversation id>``; ``kind`` names what to render and
    ``subject`` what it is about (a case designation, mostly). It holds no texts.
    """

    id: str
    to: str
    kind: str
    subject: str
    data: Mapping[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One link of the chain. ``keys`` are the idempotency keys it took; ``left`` counts the events of the
    same commit that follow it, so that a commit torn in two is recognised."""

    seq: int
    stream: str
    version: int
    at: datetime
    actor: str
    kind: str
    data: Mapping[str, Any]
    keys: tuple[str, ...]
    owes: tuple[Message, ...]
    left: int
    prev: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """An erasable text or file. ``ref`` is the hex SHA-256 of salt followed by data."""

    ref: str
    salt: bytes
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionConflict:
    """Somebody else got there first: ``actual`` is the stream's version now."""

    stream: str
    expected: int
    actual: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTaken:
    """The same thing was recorded before: ``event`` is what was recorded then."""

    key: str
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """A read-side document to store; one it replaces is replaced whole."""

    table: str
    key: str
    doc: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    table: str
    key: str


class Tables(Protocol):
    """The read side as a projector sees it."""

    def get(self, table: str, key: str) -> Json | None: ...


Projector = Callable[[Event, Tables], Iterable[Put | Drop]]
Change = Callable[[Json | None], Json | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message in the outbox with how far it has come. ``unknown`` is true when an earlier attempt was
    started and nobody knows how it ended."""

    message: Message
    owed_at: datetime
    attempts: int
    unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What the outbox still owes: how many messages, and since when the first of them."""

    depth: int
    oldest: datetime | None


class StoreUnwritable(Exception):
    """The disk is full, read-only or gone, or the database is: nothing of the commit was recorded, and the store
    goes on by itself once that is mended. A lost database cannot be read from either, and says so in this way."""


class StoreUnsure(StoreUnwritable):
    """The database was lost while it recorded, and did not come back to say whether it did. Asking for the same thing
    again is safe: its keys tell."""


class StoreLocked(Exception):
    """Another process writes to the same place."""


class StoreUnusable(Exception):
    """What is there is no store that this program can work with."""


class BrokenChain(Exception):
    """The journal is not what was written: ``where`` names the first place (file, line or seq) that is wrong."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class NoRecord(BrokenChain):
    """There is none at that place (yet)."""


class Store(Protocol):
    """The record. Nothing returns before what it did is durable.

    One ``append`` is one commit: all its events, contents, keys and owed messages, or none. ``expected_version``
    None means "after whatever is there". ``keys`` must be new to the whole store; a taken one returns
    ``KeyTaken`` and records nothing (checked before the version). Contents are stored (durable) no later than the events
    that refer to them.
    """

    async def append(
        self,
        stream: str,
        events: Sequence[NewEvent],
        *,
        expected_version: int | None,
        actor: str,
        at: datetime,
        keys: Sequence[str] = (),
        contents: Sequence[Content] = (),
        owes: Sequence[Message] = (),
    ) -> Appended | VersionConflict | KeyTaken: ...

    async def load(self, stream: str) -> tuple[Event, ...]: ...

    def events(self, after: int = 0) -> AsyncIterator[Event]: ...

    async def taken(self, key: str) -> Event | None: ...

    async def content(self, ref: str) -> bytes | None:
        """None once disposed of."""
        ...

    async def dispose(self, refs: Sequence[str]) -> None:
        """Destroys content and salt for good; idempotent."""
        ...

    # Read side, kept by the projector in the same commit.

    async def get(self, table: str, key: str) -> Json | None: ...

    async def select(self, table: str) -> list[Json]:
        """All documents of one table; costs O(that table)."""
        ...

    async def count(self, table: str) -> int: ...

    async def oldest(self, table: str) -> Json | None:
        """The document whose key has been in the table longest, however often it was replaced; costs O(1)."""
        ...

    # The outbox.

    async def due(self, now: datetime, limit: int) -> list[Owed]:
        """Messages to send now, oldest first: neither sent, given up nor started by a living process."""
        ...

    async def started(self, message_id: str, at: datetime) -> None:
        """Durable before the request leaves, so that a crash in mid-send is known to be *unknown*."""
        ...

    async def sent(self, message_id: str, at: datetime) -> None: ...

    async def postponed(self, message_id: str, until: datetime) -> None:
        """The attempt certainly did not deliver; try again later, after ``LONGEST_POSTPONEMENT`` at most."""
        ...

    async def given_up(self, message_id: str, at: datetime, why: str) -> None: ...

    async def backlog(self) -> Backlog: ...

    # Small operational documents that are not part of the record: addresses of people, cards sent, choices.

    async def put_document(self, collection: str, key: str, doc: Json) -> None: ...

    async def add_document(self, collection: str, key: str, doc: Json) -> Json:
        """Only if there is none, whoever else adds one at the same time; the one that then is there."""
        ...

    async def change_document(self, collection: str, key: str, change: Change) -> None:
        """Nobody else's change comes in between. ``change`` gets what is there (None if nothing is) and may be asked
        twice; what it gives is kept in its place, and None leaves it as it is."""
        ...

    async def document(self, collection: str, key: str) -> Json | None: ...

    async def documents(self, collection: str) -> dict[str, Json]: ...

    async def drop_document(self, collection: str, key: str, *, only: Json | None = None) -> None:
        """``only``: as it was read, and not if anybody has put another one in its place since."""
        ...

    # What several processes must not do twice.

    async def claim(self, what: str) -> bool:
        """Whether none of the other processes that write to this record has claimed it, in the last hour at least."""
        ...

    async def unclaim(self, what: str) -> None: ...

    async def writable(self) -> bool:
        """Whether a write would be durable now. The disk or the database is only tried if it refused the last one."""
        ...

    async def close(self) -> None: ...
