"""The erasable side of the record: texts under salted hashes, one line each, overwritten when disposed of."""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from storage.files import open_log, write_all
from storage.store import BrokenChain, Content

SALT_BYTES = 16


def seal(data: bytes) -> Content:
    """The content under a fresh salt: without the salt nobody can guess from the hash what the text was."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Content(ref=hashlib.sha256(salt + data).hexdigest(), salt=salt, data=data)


def line_of(content: Content) -> bytes:
    salt, data = base64.b64encode(content.salt).decode(), base64.b64encode(content.data).decode()
    return f'{{"ref":"{content.ref}","salt":"{salt}","data":"{data}"}}\n'.encode()


def read_line(line: bytes) -> Content | None:
    """The content of a line; None for one that was disposed of. Raises ValueError for anything else."""
    doc = json.loads(line)
    if "data" not in doc:
        return None
    salt, data = base64.b64decode(doc["salt"]), base64.b64decode(doc["data"])
    if hashlib.sha256(salt + data).hexdigest() != doc["ref"]:
        raise ValueError("the content does not match its hash")
    return Content(ref=doc["ref"], salt=salt, data=data)


class ContentFile:
    """``contents.jsonl``: appended before the journal line that refers to it, erased in place."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd, self.dropped = open_log(path)
        self._places: dict[str, tuple[int, int]] = {}
        self._size = 0
        for offset, line in _lines(self._fd):
            self._size = offset + len(line)
            self._remember(offset, line)

    def _remember(self, offset: int, line: bytes) -> None:
        """The hash itself is checked on reading and by ``verify``: a start only needs to know what is where."""
        ref = line[8:72].decode("ascii", "replace")
        if line[72:82] == b'","salt":"':
            self._places[ref] = (offset, len(line))
        elif not line.startswith(b'{"ref":"'):
            raise BrokenChain(f"{self._path.name}, byte {offset}", "not a content line")

    def append(self, contents: Iterable[Content]) -> None:
        """Durable when it returns; an OSError leaves the file as it was."""
        lines = [(content.ref, line_of(content)) for content in contents]
        write_all(self._fd, b"".join(line for _, line in lines), at=self._size)
        for ref, line in lines:
            self._places[ref] = (self._size, len(line))
            self._size += len(line)

    def get(self, ref: str) -> bytes | None:
        place = self._places.get(ref)
        if place is None:
            return None
        offset, length = place
        try:
            content = read_line(os.pread(self._fd, length, offset))
        except ValueError as error:
            raise BrokenChain(f"{self._path.name}, byte {offset}", str(error)) from error
        return content.data if content else None

    def erase(self, refs: Iterable[str]) -> None:
        """Overwrites text and salt with spaces of the same length, and syncs."""
        places = [(ref, self._places[ref]) for ref in refs if ref in self._places]
        for ref, (offset, length) in places:
            gone = f'{{"ref":"{ref}"}}'.encode()
            os.pwrite(self._fd, gone + b" " * (length - len(gone) - 1) + b"\n", offset)
        if places:
            os.fdatasync(self._fd)
        for ref, _ in places:
            del self._places[ref]

    def erase_orphans(self, referred: frozenset[str]) -> int:
        """Erases what was written for commits that never came to be: the newest lines nobody refers to."""
        orphans = []
        for ref in reversed(self._places):
            if ref in referred:
                break
            orphans.append(ref)
        self.erase(orphans)
        return len(orphans)

    def close(self) -> None:
        os.close(self._fd)


def _lines(fd: int) -> Iterator[tuple[int, bytes]]:
    with os.fdopen(os.dup(fd), "rb") as file:
        file.seek(0)
        offset = 0
        for line in file:
            yield offset, line
            offset += len(line)
