"""The embedded store: a journal file with TinyDB beside it as the read side, for one process on one machine."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from storage import checkpoint
from storage.committing import Record
from storage.contents import LARGE, ContentFile
from storage.documents import Documents
from storage.erasing import Erasure
from storage.files import make_directory
from storage.grouping import GroupCommit, handed_over
from storage.index import Index
from storage.journal import Journal
from storage.judging import Outcome, Request, requested
from storage.locking import lock
from storage.logs import COMPACT_ABOVE
from storage.outbox import Outbox
from storage.store import (
    Backlog,
    Change,
    Content,
    Event,
    Json,
    Message,
    NewEvent,
    Owed,
    Projector,
    StoreUnwritable,
)
from storage.tables import ReadSide

log = logging.getLogger(__name__)

CHECKPOINT_AT_CLOSE = 1024

_SETTLED_FROM = 10_000
"""Events that a start has read: what it has learned of them takes a sixth of the memory when it is settled."""

_PATIENCE = 0.05
"""Seconds that a commit waits at most for others on their way; a lone one never waits."""

_NOT_COVERED = "No checkpoint could be written; the next start takes longer"

_WRITERS = 5
"""Commits, erasures, the outbox, documents, a checkpoint: none waits for a thread. They share the few that it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidying:
    """When files are written anew: a checkpoint every so many events, which a start after a crash replays at most in
    a fraction of a second, and a log beside the journal once it has so many bytes and twice what it needs."""

    checkpoint_every: int = 4096
    compact_above: int = COMPACT_ABOVE


