"""Reading the record without the store's lock: what ``verify`` and ``export`` stand on."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from storage.chain import Streams, Verified
from storage.contents import heading_of, read_line
from storage.journal import Head, chained, whole_lines
from storage.store import BrokenChain, Event


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
        for place in whole_lines(self._contents):
            yield heading_of(place.line).ref, (place.offset, len(place.line))


def verify(directory: Path) -> Verified:
    """Checks every link of the journal and every content's hash. Raises BrokenChain at the first broken place."""
    journal, contents = directory / "journal.jsonl", directory / "contents.jsonl"
    if not journal.is_file():
        raise BrokenChain(journal.name, "there is no such file")
    streams, head = Streams(), Head()
    for place, event in chained(journal):
        wrong = streams.fault(event)
        if wrong:
            raise BrokenChain(f"{journal.name}, line {place.number}", wrong)
        head = Head(seq=event.seq, hash=event.hash, end=place.end)
    kept, disposed = _verify_contents(contents, head.seq)
    torn = journal.stat().st_size - head.end
    return Verified(events=head.seq, head=head.hash, contents=kept, disposed=disposed, torn=torn)


def _verify_contents(path: Path, newest: int) -> tuple[int, int]:
    """How many contents are kept and how many disposed of; those of commits yet to come are left out."""
    kept = disposed = 0
    for place in whole_lines(path) if path.exists() else ():
        try:
            heading = heading_of(place.line)
            if heading.seq > newest:
                break
            gone = read_line(place.line) is None
        except ValueError as error:
            raise BrokenChain(f"{path.name}, line {place.number}", str(error)) from error
        kept, disposed = kept + (not gone), disposed + gone
    return kept, disposed
