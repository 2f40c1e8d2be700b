"""The erasable side of the record: texts under salted hashes, one line each, overwritten when disposed of.

A line is ``{"ref":...,"seq":...,"sum":...,"salt":...,"data":...}``; ``seq`` is the first event of the commit that
brought the content, ``sum`` the CRC-32 of what stands before it: the hash covers salt and data alone, and by a wrong
``seq`` a start would take the line for one that was never acknowledged. Erasing leaves ``ref``, ``seq`` and ``sum``
and spaces, so the file stays lines of JSON.

A process can be killed in the middle of a write, at the end of any page: what is overwritten says until all of it
is gone that it has to go.
"""

import asyncio
import base64
import hashlib
import logging
import re
import secrets
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from storage.files import AppendFile
from storage.numbers import Numbers
from storage.store import BrokenChain, Content, StoreUnwritable

log = logging.getLogger(__name__)

SALT_BYTES = 16
LARGE = 1 << 20
"""Bytes: hashing, reading or erasing more is work for a thread."""
_SHORT = 16
_LENGTH_BITS = 28
_LARGEST = 1 << 27
_LONGEST_HEADING = 256
_DISPOSED = 0


def seal(data: bytes) -> Content:
    """The content under a fresh salt: without the salt nobody can guess from the hash what the text was."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Content(ref=_ref(salt, data), salt=salt, data=data)


def _ref(salt: bytes, data: bytes) -> str:
    return hashlib.sha256(salt + data).hexdigest()


def check(content: Content) -> None:
    """Raises ValueError for a content that could never be opened again."""
    if len(content.data) > _LARGEST:
        raise ValueError(f"a content has at most {_LARGEST} bytes")
    if content.ref != _ref(content.salt, content.data):
        raise ValueError("a content's ref is the hash of its salt and data")


async def checked(content: Content) -> None:
    """As ``check``, and a large one in a thread: hashing it would hold up the event loop."""
    if len(content.data) > LARGE:
        await asyncio.to_thread(check, content)
    else:
        check(content)


def line_of(content: Content, seq: int) -> bytes:
    return b'%b,"salt":"%b","data":"%b"}\n' % (
        _head(content.ref, seq),
        base64.b64encode(content.salt),
        base64.b64encode(content.data),
    )


def _head(ref: str, seq: int) -> bytes:
    named = b'{"ref":"%b","seq":%d' % (ref.encode("ascii"), seq)
    return b'%b,"sum":"%08x"' % (named, crc32(named))


def read_line(line: bytes) -> Content | None:
    """The content of a line; None for one that was disposed of. Raises ValueError for anything else."""
    found = _CONTENT.fullmatch(line)
    if found is None:
        if heading_of(line).disposed:
            return None
        raise ValueError("not a content line")
    content = Content(
        ref=found[1].decode("ascii"), salt=base64.b64decode(found[2]), data=base64.b64decode(found[3])
    )
    if _ref(content.salt, content.data) != content.ref:
        raise ValueError("the content does not match its hash")
    return content


_CONTENT = re.compile(
    rb'\{"ref":"([0-9a-f]{64})","seq":[0-9]+(?:,"sum":"[0-9a-f]{8}")?,"salt":"([A-Za-z0-9+/=]+)","data":"([A-Za-z0-9+/=]*)"\}\n'
)


@dataclass(frozen=True, slots=True)
class Heading:
    """``end`` is where it ends in its line."""

    ref: str
    seq: int
    disposed: bool
    end: int


_HEADING = re.compile(rb'(\{"ref":"([0-9a-f]{64})","seq":([0-9]+))(?:,"sum":"([0-9a-f]{8})")?(,"salt":"|\})')


def heading_of(line: bytes) -> Heading:
    """What a line says before its text. Raises ValueError for what is no content line. A line from before there were
    sums has none."""
    found = _HEADING.match(line)
    if found is None:
        raise ValueError("not a content line")
    if found[4] and found[4] != b"%08x" % crc32(found[1]):
        raise ValueError("the line begins otherwise than it was written")
    return Heading(found[2].decode("ascii"), int(found[3]), found[5].startswith(b"}"), found.start(5))


def acknowledged(line: bytes, newest: int) -> Heading | None:
    """The heading of a line that an event up to ``newest`` brought; None for one that none did, with all that follows.
    Raises ValueError for what is not as it was written."""
    whole = line.endswith(b"\n")
    try:
        heading = heading_of(line)
    except ValueError:
        if whole:
            raise
        return None
    if heading.seq > newest:
        return None
    if not whole:  # contents are on the disk before their events
        raise ValueError("the end of a line is gone")
    if line.count(b"{") != 1:  # one that was never acknowledged may be so: a wipe takes line breaks away
        raise ValueError("two lines run into one another")
    return heading


def gone_line(ref: str, seq: int) -> bytes:
    """The line of a content that was disposed of elsewhere."""
    return _head(ref, seq) + b"}\n"


def _erased(start: bytes, length: int) -> bytes:
    """What a line of that length and beginning is overwritten with: all but its line break."""
    return (start[: heading_of(start).end] + b"}").ljust(length - 1)


@dataclass(frozen=True, slots=True)
class Written:
    """Lines that are on the disk but not yet referred to by an event that is."""

    refs: Sequence[str]
    lines: Sequence[bytes]
    offset: int


class ContentFile:
    """``contents.jsonl``: appended before the journal line that refers to it, erased in place.

    ``places`` maps 64 bits of a ref to the offset and length of its line, length 0 once disposed of, for the lines
    before ``end``.
    """

    def __init__(self, path: Path) -> None:
        self.file = AppendFile(path)
        self._name = path.name
        self.places = Numbers()
        self.end = 0
        self._leaving = set[str]()

    def scan(self, newest: int) -> None:
        """Takes note of the lines from ``end`` on. What was written for commits that never came to be, those after
        event ``newest``, is erased and cut off; an erasure that was interrupted is finished."""
        whole = self.file.whole_lines_end()
        torn = self.file.size - whole
        if torn:
            self._acknowledged(whole, self.file.read(whole, min(torn, _LONGEST_HEADING)), newest)
            self._wipe(whole)
        unfinished = list[tuple[int, bytes]]()
        for offset, line in self.file.lines(self.end):
            heading = self._acknowledged(offset, line, newest)
            if heading is None:
                torn += self.file.size - offset
                self._wipe(offset)
                break
            if heading.disposed and line[:-1] != (erased := _erased(line, len(line))):
                unfinished.append((offset, erased))
            self._remember(heading.ref, offset, _DISPOSED if heading.disposed else len(line))
        self.end = self.file.size
        if unfinished:
            self.file.overwrite(unfinished)
        if torn:
            log.warning("Content without its commit was erased", extra={"bytes": torn})

    def _acknowledged(self, offset: int, line: bytes, newest: int) -> Heading | None:
        try:
            return acknowledged(line, newest)
        except ValueError as error:
            raise BrokenChain(f"{self._name}, byte {offset}", str(error)) from error

    def write(self, contents: Iterable[tuple[Content, int]]) -> Written:
        """On the disk when it returns; StoreUnwritable leaves the file as it was."""
        fresh = {
            content.ref: line_of(content, seq) for content, seq in contents if not self._has(content.ref)
        }
        written = Written(list(fresh), list(fresh.values()), self.file.size)
        if fresh:
            self.file.append(b"".join(written.lines))
        return written

    def landed(self, written: Written) -> None:
        offset = written.offset
        for ref, line in zip(written.refs, written.lines, strict=True):
            self._remember(ref, offset, len(line))
            offset += len(line)
        self.end = offset

    def take_back(self, written: Written) -> None:
        if not written.lines:
            return
        with suppress(StoreUnwritable):  # the journal's own failure is what is told
            self._wipe(written.offset)
        self.file.take_back(written.offset)

    def length(self, ref: str) -> int:
        return self._place(ref)[1]

    def get(self, ref: str) -> bytes | None:
        offset, length = self._place(ref)
        if not length or ref in self._leaving:
            return None
        try:
            content = read_line(self.file.read(offset, length))
        except ValueError as error:
            if ref in self._leaving or not self.length(
                ref
            ):  # meanwhile, in this order: ``left`` has the other one
                return None
            raise BrokenChain(f"{self._name}, byte {offset}", str(error)) from error
        return content.data if content and content.ref == ref else None

    def leave(self, refs: Iterable[str]) -> dict[str, tuple[int, int]]:
        """Where those lie that are still there. Nobody is given them from here on, until ``left`` says otherwise."""
        found = {ref: place for ref in refs if (place := self._place(ref))[1]}
        self._leaving |= found.keys()
        return found

    def erase(self, places: Iterable[tuple[int, int]]) -> None:
        """Overwrites texts and salts with spaces, and syncs once. StoreUnwritable: perhaps not all are gone."""
        self.file.overwrite(
            (offset, _erased(self.file.read(offset, _LONGEST_HEADING), length)) for offset, length in places
        )

    def left(self, refs: Collection[str], *, gone: bool) -> None:
        for ref in refs if gone else ():
            self._remember(ref, self._place(ref)[0], _DISPOSED)
        self._leaving.difference_update(refs)

    def close(self) -> None:
        self.file.close()

    def _wipe(self, offset: int) -> None:
        """Nothing of what stands after ``offset`` stays on the disk, not even in blocks that are free again. The first
        heading goes last: while it is there, a start knows that what follows it was never acknowledged."""
        heading = self._heading_at(offset)
        if heading:
            text = offset + heading.end
            self.file.overwrite([(text, b"}".ljust(self.file.size - text))])
        self.file.overwrite([(offset, b" " * (heading.end + 1 if heading else self.file.size - offset))])
        self.file.cut(offset)

    def _heading_at(self, offset: int) -> Heading | None:
        """None where no line begins."""
        try:
            return heading_of(self.file.read(offset, min(_LONGEST_HEADING, self.file.size - offset)))
        except ValueError:
            return None

    def _remember(self, ref: str, offset: int, length: int) -> None:
        self.places[int(ref[:_SHORT], 16)] = offset << _LENGTH_BITS | length

    def _place(self, ref: str) -> tuple[int, int]:
        place = self.places.get(_number(ref)) or 0
        return place >> _LENGTH_BITS, place & ((1 << _LENGTH_BITS) - 1)

    def _has(self, ref: str) -> bool:
        return _number(ref) in self.places


def _number(ref: str) -> int:
    try:
        return int(ref[:_SHORT], 16)
    except ValueError:
        return -1
