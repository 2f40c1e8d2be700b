"""What the journal amounts to up to some event, so that a start reads only what came after.

It is derived and may be deleted at any time. It also bears witness: a journal that does not have the event
it was made at has lost acknowledged events, which the chain alone cannot show.
"""

import json
import logging
import struct
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from storage.files import write_new
from storage.journal import Head
from storage.lines import instant, message_doc, message_from, moment
from storage.numbers import Numbers
from storage.store import BrokenChain, Message
from storage.tables import Rows

log = logging.getLogger(__name__)

_FRAME = struct.Struct("<cQ")
_SLICE = 4096
"""Entries encoded in one go: under a millisecond, so that a thread doing it does not hold up the event loop."""

Owing = tuple[Message, datetime, tuple[int, int]]


@dataclass(slots=True, kw_only=True)
class Snapshot:
    """The state after event ``head.seq``; ``contents_end`` is how far the contents have been taken note of."""

    head: Head
    contents_end: int
    offsets: "array[int]"
    earlier: "array[int]"
    versions: "array[int]"
    newest: dict[str, int] = field(default_factory=dict)
    names: Numbers = field(default_factory=Numbers)
    places: Numbers = field(default_factory=Numbers)
    tables: dict[str, Rows] = field(default_factory=dict)
    owing: list[Owing] = field(default_factory=list)

    def settle(self) -> None:
        """Takes a part of a second: for one that is closing."""
        self.names, self.places = self.names.settled(), self.places.settled()


def code_of(projector: Callable[..., Any]) -> str | None:
    """A hash of the code that the read side comes from: other code may make another one of the same events."""
    module = sys.modules.get(getattr(projector, "__module__", type(projector).__module__))
    file = getattr(module, "__file__", None)
    if module is None or file is None:
        return None
    here, depth = Path(file), module.__name__.count(".")
    packages = [Path(__file__).parent, *([here.parents[depth - 1]] if depth else [])]
    sources = sorted({here, *(path for package in packages for path in package.rglob("*.py"))})
    digest = sha256(sys.version.encode())
    for path in sources:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def write(path: Path, snapshot: Snapshot, code: str, *, last: bool = False) -> None:
    """Whole or not at all; for a thread. The ``last`` one of a process is made the quickest to read."""
    if last:
        snapshot.settle()
    fresh = path.with_name(f"{path.name}.new")
    write_new(fresh, _summed(_frames(snapshot, code)))
    fresh.replace(path)


def _summed(frames: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    crc = 0
    for kind, payload in frames:
        frame = _FRAME.pack(kind, len(payload)) + payload
        crc = zlib.crc32(frame, crc)
        yield frame
    yield _FRAME.pack(b".", 4) + struct.pack("<I", crc)


def _frames(snapshot: Snapshot, code: str) -> Iterator[tuple[bytes, bytes]]:
    head = snapshot.head
    known = {"code": code, "seq": head.seq, "hash": head.hash, "end": head.end}
    yield b"h", json.dumps({**known, "contents_end": snapshot.contents_end}).encode()
    yield b"o", snapshot.offsets.tobytes()
    yield b"e", snapshot.earlier.tobytes()
    yield b"v", snapshot.versions.tobytes()
    for newest in _slices(snapshot.newest):
        yield b"s", json.dumps(newest).encode()
    for kind, numbers in ((b"n", snapshot.names), (b"p", snapshot.places)):
        yield kind.upper(), numbers.keys.tobytes() + numbers.values.tobytes()
        for some in _slices(numbers.later):
            yield kind, array("Q", some).tobytes() + array("Q", some.values()).tobytes()
    for name, rows in snapshot.tables.items():
        for docs in _slices(rows):
            yield b"t", json.dumps([name, list(docs)]).encode()
            yield b"d", b"\n".join(docs.values())
    for message, owed_at, order in snapshot.owing:
        yield b"w", json.dumps([message_doc(message), instant(owed_at), order], default=dict).encode()


def _slices(entries: Mapping[Any, Any]) -> Iterator[dict[Any, Any]]:
    left = iter(entries.items())
    while some := dict(islice(left, _SLICE)):
        yield some


def read(path: Path, journal: Path, code: str | None) -> Snapshot | None:
    """None without a usable checkpoint. Raises BrokenChain if the journal does not have what the checkpoint saw."""
    try:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            return _snapshot(data, path, journal, code)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, StopIteration, struct.error):
        log.warning("The checkpoint cannot be read; the journal is read from its beginning")
        return None


