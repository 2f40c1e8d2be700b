"""The append-only journal: one chained line an event, and where in the file each stands."""

import logging
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.chain import fault
from storage.files import AppendFile, lines_of, with_its_break
from storage.lines import decode
from storage.store import GENESIS, BrokenChain, Event

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A whole line in a file; ``number`` counts lines from 1."""

    number: int
    offset: int
    line: bytes

    @property
    def end(self) -> int:
        return self.offset + len(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far a chain has been followed: ``seq`` events, the last one's hash, where its line ends."""

    seq: int = 0
    hash: str = GENESIS
    end: int = 0


def _lines(path: Path, after: Head) -> Iterator[Place]:
    """Whole ones, and a last one that only lacks its line break: it was acknowledged, and a bit of it turned over."""
    for number, (offset, line) in enumerate(lines_of(path, after.end), start=after.seq + 1):
        whole = line if line.endswith(b"\n") else with_its_break(line, decode)
        if whole:
            yield Place(number, offset, whole)


def chained(path: Path, after: Head | None = None) -> Iterator[tuple[Place, Event]]:
    """Each event of a whole commit, checked against its hash, its predecessor, its number and its commit.

    Raises BrokenChain at the first line that is not what was written. A last commit that lacks events is
    left out like a torn line: it was never acknowledged.
    """
    head, commit = after or Head(), list[tuple[Place, Event]]()
    prev, seq = head.hash, head.seq
    for place in _lines(path, head):
        where = f"{path.name}, line {place.number}"
        try:
            event = decode(place.line)
        except ValueError as error:
            raise BrokenChain(where, str(error)) from error
        wrong = fault(event, prev, seq, commit[-1][1] if commit else None)
        if wrong:
            raise BrokenChain(where, wrong)
        prev, seq = event.hash, event.seq
        commit.append((place, event))
        if not event.left:
            yield from commit
            commit.clear()


class Journal:
    """The file and where each event stands in it. ``head`` is how far it has been read and written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = AppendFile(path)
        self.offsets = array("Q")
        self.head = Head()

    def replay(self) -> Iterator[Event]:
        """The events after ``head``; what follows the last whole commit is cut off the file, and said so."""
        for place, event in chained(self.path, self.head):
            self.offsets.append(place.offset)
            self.head = Head(seq=event.seq, hash=event.hash, end=place.end)
            yield event
        torn = self.file.size - self.head.end
        if torn:
            log.warning("A torn commit was dropped", extra={"file": self.path.name, "bytes": torn})
            self.file.cut(self.head.end)
        elif self.head.seq and self.file.read(self.head.end - 1, 1) != b"\n":
            self.file.put_break_right()

    def landed(self, lines: Sequence[bytes], digest: str) -> None:
        """Takes note of lines that the file has."""
        end = self.head.end
        for line in lines:
            self.offsets.append(end)
            end += len(line)
        self.head = Head(seq=len(self.offsets), hash=digest, end=end)

    def read(self, seq: int) -> Event:
        start = self.offsets[seq - 1]
        end = self.offsets[seq] if seq < len(self.offsets) else self.head.end
        try:
            return decode(self.file.read(start, end - start))
        except ValueError as error:
            raise BrokenChain(f"{self.path.name}, line {seq}", str(error)) from error

    def close(self) -> None:
        self.file.close()
