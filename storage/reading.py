"""Reading the record without the store's lock: what ``verify`` and ``export`` stand on."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TypeVar

from storage.chain import Streams, Verified
from storage.contents import acknowledged, heading_of, read_line
from storage.files import lines_of
from storage.journal import Head, chained
from storage.json_form import from_json
from storage.logs import entries
from storage.store import BrokenChain, Event

_T = TypeVar("_T")


def is_record(directory: Path) -> bool:
    return (directory / "journal.jsonl").is_file()


class Reading:
    """A store's files up to the last whole commit, read without its lock."""

    def __init__(self, directory: Path) -> None:
        self._journal = directory / "journal.jsonl"
        self._contents = directory / "contents.jsonl"
        self._places: dict[str, tuple[int, int]] | None = None

    async def events(self) -> AsyncIterator[Event]:
        for _, event in chained(self._journal):
            yield event

    async def beside(self, newest: int) -> AsyncIterator[None]:
        for _ in _contents(self._journal.parent, newest, heading_of):
            yield
        for _ in _entries(self._journal.parent):
            yield

    async def verify(self) -> Verified:
        return verify(self._journal.parent)

    async def content(self, ref: str) -> bytes | None:
        """None for what is disposed of, also while it is being read."""
        if self._places is None:
            self._places = dict(self._scan())
        place = self._places.get(ref)
        if place is None:
            return None
        with self._contents.open("rb") as file:
            content = read_line(os.pread(file.fileno(), place[1], place[0]))
        return content.data if content else None

    def _scan(self) -> Iterator[tuple[str, tuple[int, int]]]:
        for offset, line in lines_of(self._contents):
            if line.endswith(b"\n"):
                yield heading_of(line).ref, (offset, len(line))


def verify(directory: Path) -> Verified:
    """Checks every link of the journal, every content's hash and the sums of what lies beside them. Raises
    BrokenChain at the first broken place."""
    journal = directory / "journal.jsonl"
    if not journal.is_file():
        raise BrokenChain(journal.name, "there is no such file")
    streams, head = Streams(), Head()
    for place, event in chained(journal):
        wrong = streams.fault(event)
        if wrong:
            raise BrokenChain(f"{journal.name}, line {place.number}", wrong)
        head = Head(seq=event.seq, hash=event.hash, end=place.end)
    gone = [content is None for content in _contents(directory, head.seq, read_line)]
    for _ in _entries(directory):
        pass
    torn = journal.stat().st_size - head.end
    return Verified(
        events=head.seq, head=head.hash, contents=gone.count(False), disposed=gone.count(True), torn=torn
    )


def _contents(directory: Path, newest: int, read: Callable[[bytes], _T]) -> Iterator[_T]:
    """Each content that an event up to ``newest`` brought; those of commits yet to come are left out."""
    path = directory / "contents.jsonl"
    for number, (_, line) in enumerate(lines_of(path) if path.exists() else (), start=1):
        try:
            if acknowledged(line, newest) is None:
                return
            found = read(line)
        except ValueError as error:
            raise BrokenChain(f"{path.name}, line {number}", str(error)) from error
        yield found


def _entries(directory: Path) -> Iterator[object]:
    """Of the logs beside the journal."""
    for path in (directory / "outbox.jsonl", directory / "documents.jsonl"):
        yield from entries(path, from_json) if path.exists() else ()
