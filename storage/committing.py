"""Commits on their way to the disk: judged one after the other as if each were alone, written together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from storage.checkpoint import Snapshot
from storage.contents import ContentFile, Written, check
from storage.index import Index
from storage.journal import Journal
from storage.lines import encode, instant, message_doc, message_from, plain
from storage.outbox import Outbox
from storage.store import (
    Appended,
    Content,
    Event,
    Json,
    KeyTaken,
    Message,
    NewEvent,
    Projector,
    Put,
    StoreUnwritable,
    VersionConflict,
)
from storage.tables import ReadSide, packed, unpacked

Outcome = Appended | VersionConflict | KeyTaken
Changes = dict[tuple[str, str], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A commit as it was asked for, checked and copied: nobody can change it any more."""

    stream: str
    events: tuple[tuple[str, Mapping[str, Any]], ...]
    expected: int | None
    actor: str
    at: datetime
    keys: tuple[str, ...]
    contents: tuple[Content, ...]
    owes: tuple[Json, ...]


def requested(
    stream: str,
    events: Sequence[NewEvent],
    *,
    expected: int | None,
    actor: str,
    at: datetime,
    keys: Sequence[str],
    contents: Sequence[Content],
    owes: Sequence[Message],
) -> Request:
    """Raises ValueError or TypeError for what could not be stored as it is."""
    if not events:
        raise ValueError("a commit has at least one event")
    instant(at)
    for content in contents:
        check(content)
    return Request(
        stream=plain(stream),
        events=tuple([(plain(event.kind), plain(event.data)) for event in events]),
        expected=expected,
        actor=plain(actor),
        at=at.astimezone(UTC),
        keys=tuple(dict.fromkeys(plain(list(keys)))),
        contents=tuple(contents),
        owes=tuple([plain(message_doc(message)) for message in owes]),
    )


class Overlay:
    """The read side as it will be once what is on its way is on the disk."""

    def __init__(self, tables: ReadSide) -> None:
        self._tables = tables
        self._settled: Changes = {}
        self._pending: Changes = {}

    def get(self, table: str, key: str) -> Json | None:
        for changes in (self._pending, self._settled):
            if (table, key) in changes:
                row = changes[table, key]
                return None if row is None else unpacked(row)
        return self._tables.get(table, key)

    def project(self, projector: Projector, events: Iterable[Event]) -> None:
        """All of a commit's changes, or none if the projector raises."""
        self._pending = {}
        try:
            for event in events:
                for change in projector(event, self):
                    row = packed(change.doc) if isinstance(change, Put) else None
                    self._pending[change.table, change.key] = row
            self._settled |= self._pending
        finally:
            self._pending = {}

    def apply(self) -> None:
        for (table, key), row in self._settled.items():
            if row is None:
                self._tables.packed.drop(table, key)
            else:
                self._tables.packed.put(table, key, row)
        self._settled = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The parts that one commit changes together."""

    journal: Journal
    contents: ContentFile
    index: Index
    tables: ReadSide
    outbox: Outbox
    projector: Projector

    def replay(self) -> int:
        """Takes in what the journal has beyond what is known, and returns how many events that was."""
        overlay, count = Overlay(self.tables), 0
        for event in self.journal.replay():
            overlay.project(self.projector, (event,))
            overlay.apply()
            self.note(event)
            count += 1
        return count

    def snapshot(self) -> Snapshot:
        """Copies of references only: some milliseconds at 100 000 cases."""
        return Snapshot(
            head=self.journal.head,
            contents_end=self.contents.end,
            offsets=self.journal.offsets[:],
            earlier=self.index.earlier[:],
            versions=self.index.versions[:],
            newest=dict(self.index.newest),
            names=dict(self.index.names),
            places=dict(self.contents.places),
            tables={name: dict(rows) for name, rows in self.tables.packed.tables.items()},
            owing=[(one.message, one.owed_at, one.order) for one in self.outbox.waiting()],
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Only into a record that has taken in nothing yet."""
        self.journal.head, self.journal.offsets = snapshot.head, snapshot.offsets
        self.index.earlier, self.index.versions = snapshot.earlier, snapshot.versions
        self.index.newest, self.index.names = snapshot.newest, snapshot.names
        self.contents.end, self.contents.places = snapshot.contents_end, snapshot.places
        self.tables.packed.tables = snapshot.tables
        for message, owed_at, order in snapshot.owing:
            self.outbox.resume(message, owed_at, order)

    def note(self, event: Event) -> None:
        fresh = [message for message in event.owes if not self._owed_before(message.id)]
        self.index.add(event)
        self.outbox.owe(event, fresh)

    def _owed_before(self, message_id: str) -> bool:
        seq = self.index.owed(message_id)
        return seq is not None and any(one.id == message_id for one in self.journal.read(seq).owes)

    def taken(self, key: str) -> Event | None:
        seq = self.index.took(key)
        if seq is None:
            return None
        event = self.journal.read(seq)
        return event if key in event.keys else None

    def stage(self, requests: Sequence[Request]) -> "Commits":
        return Commits(self, requests)