class EmbeddedStore:
    """Everything in one directory. Open it with ``EmbeddedStore.open``; one writing process at a time."""

    def __init__(
        self, directory: Path, projector: Projector, tidying: Tidying, threads: Executor, held: ExitStack
    ) -> None:
        self.directory = directory
        self._held = held
        self._threads = threads
        self._checkpoint_every = tidying.checkpoint_every
        journal = Journal(directory / "journal.jsonl")
        held.callback(journal.close)
        contents = ContentFile(directory / "contents.jsonl")
        held.callback(contents.close)
        outbox = Outbox(directory / "outbox.jsonl", compact_above=tidying.compact_above, threads=threads)
        held.callback(outbox.close)
        self._documents = Documents(
            directory / "documents.jsonl", compact_above=tidying.compact_above, threads=threads
        )
        held.callback(self._documents.close)
        self.record = Record(
            journal=journal,
            contents=contents,
            index=Index(),
            tables=ReadSide(),
            outbox=outbox,
            projector=projector,
        )
        self._checkpoint = directory / "checkpoint"
        self._code = checkpoint.code_of(projector)
        self._covered = 0
        self._covering: asyncio.Future[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._erasures = GroupCommit[Sequence[str], None](partial(Erasure, contents), threads=threads)
        self._commits = GroupCommit[Request, Outcome](self.record.stage, threads=threads, patience=_PATIENCE)

    @classmethod
    async def open(
        cls,
        directory: Path,
        *,
        projector: Projector,
        clock: Callable[[], datetime] | None = None,
        tidying: Tidying | None = None,
    ) -> "EmbeddedStore":
        """Replays and checks the journal, in a thread: the event loop has probes to answer meanwhile. Raises
        StoreLocked or BrokenChain. ``clock`` is for stores that need it."""
        make_directory(directory)
        threads = ThreadPoolExecutor(_WRITERS, thread_name_prefix="store")
        opened = partial(cls._opened, directory, projector, tidying or Tidying(), threads)
        opening = asyncio.wrap_future(handed_over(threads, opened))
        opening.add_done_callback(partial(_opened_or_not, threads))
        try:
            store = await asyncio.shield(opening)
        except asyncio.CancelledError:  # the thread can't be: what it opens is closed again
            opening.add_done_callback(_let_go)
            await asyncio.wait([opening])
            raise
        store._cover(store._checkpoint_every)
        return store

    @classmethod
    def _opened(
        cls, directory: Path, projector: Projector, tidying: Tidying, threads: Executor
    ) -> "EmbeddedStore":
        with ExitStack() as held:
            held.callback(os.close, lock(directory))
            store = cls(directory, projector, tidying, threads, held)
            store._replay()
            store._held = held.pop_all()
            store._held.callback(threads.shutdown)  # last in, so the threads end before the files are closed
        return store

    def _replay(self) -> None:
        record = self.record
        known = checkpoint.read(self._checkpoint, record.journal.path, self._code)
        if known is not None:
            record.restore(known)
            self._covered = known.head.seq
        replayed = record.replay()
        record.contents.scan(record.journal.head.seq)
        if replayed > _SETTLED_FROM:
            record.settle()
        record.outbox.replayed(record.journal.head.seq)

    def _cover(self, events: int, *, last: bool = False) -> None:
        """Begins a checkpoint in a thread if there are so many events after the last one, and with it, or at the end,
        one of the documents."""
        head = self.record.journal.head.seq
        code = self._code if head - self._covered >= events else None
        if self._covering or not (code or last) or (self._closing and not last):
            return
        writing = list[Callable[[], None]]()
        if code:
            self._covered = head
            snapshot = self.record.snapshot()
            writing.append(partial(checkpoint.write, self._checkpoint, snapshot, code, last=last))
        writing += self._documents.uncovered(last=last)
        try:
            covering = handed_over(self._threads, partial(_one_by_one, writing))
        except StoreUnwritable:
            log.warning(_NOT_COVERED)
            return
        self._covering = asyncio.wrap_future(covering)
        self._covering.add_done_callback(self._has_covered)

    def _has_covered(self, done: "asyncio.Future[None]") -> None:
        self._covering = None
        if not done.cancelled() and done.exception() is not None:
            log.warning(_NOT_COVERED)

    @property
    def syncs(self) -> int:
        """How many syncs appends have cost, contents included."""
        return self.record.journal.file.syncs + self.record.contents.file.syncs

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
    ) -> Outcome:
        outcome = await self._commits.submit(
            await requested(
                stream,
                events,
                expected=expected_version,
                actor=actor,
                at=at,
                keys=keys,
                contents=contents,
                owes=owes,
            )
        )
        self._cover(self._checkpoint_every)
        return outcome

    async def load(self, stream: str) -> tuple[Event, ...]:
        return tuple([self.record.journal.read(seq) for seq in self.record.index.of(stream)])

    async def events(self, after: int = 0) -> AsyncIterator[Event]:
        for seq in range(after + 1, self.record.journal.head.seq + 1):
            yield self.record.journal.read(seq)

    async def taken(self, key: str) -> Event | None:
        return self.record.taken(key)

    async def content(self, ref: str) -> bytes | None:
        contents = self.record.contents
        if contents.length(ref) > LARGE:
            return await asyncio.to_thread(contents.get, ref)
        return contents.get(ref)

    async def dispose(self, refs: Sequence[str]) -> None:
        await self._erasures.submit(refs)

    async def get(self, table: str, key: str) -> Json | None:
        return self.record.tables.get(table, key)

    async def select(self, table: str) -> list[Json]:
        return self.record.tables.select(table)

    async def count(self, table: str) -> int:
        return self.record.tables.count(table)

    async def oldest(self, table: str) -> Json | None:
        return self.record.tables.oldest(table)

    async def due(self, now: datetime, limit: int) -> list[Owed]:
        return self.record.outbox.due(now, limit)

    async def started(self, message_id: str, at: datetime) -> None:
        await self.record.outbox.started(message_id, at)

    async def sent(self, message_id: str, at: datetime) -> None:
        await self.record.outbox.finished(message_id, "sent", at)

    async def postponed(self, message_id: str, until: datetime) -> None:
        await self.record.outbox.postponed(message_id, until)

    async def given_up(self, message_id: str, at: datetime, why: str) -> None:
        await self.record.outbox.finished(message_id, "given_up", at, why)

    async def backlog(self) -> Backlog:
        return self.record.outbox.backlog()

    async def put_document(self, collection: str, key: str, doc: Json) -> None:
        await self._documents.put(collection, key, doc)

    async def add_document(self, collection: str, key: str, doc: Json) -> Json:
        return await self._documents.add(collection, key, doc)

    async def change_document(self, collection: str, key: str, change: Change) -> None:
        await self._documents.change(collection, key, change)

    async def document(self, collection: str, key: str) -> Json | None:
        return self._documents.get(collection, key)

    async def documents(self, collection: str) -> dict[str, Json]:
        return self._documents.all(collection)

    def collections(self) -> list[str]:
        """Of documents."""
        return self._documents.collections()

    async def drop_document(self, collection: str, key: str, *, only: Json | None = None) -> None:
        await self._documents.drop(collection, key, only)

    async def claim(self, what: str) -> bool:
        """There is no other process."""
        return True

    async def unclaim(self, what: str) -> None:
        pass

    async def writable(self) -> bool:
        if self._closing:
            return False
        files = (self.record.journal.file, self.record.contents.file)
        logs = (self.record.outbox, self._documents)
        for file in files:
            if file.failed:
                await self._commits.between(file.try_again)
        return all([await one.usable() for one in logs]) and not any(file.failed for file in files)

    async def close(self) -> None:
        """Waits for what is being written and refuses what comes after. Idempotent: whoever calls it waits until all is
        closed, and who stops waiting keeps nothing open."""
        if self._closing is None:
            self._closing = asyncio.ensure_future(self._close())
        await asyncio.shield(self._closing)

    async def _close(self) -> None:
        try:
            for part in (self._commits, self._erasures, self.record.outbox, self._documents):
                await part.end()
            await self._has_ended()
            self._cover(0 if self.record.is_unsettled else CHECKPOINT_AT_CLOSE, last=True)
            await self._has_ended()
        finally:
            self._held.close()

    async def _has_ended(self) -> None:
        """What is being covered."""
        if self._covering:
            await asyncio.wait([self._covering])


def _opened_or_not(threads: Executor, opening: "asyncio.Future[EmbeddedStore]") -> None:
    if opening.cancelled() or opening.exception() is not None:
        threads.shutdown(wait=False)


def _let_go(opening: "asyncio.Future[EmbeddedStore]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result()._held.close()


def _one_by_one(parts: Sequence[Callable[[], None]]) -> None:
    for part in parts:
        part()
