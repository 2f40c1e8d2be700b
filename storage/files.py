"""Files that only grow: what a write acknowledged is on the disk, and a failed one leaves no trace."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from storage.store import StoreUnwritable

log = logging.getLogger(__name__)

_STEP = 65536
_ROOM = 16384
"""Bytes that must fit before a file that refused a write is taken to be usable again: a large commit."""


def sync_directory(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def make_directory(path: Path) -> None:
    """Made for its owner alone, with its parents; one that is there is left as it is."""
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    sync_directory(path.parent)


def lines_of(path: Path, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """(offset, line with its line break) from ``start``; only the last may lack the line break."""
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        for line in file:
            yield offset, line
            offset += len(line)


def with_its_break(tail: bytes, read: Callable[[bytes], object]) -> bytes | None:
    """A last line of which nothing but the line break is not what was written, with its line break; None for one
    that was torn. ``read`` raises ValueError for what is no whole line."""
    line = tail[:-1] + b"\n"
    try:
        read(line)
    except ValueError:
        return None
    return line


def write_all(fd: int, data: bytes, offset: int) -> None:
    """A full disk can take part of a write and say so only in the count."""
    rest = memoryview(data)
    while rest:
        count = os.pwrite(fd, rest, offset)
        if count == 0:
            raise OSError(f"nothing of {len(rest)} bytes was written")
        rest, offset = rest[count:], offset + count


class AppendFile:
    """``size`` is how far the file is whole and on disk; whatever lies beyond it does not exist to readers.

    Writing and syncing block; one writer at a time, and one beside it that overwrites. ``syncs`` counts the syncs of appends; ``failed`` is true while
    the last write is one that did.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.syncs = 0
        self.failed = False
        self._uncertain = False
        new = not path.exists()
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if new:
            sync_directory(path.parent)
        self.size = os.fstat(self._fd).st_size

    def lines(self, start: int = 0) -> Iterator[tuple[int, bytes]]:
        return lines_of(self.path, start)

    def read(self, offset: int, length: int) -> bytes:
        return os.pread(self._fd, length, offset)

    def append(self, data: bytes) -> None:
        """Whole and on disk, or StoreUnwritable and the file as it was."""
        try:
            if self._uncertain:
                self._cut_back()
            write_all(self._fd, data, self.size)
            self.syncs += 1
            os.fdatasync(self._fd)
        except OSError as error:
            self._undo()
            raise self._refused(error) from error
        self.size += len(data)
        self.failed = False

    def try_again(self) -> None:
        """After a write that failed: whether one would succeed now is what ``failed`` says then."""
        if not self.failed:
            return
        with suppress(StoreUnwritable):
            self.append(bytes(_ROOM))
            self.take_back(self.size - _ROOM)

    def take_back(self, size: int) -> None:
        """Undoes the appends after ``size``."""
        self.size = size
        self._undo()

    def overwrite(self, places: Iterable[tuple[int, bytes]]) -> None:
        """Puts (offset, bytes) over what stands there, with one sync for all."""
        try:
            for offset, data in places:
                write_all(self._fd, data, offset)
            os.fdatasync(self._fd)
        except OSError as error:
            raise self._refused(error) from error

    def whole_lines_end(self) -> int:
        """Where the last line with an end ends; what follows was never acknowledged."""
        end = self.size
        while end > 0:
            start = max(0, end - _STEP)
            found = self.read(start, end - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            end = start
        return 0

    def put_break_right(self) -> None:
        """The last byte was a line break once, and is again."""
        log.warning("A line break was put right", extra={"file": self.path.name})
        self.overwrite([(self.size - 1, b"\n")])

    def cut(self, size: int) -> None:
        """Drops for good what lies after ``size``."""
        try:
            self.size = size
            self._cut_back()
        except OSError as error:
            raise self._refused(error) from error

    def replace(self, chunks: Iterable[bytes]) -> None:
        """Puts a new file in the old one's place, in one step. StoreUnwritable: it was not, or the next append
        begins with making that certain."""
        fresh = self.path.with_name(f"{self.path.name}.new")
        try:
            size = write_new(fresh, chunks)
            fd = os.open(fresh, os.O_RDWR | os.O_CLOEXEC)
            fresh.replace(self.path)
        except OSError as error:
            raise self._refused(error) from error
        os.close(self._fd)
        self._fd, self._uncertain = fd, True
        self.cut(size)

    def close(self) -> None:
        os.close(self._fd)

    def _refused(self, error: OSError) -> StoreUnwritable:
        self.failed = True
        return StoreUnwritable(f"{self.path.name}: {error.strerror or error}")

    def _undo(self) -> None:
        """If even this fails, the next append begins with it."""
        try:
            self._cut_back()
        except OSError:
            self._uncertain = True

    def _cut_back(self) -> None:
        os.ftruncate(self._fd, self.size)
        os.fdatasync(self._fd)
        sync_directory(self.path.parent)  # a new file may be in the old one's place only since then
        self._uncertain = False


def write_new(path: Path, chunks: Iterable[bytes]) -> int:
    """Writes and syncs a new file, and returns its size; removes it again if it cannot be whole."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    size = 0
    try:
        for chunk in chunks:
            write_all(fd, chunk, size)
            size += len(chunk)
        os.fsync(fd)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(fd)
    return size
