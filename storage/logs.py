"""Small durable logs beside the journal, written anew when they have grown to twice what was left last time."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar
from zlib import crc32

from storage.extent import Extent, measured
from storage.files import AppendFile, lines_of, with_its_break
from storage.framing import half_written
from storage.grouping import LARGE, GroupCommit
from storage.json_form import from_json, to_json
from storage.store import BrokenChain, StoreUnwritable

log = logging.getLogger(__name__)

COMPACT_ABOVE = 1 << 20
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Entry:
    line: bytes
    then: Callable[[], None]


class EntryLog:
    """JSON, a tab and its CRC-32 a line, each on the disk when ``add`` returns. ``live`` gives the JSON of the lines that
    say all that the log still has to say; it is called on the event loop, what it returns is read in a thread.

    ``extent`` is how far it has been read and acknowledged, ``covered`` how many bytes of that a ``snapshot`` beside it
    has: none once the log was written anew, and then that file is gone."""

    def __init__(
        self,
        path: Path,
        live: Callable[[], Iterable[bytes]],
        *,
        compact_above: int = COMPACT_ABOVE,
        threads: Executor | None = None,
        snapshot: Path | None = None,
    ) -> None:
        self.file = AppendFile(path)
        whole = self.file.whole_lines_end()
        tail = self.file.read(whole, self.file.size - whole)
        if tail and with_its_break(tail, _entry):
            self.file.put_break_right()
        elif tail:
            log.warning("A torn line was dropped", extra={"file": path.name, "bytes": len(tail)})
            self.file.cut(whole)
        self.extent = Extent()
        self.covered = 0
        self.rewrites = 0
        """How often it was written anew: what was copied from it before must not outlive it."""
        self._snapshot = snapshot
        if snapshot:
            remove(half_written(snapshot))
        self._live = live
        self._compact_above = compact_above
        self._left = self._refused = 0
        self._group = GroupCommit[_Entry, None](self._stage, threads=threads)

    def replay(self, read: Callable[[bytes], T], covered: Extent | None = None) -> Iterator[T]:
        """``read`` is given the JSON of each line, which is as it was written, but for those that are ``covered``."""
        known = covered or Extent()
        yield from entries(self.file.path, read, known.size)
        self.extent, self.covered = measured(self.file.path, self.file.size, known), known.size

    def needs(self, size: int) -> None:
        """About how many bytes of it say something still, so that a start doesn't write all of it anew at its first
        entry."""
        self._left = size

    def add(self, line: bytes, then: Callable[[], None]) -> "asyncio.Future[None]":
        """``then`` is called once the line is on the disk, in the order of the lines. StoreUnwritable: it never is."""
        return self._group.submit(_Entry(summed(line), then))

    def _stage(self, entries: Sequence[_Entry]) -> "_Lines":
        stale = self.file.size > max(self._compact_above, 2 * self._left, self._refused * 5 // 4)
        return _Lines(self, entries, self._live() if stale else None)

    def write(self, data: bytes, instead: Iterable[bytes] | None) -> tuple[Extent, bool]:
        """How far it goes now, and whether it was written anew. A disk may have room for an entry and not for a second
        file: then the log stays as it is, until it has grown by a quarter."""
        self.file.append(data)
        extent = self.extent.and_then(data)
        if instead is None:
            return extent, False
        chunks = [*_chunks(map(summed, instead)), data]
        try:
            self.file.replace(chunks)
        except StoreUnwritable as error:
            log.warning(
                "A log could not be written anew", extra={"file": self.file.path.name, "why": str(error)}
            )
            self._refused = self.file.size
            return extent, False
        self._left, self._refused = self.file.size, 0
        self.rewrites += (
            1  # before the snapshot goes, so that whoever writes one meanwhile sees it afterwards
        )
        if self._snapshot:
            remove(self._snapshot)
        return reduce(Extent.and_then, chunks, Extent()), True

    def landed(self, extent: Extent, *, anew: bool) -> None:
        self.extent = extent
        if anew:
            self.covered = 0

    async def usable(self) -> bool:
        """Whether an entry could be added now."""
        if self.file.failed:
            await self._group.between(self.file.try_again)
        return not self.file.failed

    async def end(self) -> None:
        await self._group.end()

    def close(self) -> None:
        self.file.close()


@dataclass(slots=True)
class _Lines:
    log: EntryLog
    entries: Sequence[_Entry]
    instead: Iterable[bytes] | None
    written: tuple[Extent, bool] | None = None

    @property
    def size(self) -> int:
        """A rewrite is large, whatever it comes to."""
        return sum(len(entry.line) for entry in self.entries) + (LARGE if self.instead is not None else 0)

    def write(self) -> None:
        self.written = self.log.write(b"".join(entry.line for entry in self.entries), self.instead)

    def settle(self, error: Exception | None) -> Sequence[Exception | None]:
        if error is None and self.written:
            extent, anew = self.written
            self.log.landed(extent, anew=anew)
            for entry in self.entries:
                entry.then()
        return [error] * len(self.entries)


def entries(path: Path, read: Callable[[bytes], T], start: int = 0) -> Iterator[T]:
    """What a log says from ``start`` on; a last line that is torn or still being written is left out. Raises BrokenChain.
    A log has hundreds of thousands of lines, and a start waits for them: no call for each but ``read``."""
    with path.open("rb") as file:
        file.seek(start)
        for number, line in enumerate(file, start=1):
            entry, tab, told = line.rpartition(b"\t")
            try:
                if not tab or told[-1:] != b"\n" or int(told, 16) != crc32(entry):
                    whole = line if line.endswith(b"\n") else with_its_break(line, _entry)
                    if whole is None:
                        return
                    entry = _entry(whole)
                yield read(entry)
            except ValueError as error:
                before = sum(offset < start for offset, _ in lines_of(path))
                raise BrokenChain(f"{path.name}, line {before + number}", str(error)) from error


def remove(snapshot: Path) -> None:
    """One that is of no use any more, and may hold what its log has forgotten."""
    with suppress(OSError):  # it stays of no use
        snapshot.unlink()


def line_of(entry: Any) -> bytes:
    return to_json(entry) + b"\n"


def summed(line: bytes) -> bytes:
    """A flipped bit would make another message settled, or another card the one to update: nothing else tells."""
    entry = line[:-1]
    return b"%b\t%08x\n" % (entry, crc32(entry))


def _entry(line: bytes) -> bytes:
    """Its JSON. Raises ValueError. A line from before there were sums has none."""
    entry, tab, told = line.rpartition(b"\t")
    if not tab:
        from_json(line)
        return line[:-1]
    if int(told, 16) != crc32(entry):
        raise ValueError("the line is not what was written")
    return entry


def _chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Few large writes instead of many small ones."""
    gathered, size = list[bytes](), 0
    for line in lines:
        gathered.append(line)
        size += len(line)
        if size > LARGE:
            yield b"".join(gathered)
            gathered.clear()
            size = 0
    yield b"".join(gathered)
