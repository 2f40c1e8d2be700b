"""What every store promises; each store that is added runs this same suite."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage.contents import seal
from storage.embedded import EmbeddedStore
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


def count(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """A read side that counts a stream's events and forgets streams that end."""
    if event.kind == "ended":
        yield Drop(table="streams", key=event.stream)
        return
    before = tables.get("streams", event.stream)
    yield Put(
        table="streams", key=event.stream, doc={"stream": event.stream, "n": (before or {"n": 0})["n"] + 1}
    )


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens the store again and again on the same place, as restarts do."""
    opened: list[Store] = []

    async def open_again() -> Store:
        if opened:
            await opened.pop().close()
        opened.append(await EmbeddedStore.open(tmp_path / "data", projector=count))
        return opened[-1]

    yield open_again
    for store in opened:
        await store.close()


@pytest.fixture
async def store(opening: Open) -> Store:
    return await opening()


async def put(
    store: Store,
    stream: str = "s",
    *,
    expected: int | None = None,
    keys: tuple[str, ...] = (),
    owes: tuple[Message, ...] = (),
    kinds: tuple[str, ...] = ("happened",),
) -> Appended | VersionConflict | KeyTaken:
    return await store.append(
        stream,
        [NewEvent(kind=kind, data={"a": "åäö"}) for kind in kinds],
        expected_version=expected,
        actor="someone",
        at=AT,
        keys=keys,
        owes=owes,
    )


def a_message(name: str = "m", **fields: object) -> Message:
    return Message(id=name, to="person:1", kind="case", subject="s", **fields)  # type: ignore[arg-type]


async def test_what_was_appended_is_there_after_a_restart(opening: Open) -> None:
    done = await put(await opening(), keys=("k",), kinds=("one", "two"))
    assert isinstance(done, Appended)
    again = await opening()
    assert await again.load("s") == done.events
    assert [event.version for event in done.events] == [1, 2]
    assert [event async for event in again.events(after=1)] == [done.events[1]]
    assert await again.get("streams", "s") == {"stream": "s", "n": 2}


async def test_of_two_with_the_same_expected_version_one_is_told_of_the_other(store: Store) -> None:
    outcomes = await asyncio.gather(*(put(store, expected=0) for _ in range(8)))
    assert len([one for one in outcomes if isinstance(one, Appended)]) == 1
    conflicts = [one for one in outcomes if isinstance(one, VersionConflict)]
    assert {(one.expected, one.actual) for one in conflicts} == {(0, 1)}
    assert len(conflicts) == 7
    assert len(await store.load("s")) == 1


async def test_a_taken_key_gives_back_what_was_recorded_under_it(opening: Open) -> None:
    store = await opening()
    first = await put(store, keys=("k1", "k2"))
    assert isinstance(first, Appended)
    for name in ("k1", "k2"):
        again = await put(await opening(), "other", keys=("new", name))
        assert again == KeyTaken(key=name, event=first.events[0])
    fresh = await opening()
    assert await fresh.load("other") == ()
    assert await fresh.taken("new") is None, "a refused append takes none of its keys"


async def test_the_same_key_twice_at_once_is_taken_once(store: Store) -> None:
    outcomes = await asyncio.gather(*(put(store, f"s{n}", keys=("k",)) for n in range(6)))
    assert len([one for one in outcomes if isinstance(one, Appended)]) == 1
    assert len([one for one in outcomes if isinstance(one, KeyTaken)]) == 5


async def test_each_event_bears_the_hash_of_the_one_before_it(store: Store) -> None:
    await asyncio.gather(*(put(store, f"s{n % 3}") for n in range(20)))
    prev = "0" * 64
    async for event in store.events():
        assert event.prev == prev
        prev = event.hash


async def test_content_is_found_until_it_is_disposed_of_and_never_after(opening: Open) -> None:
    store = await opening()
    kept, gone = seal(b"kvar"), seal(b"borta")
    await store.append(
        "s",
        [NewEvent(kind="held", data={"refs": [kept.ref, gone.ref]})],
        expected_version=0,
        actor="x",
        at=AT,
        contents=(kept, gone),
    )
    store = await opening()
    assert await store.content(gone.ref) == b"borta"
    await store.dispose([gone.ref])
    await store.dispose([gone.ref])
    assert await store.content(gone.ref) is None
    store = await opening()
    assert await store.content(gone.ref) is None
    assert await store.content(kept.ref) == b"kvar"


async def test_the_read_side_forgets_what_the_projector_drops(opening: Open) -> None:
    store = await opening()
    await put(store, "a")
    await put(store, "b")
    await put(store, "a", kinds=("ended",))
    for again in (store, await opening()):
        assert await again.get("streams", "a") is None
        assert [row["stream"] for row in await again.select("streams")] == ["b"]


async def test_a_message_is_owed_until_it_is_sent_and_once_only(opening: Open) -> None:
    store = await opening()
    await put(store, owes=(a_message("m1"), a_message("m2")))
    await put(store, owes=(a_message("m1"),))
    assert [one.message.id for one in await store.due(AT, 10)] == ["m1", "m2"]
    await store.started("m1", AT)
    assert [one.message.id for one in await store.due(AT, 10)] == ["m2"], "the other is under way"
    await store.sent("m1", AT)
    store = await opening()
    assert [one.message.id for one in await store.due(AT, 10)] == ["m2"]
    await store.given_up("m2", AT, "403")
    assert await (await opening()).due(AT, 10) == []


async def test_a_send_that_the_process_did_not_survive_is_unknown(opening: Open) -> None:
    store = await opening()
    await put(store, owes=(a_message(),))
    await store.started("m", AT)
    (owed,) = await (await opening()).due(AT, 10)
    assert (owed.unknown, owed.attempts) == (True, 1)


async def test_a_postponed_message_waits_across_restarts(opening: Open) -> None:
    store = await opening()
    await put(store, owes=(a_message("m1"), a_message("m2", not_before=AT + timedelta(hours=1))))
    await store.started("m1", AT)
    await store.postponed("m1", AT + timedelta(minutes=5))
    for again in (store, await opening()):
        assert await again.due(AT, 10) == []
        later = await again.due(AT + timedelta(minutes=5), 10)
        assert [(one.message.id, one.attempts, one.unknown) for one in later] == [("m1", 1, False)]
        assert len(await again.due(AT + timedelta(hours=2), 10)) == 2


async def test_documents_are_replaced_whole_and_forgotten(opening: Open) -> None:
    store = await opening()
    await asyncio.gather(*(store.put_document("c", str(n), {"n": n}) for n in range(20)))
    await store.put_document("c", "1", {"other": True})
    await store.drop_document("c", "2")
    for again in (store, await opening()):
        assert await again.document("c", "1") == {"other": True}
        assert await again.document("c", "2") is None
        assert len(await again.documents("c")) == 19
        assert await again.documents("d") == {}


@pytest.mark.parametrize("data", [{"a": 1.5}, {"å": 1}, {"a": [{"b": object()}]}])
async def test_what_has_no_canonical_form_is_refused_before_anything_is_written(
    store: Store, data: dict[str, object]
) -> None:
    with pytest.raises(TypeError):
        await store.append("s", [NewEvent(kind="k", data=data)], expected_version=0, actor="x", at=AT)
    assert await store.load("s") == ()


async def test_one_unstorable_commit_does_not_pull_down_the_others(store: Store) -> None:
    async def bad() -> None:
        with pytest.raises(UnicodeEncodeError):
            await store.append(
                "bad",
                [NewEvent(kind="k", data={"a": "\ud800"})],
                expected_version=0,
                actor="x",
                at=AT,
            )

    done, _ = await asyncio.gather(put(store), bad())
    assert isinstance(done, Appended)
