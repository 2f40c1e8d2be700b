"""Commits judged one after the other as if each were alone: what every store decides in the same way.

The hash of an event is made here and nowhere else, so that a record has the same hashes wherever it lies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from storage.contents import checked
from storage.lines import encode, instant, message_doc, message_from, plain
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
    Tables,
    VersionConflict,
)
from storage.tables import Changes, packed, unpacked

Outcome = Appended | VersionConflict | KeyTaken


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


async def requested(
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
    request = Request(
        stream=plain(stream),
        events=tuple([(plain(event.kind), plain(event.data)) for event in events]),
        expected=expected,
        actor=plain(actor),
        at=at.astimezone(UTC),
        keys=tuple(dict.fromkeys(plain(list(keys)))),
        contents=tuple(contents),
        owes=tuple([plain(message_doc(message)) for message in owes]),
    )
    for content in request.contents:
        await checked(content)
    return request


class Overlay:
    """The read side as it will be once what is on its way is on the disk."""

    def __init__(self, tables: Tables) -> None:
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

    def settled(self) -> Changes:
        """What there is to store; the overlay is empty again."""
        changes, self._settled = self._settled, {}
        return changes


class Known(Tables, Protocol):
    """The record as it stands, for those who judge what may follow."""

    def taken(self, key: str) -> Event | None: ...

    def version(self, stream: str) -> int: ...


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


class Judged:
    """A batch of commits with what each comes to. ``lines``, ``events``, ``contents`` (each with the first event
    of its commit) and ``changes`` are what has to be written; ``seq`` and ``head`` are where the chain will end."""

    def __init__(
        self, known: Known, projector: Projector, requests: Sequence[Request], *, seq: int, head: str
    ) -> None:
        self._known = known
        self._projector = projector
        self._overlay = Overlay(known)
        self._ahead = _Ahead(seq=seq, head=head)
        self.lines: list[bytes] = []
        self.events: list[Event] = []
        self.contents: list[tuple[Content, int]] = []
        self._outcomes = [self._judge(request) for request in requests]
        self.changes = self._overlay.settled()

    @property
    def seq(self) -> int:
        return self._ahead.seq

    @property
    def head(self) -> str:
        return self._ahead.head

    def outcomes(self, error: Exception | None = None) -> list[Outcome | Exception]:
        """One a request, now that all is written or ``error`` kept it from being."""
        return [_outcome(outcome, error) for outcome in self._outcomes]

    def _judge(self, request: Request) -> Outcome | _AfterWrite | Exception:
        for key in request.keys:
            if key in self._ahead.keys:
                return _AfterWrite(KeyTaken(key=key, event=self._ahead.keys[key]))
            event = self._known.taken(key)
            if event is not None:
                return KeyTaken(key=key, event=event)
        ahead = self._ahead.versions.get(request.stream)
        actual = self._known.version(request.stream) if ahead is None else ahead
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
        self._overlay.project(self._projector, made)
        self._ahead.seq, self._ahead.head = seq + len(made), head
        self._ahead.versions[request.stream] = version + len(made)
        self._ahead.keys.update(dict.fromkeys(request.keys, made[0]))
        self.lines += lines
        self.events += made
        self.contents += [(content, seq + 1) for content in request.contents]
        return _AfterWrite(Appended(events=tuple(made)))


def _outcome(outcome: Outcome | _AfterWrite | Exception, error: Exception | None) -> Outcome | Exception:
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
