"""What makes a chain whole, wherever its events lie."""

from dataclasses import dataclass

from storage.store import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A whole chain. ``head`` and ``events`` are what to note elsewhere: a chain cannot show by itself that
    its newest events were cut off. ``torn`` counts the bytes of a last line that was never acknowledged."""

    events: int
    head: str
    contents: int
    disposed: int
    torn: int = 0


def fault(event: Event, prev: str, seq: int, before: Event | None) -> str | None:
    """What is wrong with an event after number ``seq`` of hash ``prev``; ``before`` is the one before it in the
    same commit."""
    if event.seq != seq + 1:
        return f"event {event.seq} stands where {seq + 1} should"
    if event.prev != prev:
        return f"event {event.seq} does not follow from the one before it"
    if before and (event.left != before.left - 1 or event.stream != before.stream):
        return f"the commit before event {event.seq} lacks {before.left} of its events"
    return None


class Streams:
    """Whether each stream's versions come one after the other."""

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}

    def fault(self, event: Event) -> str | None:
        if event.version != self._versions.get(event.stream, 0) + 1:
            return f"version {event.version} is out of order"
        self._versions[event.stream] = event.version
        return None
