"""Files of frames with a sum over all of them, for what is derived and may be deleted at any time: written whole or not
at all, and read only if whole."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

from storage.files import write_new
from storage.json_form import from_json, to_json
from storage.tables import Rows

Frame = tuple[bytes, bytes]
"""A letter for its kind, and its bytes."""

_FRAME = struct.Struct("<cQ")
_SLICE = 4096
"""Entries encoded in one go: under a millisecond, so that a thread doing it does not hold up the event loop."""


def write(path: Path, frames: Iterable[Frame]) -> None:
    """On the disk when it returns; for a thread."""
    fresh = half_written(path)
    write_new(fresh, _summed(frames))
    fresh.replace(path)


def half_written(path: Path) -> Path:
    """What a kill leaves behind of one that was being written."""
    return path.with_name(f"{path.name}.new")


def _summed(frames: Iterable[Frame]) -> Iterator[bytes]:
    crc = 0
    for kind, payload in frames:
        frame = _FRAME.pack(kind, len(payload)) + payload
        crc = zlib.crc32(frame, crc)
        yield frame
    yield _FRAME.pack(b".", 4) + struct.pack("<I", crc)


def read(path: Path) -> Iterator[Frame]:
    """Raises FileNotFoundError, and ValueError unless the file is whole."""
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        end = len(data) - _FRAME.size - 4
        if end < 0 or struct.unpack("<I", data[-4:])[0] != _sum(data, end):
            raise ValueError("the file is not whole")
        offset = 0
        while offset < end:
            kind, length = _FRAME.unpack_from(data, offset)
            offset += _FRAME.size
            if offset + length > end:
                raise ValueError("a frame ends beyond the file")
            yield kind, data[offset : offset + length]
            offset += length


def _sum(data: mmap, end: int) -> int:
    with memoryview(data) as whole, whole[:end] as summed:
        return zlib.crc32(summed)


def slices(entries: Mapping[Any, Any]) -> Iterator[dict[Any, Any]]:
    left = iter(entries.items())
    while some := dict(islice(left, _SLICE)):
        yield some


def rows_framed(tables: Mapping[str, Rows]) -> Iterator[Frame]:
    """Two frames a slice: ``t`` for table and keys, ``d`` for their documents, a line each."""
    for name, rows in tables.items():
        for docs in slices(rows):
            yield b"t", to_json([name, list(docs)])
            yield b"d", b"\n".join(docs.values())


class FramedRows:
    """Takes the frames of ``rows_framed`` in their order."""

    def __init__(self) -> None:
        self.tables: dict[str, Rows] = {}
        self._rows: Rows = {}
        self._keys: list[str] = []

    def keys(self, payload: bytes) -> None:
        name, self._keys = from_json(payload)
        self._rows = self.tables.setdefault(name, {})

    def docs(self, payload: bytes) -> None:
        self._rows.update(zip(self._keys, payload.split(b"\n"), strict=True))
