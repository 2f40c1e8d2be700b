"""The embedded store: a journal file with TinyDB beside it as the read side, for one process on one machine."""

import asyncio
import fcntl
import hashlib
import os
import re
import time
from array import array
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median

from storage.contents import ContentFile
from storage.journal import Journal
from storage.lines import body_of, encode, event_from, message_doc, refuse_unstorable
from storage.logs import KeyedLog
from storage.outbox import Outbox
from storage.store import (
    Appended,
    Content,
    Drop,
    Event,
    Json,
    KeyTaken,
    Message,
    NewEvent,
    Owed,
    Projector,
    StoreLocked,
    StoreUnwritable,
    VersionConflict,
)
from storage.tables import ReadSide

SLOW_SYNC = 0.005
"""Seconds: while syncs take less they run on the event loop; a hand-over to a thread costs more than that."""

_REFS = re.compile(r"[0-9a-f]{64}")
Outcome = Appended | VersionConflict | KeyTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    stream: str
    events: tuple[NewEvent, ...]
    expected: int | None
    actor: str
    at: datetime
    keys: tuple[str, ...]
    contents: tuple[Content, ...]
    owes: tuple[Message, ...]
    done: asyncio.Future[Outcome]


@dataclass(slots=True)
class _Batch:
    """Commits that go to the disk together, judged one after the other as if each were alone."""

    lines: list[bytes]
    events: list[Event]
    contents: list[Content]
    accepted: list[tuple[_Request, Appended]]
    refused: list[tuple[_Request, Outcome]]
    versions: dict[str, int]
    keys: dict[bytes, Event]
    head: str