@dataclass(frozen=True, slots=True)
class _AfterWrite:
    """An outcome that holds only if what stands before it in the batch gets to the disk."""

    outcome: Outcome


@dataclass(slots=True)
class _Ahead:
    """Where the record will be when the batch is on the disk."""

    seq: int
    head: str
    versions: dict[str, int] = field(default_factory=dict)
    keys: dict[str, Event] = field(default_factory=dict)


class Commits:
    """One batch, for ``storage.grouping``."""

    def __init__(self, record: Record, requests: Sequence[Request]) -> None:
        self._record = record
        self._ahead = _Ahead(seq=record.journal.head.seq, head=record.journal.head.hash)
        self._overlay = Overlay(record.tables)
        self._lines: list[bytes] = []
        self._events: list[Event] = []
        self._contents: list[tuple[Content, int]] = []
        self._written: Written | None = None
        self._outcomes = [self._judge(request) for request in requests]

    def _judge(self, request: Request) -> Outcome | _AfterWrite | Exception:
        for key in request.keys:
            if key in self._ahead.keys:
                return _AfterWrite(KeyTaken(key=key, event=self._ahead.keys[key]))
            event = self._record.taken(key)
            if event is not None:
                return KeyTaken(key=key, event=event)
        ahead = self._ahead.versions.get(request.stream)
        actual = self._record.index.version(request.stream) if ahead is None else ahead
        if request.expected is not None and request.expected != actual:
            conflict = VersionConflict(stream=request.stream, expected=request.expected, actual=actual)
            return conflict if ahead is None else _AfterWrite(conflict)
        try:
            return self._accept(request, actual)
        except Exception as error:  # the projector's: it is that commit's bug and no other's
            return error

    def _accept(self, request: Request, version: int) -> _AfterWrite:
        seq, head = self._ahead.seq, self._ahead.head
        made, lines = list[Event](), list[bytes]()
        for place, (kind, data) in enumerate(request.events, start=1):
            first = place == 1
            body = {
                "seq": seq + place,
                "stream": request.stream,
                "version": version + place,
                "at": instant(request.at),
                "actor": request.actor,
                "kind": kind,
                "data": data,
                "keys": request.keys if first else (),
                "owes": request.owes if first else (),
                "left": len(request.events) - place,
                "prev": head,
            }
            line, head = encode(body)
            lines.append(line)
            made.append(_event(body, request, head))
        self._overlay.project(self._record.projector, made)
        self._ahead.seq, self._ahead.head = seq + len(made), head
        self._ahead.versions[request.stream] = version + len(made)
        self._ahead.keys.update(dict.fromkeys(request.keys, made[0]))
        self._lines += lines
        self._events += made
        self._contents += [(content, seq + 1) for content in request.contents]
        return _AfterWrite(Appended(events=tuple(made)))

    @property
    def size(self) -> int:
        return sum(map(len, self._lines)) + sum(len(content.data) for content, _ in self._contents)

    def write(self) -> None:
        """The contents before the events that refer to them."""
        contents = self._record.contents
        self._written = contents.write(self._contents) if self._contents else None
        try:
            self._record.journal.file.append(b"".join(self._lines))
        except StoreUnwritable:
            if self._written:
                contents.take_back(self._written)
            raise

    def settle(self, error: Exception | None) -> Sequence[Outcome | Exception]:
        if error is None and self._events:
            self._land()
        return [self._outcome(outcome, error) for outcome in self._outcomes]

    def _land(self) -> None:
        if self._written:
            self._record.contents.landed(self._written)
        self._record.journal.landed(self._lines, self._ahead.head)
        for event in self._events:
            self._record.note(event)
        self._overlay.apply()

    def _outcome(
        self, outcome: Outcome | _AfterWrite | Exception, error: Exception | None
    ) -> Outcome | Exception:
        if not isinstance(outcome, _AfterWrite):
            return outcome
        return error if error is not None else outcome.outcome


def _event(body: Mapping[str, Any], request: Request, digest: str) -> Event:
    return Event(
        seq=body["seq"],
        stream=request.stream,
        version=body["version"],
        at=request.at,
        actor=request.actor,
        kind=body["kind"],
        data=body["data"],
        keys=body["keys"],
        owes=tuple([message_from(doc) for doc in body["owes"]]),
        left=body["left"],
        prev=body["prev"],
        hash=digest,
    )
