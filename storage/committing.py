"""Commits on their way to the disk: judged together, written together."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.checkpoint import Snapshot
from storage.contents import ContentFile, Written
from storage.index import Index
from storage.journal import Journal
from storage.judging import Judged, Outcome, Overlay, Request
from storage.outbox import Outbox
from storage.store import Event, Json, Projector, StoreUnwritable
from storage.tables import ReadSide

_FEW = 4096
"""Entries that are not worth a checkpoint of their own."""


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
            self.tables.packed.change(overlay.settled())
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
            names=self.index.names.copy(),
            places=self.contents.places.copy(),
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

    @property
    def is_unsettled(self) -> bool:
        """Whether the next start would hold much of what is known at six times its size."""
        known = (self.index.names, self.contents.places)
        return any(len(one.later) > max(_FEW, len(one.keys) // 4) for one in known)

    def settle(self) -> None:
        """Takes a part of a second: for a start."""
        self.index.names, self.contents.places = self.index.names.settled(), self.contents.places.settled()

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

    def version(self, stream: str) -> int:
        return self.index.version(stream)

    def get(self, table: str, key: str) -> Json | None:
        return self.tables.get(table, key)

    def stage(self, requests: Sequence[Request]) -> "Commits":
        return Commits(self, requests)


class Commits:
    """One batch, for ``storage.grouping``."""

    def __init__(self, record: Record, requests: Sequence[Request]) -> None:
        head = record.journal.head
        self._record = record
        self._judged = Judged(record, record.projector, requests, seq=head.seq, head=head.hash)
        self._written: Written | None = None

    @property
    def size(self) -> int:
        judged = self._judged
        return sum(map(len, judged.lines)) + sum(len(content.data) for content, _ in judged.contents)

    def write(self) -> None:
        """The contents before the events that refer to them."""
        contents, judged = self._record.contents, self._judged
        self._written = contents.write(judged.contents) if judged.contents else None
        try:
            self._record.journal.file.append(b"".join(judged.lines))
        except StoreUnwritable:
            if self._written:
                contents.take_back(self._written)
            raise

    def settle(self, error: Exception | None) -> Sequence[Outcome | Exception]:
        if error is None and self._judged.events:
            self._land()
        return self._judged.outcomes(error)

    def _land(self) -> None:
        if self._written:
            self._record.contents.landed(self._written)
        self._record.journal.landed(self._judged.lines, self._judged.head)
        for event in self._judged.events:
            self._record.note(event)
        self._record.tables.packed.change(self._judged.changes)
