"""The embedded store's two ends of a move."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from storage import contents, lines, logs, outbox
from storage.chain import Verified
from storage.embedded import EmbeddedStore
from storage.files import make_directory, sync_directory, write_all, write_new
from storage.moving import Kept, NotMoved, Pending, Source
from storage.reading import is_record, verify
from storage.store import Event, Json, Projector, StoreUnwritable

_GATHERED = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class FileSource:
    """The store is open meanwhile, so that nobody else writes to it and what a crash left is tidied up."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store

    @classmethod
    @asynccontextmanager
    async def open(cls, directory: Path, projector: Projector) -> AsyncIterator["FileSource"]:
        if not is_record(directory):
            raise NotMoved(f"there is no record in {directory}")
        store = await EmbeddedStore.open(directory, projector=projector)
        try:
            yield cls(store)
        finally:
            await store.close()

    async def verify(self) -> Verified:
        return verify(self._store.directory)

    def events(self) -> AsyncIterator[Event]:
        return self._store.events()

    async def contents(self) -> AsyncIterator[Kept]:
        for _, line in self._store.record.contents.file.lines():
            heading = contents.heading_of(line)
            yield Kept(ref=heading.ref, seq=heading.seq, content=contents.read_line(line))

    async def pending(self) -> dict[str, Pending]:
        return {
            one.message.id: Pending(
                attempts=one.progress.attempts, unknown=one.progress.unknown, not_before=one.not_before
            )
            for one in self._store.record.outbox.waiting()
        }

    async def documents(self) -> AsyncIterator[tuple[str, str, Json]]:
        for name in self._store.collections():
            for key, doc in (await self._store.documents(name)).items():
                yield name, key, doc


class FileTarget:
    """Written beside the folder that it becomes in the end, in one step."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._new = directory.with_name(f"{directory.name}.moving")

    @classmethod
    @asynccontextmanager
    async def open(cls, directory: Path) -> AsyncIterator["FileTarget"]:
        target = cls(directory)
        target._prepare()
        try:
            yield target
        finally:
            shutil.rmtree(target._new, ignore_errors=True)

    def _prepare(self) -> None:
        if self._directory.exists() and any(self._directory.iterdir()):
            raise NotMoved(f"{self._directory} is not empty")
        if self._new.exists():
            raise NotMoved(f"{self._new} is in the way: what an earlier move left")
        make_directory(self._new)

    async def take(self, source: Source, projector: Projector) -> Verified:
        events = await _write(self._new / "journal.jsonl", _journal(source))
        await _write(self._new / "contents.jsonl", _contents(source))
        await _write(self._new / "documents.jsonl", _documents(source))
        write_new(self._new / "outbox.jsonl", _outbox(events, await source.pending()))
        found = verify(self._new)
        sync_directory(self._new)
        self._new.replace(self._directory)
        sync_directory(self._directory.parent)
        return found


async def _write(path: Path, lines: AsyncIterator[bytes]) -> int:
    """On the disk when it returns how many lines that were."""
    fd, count, size, gathered = os.open(path, _NEW, 0o600), 0, 0, bytearray()
    try:
        async for line in lines:
            gathered += line
            count += 1
            if len(gathered) > _GATHERED:
                write_all(fd, bytes(gathered), size)
                size += len(gathered)
                gathered.clear()
        write_all(fd, bytes(gathered), size)
        os.fsync(fd)
    except OSError as error:
        raise StoreUnwritable(f"{path.name}: {error.strerror or error}") from error
    finally:
        os.close(fd)
    return count


async def _journal(source: Source) -> AsyncIterator[bytes]:
    async for event in source.events():
        yield lines.again(event)


async def _contents(source: Source) -> AsyncIterator[bytes]:
    async for one in source.contents():
        yield (
            contents.line_of(one.content, one.seq) if one.content else contents.gone_line(one.ref, one.seq)
        )


async def _documents(source: Source) -> AsyncIterator[bytes]:
    async for document in source.documents():
        yield logs.summed(logs.line_of(document))


def _outbox(events: int, pending: Mapping[str, Pending]) -> Iterator[bytes]:
    yield logs.summed(outbox.through(events))
    for message_id, one in pending.items():
        progress = outbox.Progress(
            attempts=one.attempts,
            unknown=one.unknown,
            until=lines.instant(one.not_before) if one.not_before else None,
        )
        yield logs.summed(outbox.entry(message_id, progress))
