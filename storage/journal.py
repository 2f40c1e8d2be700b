"""The append-only journal: one chained line an event, group-committed, torn tail dropped, lock on the file."""

import logging
import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.files import open_log, write_all
from storage.lines import decode
from storage.store import GENESIS, BrokenChain, Event

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A whole line in a journal file; ``number`` counts lines from 1."""

    number: int
    offset: int
    line: bytes


def whole_lines(path: Path) -> Iterator[Place]:
    """The lines that were written whole; a torn last one is left out."""
    with path.open("rb") as file:
        offset = 0
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                return
            yield Place(number, offset, line)
            offset += len(line)


def chained(path: Path) -> Iterator[tuple[Place, Event]]:
    """Each event, checked against its hash, its predecessor and its number. Raises BrokenChain at the first
    line that is not what was written."""
    prev, seq = GENESIS, 0
    for place in whole_lines(path):
        where = f"{path.name}, line {place.number}"
        try:
            event = decode(place.line)
        except ValueError as error:
            raise BrokenChain(where, str(error)) from error
        if event.seq != seq + 1:
            raise BrokenChain(where, f"event {event.seq} stands where {seq + 1} should")
        if event.prev != prev:
            raise BrokenChain(where, f"event {event.seq} does not follow from the one before it")
        prev, seq = event.hash, event.seq
        yield place, event


class Journal:
    """The file and where each event stands in it. ``head`` is the hash of the newest event."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd, torn = open_log(path)
        if torn:
            log.warning("a torn last line was dropped", extra={"file": path.name, "bytes": torn})
        self._offsets = array("Q")
        self._size = 0
        self.head = GENESIS

    def replay(self) -> Iterator[Event]:
        """All events of whole commits; a commit torn in two is cut off the file."""
        whole, waiting = 0, list[tuple[Place, Event]]()
        for place, event in chained(self.path):
            waiting.append((place, event))
            if event.left:
                continue
            for at, one in waiting:
                self._offsets.append(at.offset)
                yield one
            self.head = event.hash
            whole = place.offset + len(place.line)
            waiting.clear()
        if waiting:
            log.warning("a torn commit was dropped", extra={"events": len(waiting)})
            os.ftruncate(self._fd, whole)
            os.fsync(self._fd)
        self._size = whole

    @property
    def last(self) -> int:
        """The newest event's number; 0 when there is none."""
        return len(self._offsets)

    def write(self, lines: list[bytes], head: str) -> None:
        """Durable when it returns; an OSError leaves file and state as they were."""
        write_all(self._fd, b"".join(lines), at=self._size)
        for line in lines:
            self._offsets.append(self._size)
            self._size += len(line)
        self.head = head

    def read(self, seq: int) -> Event:
        start = self._offsets[seq - 1]
        end = self._offsets[seq] if seq < len(self._offsets) else self._size
        try:
            return decode(os.pread(self._fd, end - start, start))
        except ValueError as error:
            raise BrokenChain(f"{self.path.name}, line {seq}", str(error)) from error

    def close(self) -> None:
        os.close(self._fd)
