"""What every store promises of the record: one chain, versions, keys, commits that are whole."""

import asyncio
from dataclasses import replace

import pytest

from storage.contents import seal
from storage.store import Appended, KeyTaken, NewEvent, Store, VersionConflict
from tests.contract.stores import AT, Open, a_message, put


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


async def test_a_store_that_refused_nothing_is_writable(store: Store) -> None:
    assert await store.writable()
    await put(store)
    assert await store.writable()


async def test_a_store_may_be_closed_twice(opening: Open) -> None:
    store = await opening()
    await put(store)
    await store.put_document("cards", "k", {"n": 1})
    for _ in range(2):
        await store.close()
    assert len(await (await opening()).load("s")) == 1


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


async def test_keys_and_owed_messages_stand_on_the_first_event_of_their_commit(store: Store) -> None:
    done = await put(store, kinds=("one", "two"), keys=("k",), owes=(a_message(),))
    assert isinstance(done, Appended)
    assert [(event.keys, len(event.owes), event.left) for event in done.events] == [
        (("k",), 1, 1),
        ((), 0, 0),
    ]
    assert await store.taken("k") == done.events[0]


async def test_commits_at_the_same_time_build_on_one_another(store: Store) -> None:
    outcomes = await asyncio.gather(
        put(store, expected=0, kinds=("one", "two")),
        put(store, expected=2),
        put(store),
        put(store, expected=1),
    )
    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Appended, Appended, Appended, VersionConflict]
    assert [event.version for event in await store.load("s")] == [1, 2, 3, 4]


async def test_a_projector_that_fails_fails_its_own_commit_alone(opening: Open) -> None:
    store = await opening()
    outcomes = await asyncio.gather(
        put(store, "a"),
        put(store, "b", kinds=("happened", "impossible")),
        put(store, "c"),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [Appended, RuntimeError, Appended]
    again = await opening()
    assert await again.load("b") == ()
    assert await again.get("streams", "b") is None
    assert [row["stream"] for row in await again.select("streams")] == ["a", "c"]


async def test_a_time_without_a_zone_a_huge_number_and_a_false_ref_are_refused(store: Store) -> None:
    new, huge = NewEvent(kind="k", data={}), NewEvent(kind="k", data={"n": 2**53})
    false = replace(seal(b"text"), data=b"another text")
    with pytest.raises(ValueError, match="zone"):
        await store.append("s", [new], expected_version=0, actor="x", at=AT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="2\\*\\*53"):
        await store.append("s", [huge], expected_version=0, actor="x", at=AT)
    with pytest.raises(ValueError, match="hash of its salt"):
        await store.append("s", [new], expected_version=0, actor="x", at=AT, contents=(false,))
    with pytest.raises(ValueError, match="at least one"):
        await store.append("s", [], expected_version=0, actor="x", at=AT)
    assert await store.load("s") == ()