def _snapshot(data: mmap, path: Path, journal: Path, code: str | None) -> Snapshot | None:
    frames = _parsed(data)
    known = json.loads(next(frames)[1])
    head = Head(seq=known["seq"], hash=known["hash"], end=known["end"])
    _witness(path, journal, head)
    if known["code"] != code:
        log.info("The checkpoint was made by other code; the journal is read from its beginning")
        return None
    snapshot = Snapshot(
        head=head,
        contents_end=known["contents_end"],
        offsets=array("Q"),
        earlier=array("I"),
        versions=array("I"),
    )
    _fill(snapshot, frames)
    return snapshot


def _parsed(data: mmap) -> Iterator[tuple[bytes, bytes]]:
    """Raises ValueError unless the file is whole."""
    end = len(data) - _FRAME.size - 4
    if end < 0 or struct.unpack("<I", data[-4:])[0] != _sum(data, end):
        raise ValueError("the checkpoint is not whole")
    offset = 0
    while offset < end:
        kind, length = _FRAME.unpack_from(data, offset)
        offset += _FRAME.size
        yield kind, data[offset : offset + length]
        offset += length


def _sum(data: mmap, end: int) -> int:
    with memoryview(data) as whole, whole[:end] as summed:
        return zlib.crc32(summed)


def _witness(path: Path, journal: Path, head: Head) -> None:
    expected = b'%b"}\n' % head.hash.encode()
    with journal.open("rb") as file:
        file.seek(max(0, head.end - len(expected)))
        found = file.read(len(expected))
        last = not file.read(1)
    if found[:-1] != expected[:-1] or (
        found != expected and not last
    ):  # the last line break can be put right
        raise BrokenChain(
            f"{journal.name}, line {head.seq}",
            f"event {head.seq}, which {path.name} saw, is not there: events that were acknowledged are gone. "
            f"Bring them back, or delete {path.name} if an older journal was put there on purpose",
        )


def _fill(snapshot: Snapshot, frames: Iterable[tuple[bytes, bytes]]) -> None:
    table, keys = "", list[str]()
    for kind, payload in frames:
        match kind:
            case b"o":
                snapshot.offsets.frombytes(payload)
            case b"e":
                snapshot.earlier.frombytes(payload)
            case b"v":
                snapshot.versions.frombytes(payload)
            case b"s":
                snapshot.newest.update(json.loads(payload))
            case b"N" | b"P":
                numbers = snapshot.names if kind == b"N" else snapshot.places
                numbers.keys, numbers.values = _halves(payload)
            case b"n" | b"p":
                numbers = snapshot.names if kind == b"n" else snapshot.places
                numbers.later.update(zip(*_halves(payload), strict=True))
            case b"t":
                table, keys = json.loads(payload)
            case b"d":
                snapshot.tables.setdefault(table, {}).update(zip(keys, payload.split(b"\n"), strict=True))
            case b"w":
                message, owed_at, order = json.loads(payload)
                snapshot.owing.append((message_from(message), moment(owed_at), tuple(order)))
            case _:
                pass


def _halves(payload: bytes) -> tuple["array[int]", "array[int]"]:
    keys, values, half = array("Q"), array("Q"), len(payload) // 2
    keys.frombytes(payload[:half])
    values.frombytes(payload[half:])
    return keys, values
