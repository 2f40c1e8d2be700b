"""Opening stores of each kind, and putting something into them."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime

from storage.opening import open_store
from storage.store import (
    Appended,
    Drop,
    Event,
    KeyTaken,
    Message,
    NewEvent,
    Put,
    Store,
    Tables,
    VersionConflict,
)

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


Open = Callable[[], Awaitable[Store]]


STORES = ("embedded", "postgres")


async def open_at(url: str) -> Store:
    return await open_store(url, projector=count, clock=lambda: AT)


Place = Callable[[], str]


def count(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """A read side that counts a stream's events and forgets streams that end."""
    if event.kind == "ended":
        yield Drop(table="streams", key=event.stream)
        return
    if event.kind == "impossible":
        raise RuntimeError("the projector has a bug")
    before = tables.get("streams", event.stream)
    yield Put(
        table="streams", key=event.stream, doc={"stream": event.stream, "n": (before or {"n": 0})["n"] + 1}
    )


async def put(
    store: Store,
    stream: str = "s",
    *,
    expected: int | None = None,
    keys: tuple[str, ...] = (),
    owes: tuple[Message, ...] = (),
    kinds: tuple[str, ...] = ("happened",),
    at: datetime = AT,
) -> Appended | VersionConflict | KeyTaken:
    return await store.append(
        stream,
        [NewEvent(kind=kind, data={"a": "åäö"}) for kind in kinds],
        expected_version=expected,
        actor="someone",
        at=at,
        keys=keys,
        owes=owes,
    )


def a_message(name: str = "m", **fields: object) -> Message:
    return Message(id=name, to="person:1", kind="case", subject="s", **fields)  # type: ignore[arg-type]