class EmbeddedStore:
    """Everything in one directory. Open it with ``EmbeddedStore.open``; one writing process at a time."""

    def __init__(self, directory: Path, lock: int, projector: Projector) -> None:
        self.directory = directory
        self._lock = lock
        self._projector = projector
        self._journal = Journal(directory / "journal.jsonl")
        self._contents = ContentFile(directory / "contents.jsonl")
        self._outbox = Outbox(directory / "outbox.jsonl")
        self._documents = KeyedLog(directory / "documents.jsonl")
        self._tables = ReadSide()
        self._streams: dict[str, array[int]] = {}
        self._keys: dict[bytes, int] = {}
        self._queue: list[_Request] = []
        self._flushing = False
        self._sync_times: list[float] = [0.0]
        self.syncs = 0

    @classmethod
    async def open(
        cls, directory: Path, *, projector: Projector, clock: Callable[[], datetime] | None = None
    ) -> "EmbeddedStore":
        """Replays and checks the whole journal. Raises StoreLocked or BrokenChain."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # noqa: ASYNC240  before serving
        store = cls(directory, _locked(directory), projector)
        try:
            store._replay()
        except BaseException:
            await store.close()
            raise
        return store

    def _replay(self) -> None:
        referred: set[str] = set()
        for event in self._journal.replay():
            self._apply(event)
            if event.kind != "delivered":
                referred.update(_REFS.findall(str(event.data)))
        self._contents.erase_orphans(frozenset(referred))

    # The journal ----------------------------------------------------------------------------------------

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
        if not events:
            raise ValueError("a commit has at least one event")
        refuse_unstorable([stream, actor, keys, *(event.data for event in events)])
        refuse_unstorable([message_doc(message) for message in owes])
        loop = asyncio.get_running_loop()
        request = _Request(
            stream=stream,
            events=tuple(events),
            expected=expected_version,
            actor=actor,
            at=at,
            keys=tuple(keys),
            contents=tuple(contents),
            owes=tuple(owes),
            done=loop.create_future(),
        )
        self._queue.append(request)
        if len(self._queue) == 1 and not self._flushing:
            # One turn of the loop later, so that all who are ready to write share one sync.
            loop.call_soon(self._flush)
        return await request.done

    def _flush(self) -> None:
        if self._flushing or not self._queue:
            return
        queue, self._queue = self._queue, []
        try:
            batch = self._judge(queue)
        except Exception as error:
            _fail(queue, error)
            return
        if median(self._sync_times) > SLOW_SYNC:
            self._flushing = True
            task = asyncio.get_running_loop().run_in_executor(None, self._write, batch)
            task.add_done_callback(lambda ended: self._written(batch, ended.exception()))
            return
        try:
            self._write(batch)
        except OSError as error:
            self._written(batch, error)
        else:
            self._written(batch, None)

    def _judge(self, queue: Iterable[_Request]) -> _Batch:
        batch = _Batch([], [], [], [], [], {}, {}, self._journal.head)
        for request in queue:
            refusal = self._refusal(request, batch)
            if refusal is not None:
                batch.refused.append((request, refusal))
            else:
                self._accept(request, batch)
        return batch

    def _refusal(self, request: _Request, batch: _Batch) -> VersionConflict | KeyTaken | None:
        for key in request.keys:
            digest = _digest(key)
            event = batch.keys.get(digest) or self._event_of(digest)
            if event is not None:
                return KeyTaken(key=key, event=event)
        actual = self._version(request.stream, batch)
        if request.expected is not None and request.expected != actual:
            return VersionConflict(stream=request.stream, expected=request.expected, actual=actual)
        return None

    def _event_of(self, digest: bytes) -> Event | None:
        seq = self._keys.get(digest)
        return self._journal.read(seq) if seq is not None else None

    def _version(self, stream: str, batch: _Batch) -> int:
        known = batch.versions.get(stream)
        return known if known is not None else len(self._streams.get(stream, ()))

    def _accept(self, request: _Request, batch: _Batch) -> None:
        version, made = self._version(request.stream, batch), list[Event]()
        for index, new in enumerate(request.events):
            left = len(request.events) - index - 1
            body = body_of(
                seq=self._journal.last + len(batch.events) + 1,
                stream=request.stream,
                version=version + index + 1,
                at=request.at,
                actor=request.actor,
                kind=new.kind,
                data=new.data,
                keys=request.keys if index == 0 else (),
                owes=request.owes if left == 0 else (),
                left=left,
                prev=batch.head,
            )
            line, batch.head = encode(body)
            event = event_from(body, batch.head)
            batch.lines.append(line)
            batch.events.append(event)
            made.append(event)
        batch.versions[request.stream] = version + len(made)
        batch.keys.update({_digest(key): made[0] for key in request.keys})
        batch.contents.extend(request.contents)
        batch.accepted.append((request, Appended(events=tuple(made))))

    def _write(self, batch: _Batch) -> None:
        began = time.perf_counter()
        if batch.contents:
            self._contents.append(batch.contents)
        if batch.lines:
            try:
                self._journal.write(batch.lines, batch.head)
            except OSError:
                self._contents.erase([content.ref for content in batch.contents])
                raise
            self.syncs += 1
            self._sync_times = [*self._sync_times[-20:], time.perf_counter() - began]

    def _written(self, batch: _Batch, error: BaseException | None) -> None:
        self._flushing = False
        if error is None:
            for event in batch.events:
                self._apply(event)
            for request, outcome in (*batch.accepted, *batch.refused):
                if not request.done.done():
                    request.done.set_result(outcome)
        else:
            _fail([request for request, _ in (*batch.accepted, *batch.refused)], error)
        if self._queue:
            self._flush()

    def _apply(self, event: Event) -> None:
        self._streams.setdefault(event.stream, array("L")).append(event.seq)
        for key in event.keys:
            self._keys[_digest(key)] = event.seq
        for change in self._projector(event, self._tables):
            table = self._tables.keyed(change.table)
            if isinstance(change, Drop):
                table.drop(change.key)
            else:
                table.put(change.key, change.doc)
        self._outbox.owe(event.owes, event.at)

    async def load(self, stream: str) -> tuple[Event, ...]:
        return tuple(self._journal.read(seq) for seq in self._streams.get(stream, ()))

    async def events(self, after: int = 0) -> AsyncIterator[Event]:
        for seq in range(after + 1, self._journal.last + 1):
            yield self._journal.read(seq)

    async def taken(self, key: str) -> Event | None:
        return self._event_of(_digest(key))

    # Content, read side, outbox, documents --------------------------------------------------------------

    async def content(self, ref: str) -> bytes | None:
        return self._contents.get(ref)

    async def dispose(self, refs: Sequence[str]) -> None:
        try:
            self._contents.erase(refs)
        except OSError as error:
            raise StoreUnwritable(str(error)) from error

    async def get(self, table: str, key: str) -> Json | None:
        return self._tables.get(table, key)

    async def select(self, table: str) -> list[Json]:
        return self._tables.select(table)

    async def due(self, now: datetime, limit: int) -> list[Owed]:
        return self._outbox.due(now, limit)

    async def started(self, message_id: str, at: datetime) -> None:
        await self._outbox.started(message_id, at)

    async def sent(self, message_id: str, at: datetime) -> None:
        await self._outbox.finished(message_id, "sent", at)

    async def postponed(self, message_id: str, until: datetime) -> None:
        await self._outbox.postponed(message_id, until)

    async def given_up(self, message_id: str, at: datetime, why: str) -> None:
        await self._outbox.finished(message_id, "given_up", at, why)

    async def put_document(self, collection: str, key: str, doc: Json) -> None:
        await self._documents.put(f"{collection}/{key}", doc)

    async def document(self, collection: str, key: str) -> Json | None:
        return self._documents.docs.get(f"{collection}/{key}")

    async def documents(self, collection: str) -> dict[str, Json]:
        prefix = f"{collection}/"
        return {
            key.removeprefix(prefix): doc
            for key, doc in self._documents.docs.items()
            if key.startswith(prefix)
        }

    async def drop_document(self, collection: str, key: str) -> None:
        await self._documents.put(f"{collection}/{key}", None)

    async def close(self) -> None:
        while self._flushing or self._queue:  # noqa: ASYNC110  a batch ends within milliseconds
            await asyncio.sleep(0)
        for part in (self._journal, self._contents, self._outbox, self._documents):
            part.close()
        os.close(self._lock)


def _locked(directory: Path) -> int:
    fd = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        owner = os.pread(fd, 20, 0).decode("ascii", "replace").strip()
        os.close(fd)
        raise StoreLocked(f"{directory} is in use by another process ({owner or 'unknown'})") from error
    os.ftruncate(fd, 0)
    os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
    return fd


def _digest(key: str) -> bytes:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _fail(requests: Iterable[_Request], error: BaseException) -> None:
    cause = StoreUnwritable(str(error)) if isinstance(error, OSError) else error
    for request in requests:
        if not request.done.done():
            request.done.set_exception(cause)
