"""Reading the record without the store's lock: what ``verify`` and ``export`` stand on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storage.contents import read_line
from storage.journal import chained, whole_lines
from storage.store import GENESIS, BrokenChain, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A whole chain. ``head`` and ``events`` are what to note elsewhere: a chain cannot show by itself that
    its newest lines were cut off. ``torn`` counts the bytes of a last line that was never acknowledged."""

    events: int
    head: str
    contents: int
    disposed: int
    torn: int


class Reading:
    """A store's files up to the last whole line, read without its lock."""

    def __init__(self, directory: Path) -> None:
        self._journal = directory / "journal.jsonl"
        self._contents = directory / "contents.jsonl"
        self._opened: dict[str, bytes] | None = None

    def events(self) -> Iterator[Event]:
        for _, event in chained(self._journal):
            yield event

    async def content(self, ref: str) -> bytes | None:
        if self._opened is None:
            self._opened = dict(self._read_contents())
        return self._opened.get(ref)

    def _read_contents(self) -> Iterator[tuple[str, bytes]]:
        for place in whole_lines(self._contents):
            content = read_line(place.line)
            if content is not None:
                yield content.ref, content.data


def verify(directory: Path) -> Verified:
    """Checks every link of the journal and every content's hash. Raises BrokenChain at the first broken place."""
    journal, contents = directory / "journal.jsonl", directory / "contents.jsonl"
    events, head, left, whole = 0, GENESIS, 0, 0
    for place, event in chained(journal):
        if events and left and event.left != left - 1:
            raise BrokenChain(f"{journal.name}, line {place.number}", "a commit lacks some of its events")
        events, head, left = event.seq, event.hash, event.left
        whole = place.offset + len(place.line)
    kept, disposed = 0, 0
    for place in whole_lines(contents):
        try:
            gone = read_line(place.line) is None
        except (ValueError, KeyError) as error:
            raise BrokenChain(f"{contents.name}, line {place.number}", str(error)) from error
        kept, disposed = kept + (not gone), disposed + gone
    torn = journal.stat().st_size - whole
    return Verified(events=events, head=head, contents=kept, disposed=disposed, torn=torn)
