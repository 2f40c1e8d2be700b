"""What the journal amounts to up to some event, so that a start reads only what came after.

It is derived and may be deleted at any time. It also bears witness: a journal that does not have the event
it was made at has lost acknowledged events, which the chain alone cannot show.
"""

import json
import logging
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from storage import framing
from storage.framing import Frame, FramedRows, rows_framed, slices
from storage.journal import Head
from storage.json_form import from_json, to_json
from storage.lines import instant, message_doc, message_from, moment
from storage.numbers import Numbers
from storage.store import BrokenChain, Message
from storage.tables import Rows

log = logging.getLogger(__name__)

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
    framing.write(path, _frames(snapshot, code))


def _frames(snapshot: Snapshot, code: str) -> Iterator[Frame]:
    head = snapshot.head
    known = {"code": code, "seq": head.seq, "hash": head.hash, "end": head.end}
    yield b"h", to_json({**known, "contents_end": snapshot.contents_end})
    yield b"o", snapshot.offsets.tobytes()
    yield b"e", snapshot.earlier.tobytes()
    yield b"v", snapshot.versions.tobytes()
    for newest in slices(snapshot.newest):
        yield b"s", to_json(newest)
    for kind, numbers in ((b"n", snapshot.names), (b"p", snapshot.places)):
        yield kind.upper(), numbers.keys.tobytes() + numbers.values.tobytes()
        for some in slices(numbers.later):
            yield kind, array("Q", some).tobytes() + array("Q", some.values()).tobytes()
    yield from rows_framed(snapshot.tables)
    for message, owed_at, order in snapshot.owing:
        yield b"w", json.dumps([message_doc(message), instant(owed_at), order], default=dict).encode()


def read(path: Path, journal: Path, code: str | None) -> Snapshot | None:
    """None without a usable checkpoint. Raises BrokenChain if the journal does not have what the checkpoint saw."""
    try:
        return _snapshot(framing.read(path), path, journal, code)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, StopIteration):
        log.warning("The checkpoint cannot be read; the journal is read from its beginning")
        return None


def _snapshot(frames: Iterator[Frame], path: Path, journal: Path, code: str | None) -> Snapshot | None:
    known = from_json(next(frames)[1])
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


def _fill(snapshot: Snapshot, frames: Iterable[Frame]) -> None:
    rows = FramedRows()
    for kind, payload in frames:
        match kind:
            case b"o":
                snapshot.offsets.frombytes(payload)
            case b"e":
                snapshot.earlier.frombytes(payload)
            case b"v":
                snapshot.versions.frombytes(payload)
            case b"s":
                snapshot.newest.update(from_json(payload))
            case b"N" | b"P":
                numbers = snapshot.names if kind == b"N" else snapshot.places
                numbers.keys, numbers.values = _halves(payload)
            case b"n" | b"p":
                numbers = snapshot.names if kind == b"n" else snapshot.places
                numbers.later.update(zip(*_halves(payload), strict=True))
            case b"t":
                rows.keys(payload)
            case b"d":
                rows.docs(payload)
            case b"w":
                message, owed_at, order = from_json(payload)
                snapshot.owing.append((message_from(message), moment(owed_at), tuple(order)))
            case _:
                pass
    snapshot.tables = rows.tables


def _halves(payload: bytes) -> tuple["array[int]", "array[int]"]:
    keys, values, half = array("Q"), array("Q"), len(payload) // 2
    keys.frombytes(payload[:half])
    values.frombytes(payload[half:])
    return keys, values
