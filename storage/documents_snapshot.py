"""What ``documents.jsonl`` says up to some line, so that a start reads only what came after.

It is derived and may be deleted at any time. It is of use for the very bytes that it was made of and those appended
to them, whose sum it names; whatever else lies there is read from its beginning, and so is a damaged log, which
tells at which line.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from storage import framing
from storage.extent import Extent, measured
from storage.framing import Frame, FramedRows, rows_framed
from storage.json_form import from_json, to_json
from storage.logs import remove
from storage.tables import Rows

log = logging.getLogger(__name__)

_FORM = 1
"""Of the file: one of another form is passed over."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    extent: Extent
    tables: Mapping[str, Rows]


def write(path: Path, snapshot: Snapshot) -> None:
    """Whole or not at all; for a thread."""
    framing.write(path, _frames(snapshot))


def _frames(snapshot: Snapshot) -> Iterator[Frame]:
    extent = snapshot.extent
    yield b"h", to_json({"form": _FORM, "size": extent.size, "sum": extent.sum})
    yield from rows_framed(snapshot.tables)


def read(path: Path, documents: Path) -> tuple[Extent, dict[str, Rows]]:
    """How far it goes and what is kept there; nothing without a snapshot that is of use, and a useless one is removed,
    since it may hold what was forgotten meanwhile."""
    try:
        return _read(framing.read(path), documents)
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        log.warning("The snapshot of the documents is of no use", extra={"why": str(error)})
        remove(path)
    return Extent(), {}


def _read(frames: Iterator[Frame], documents: Path) -> tuple[Extent, dict[str, Rows]]:
    known = from_json(next(frames)[1])
    if known["form"] != _FORM:
        raise ValueError("it is of another form")
    extent = Extent(known["size"], known["sum"])
    if measured(documents, extent.size) != extent:
        raise ValueError("it was made of another log")
    rows = FramedRows()
    for kind, payload in frames:
        if kind == b"t":
            rows.keys(payload)
        else:
            rows.docs(payload)
    return extent, rows.tables
