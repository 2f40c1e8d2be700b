"""What every store promises; each store that is added runs this same suite."""

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.contents import LARGE, seal
from storage.opening import open_store
from storage.store import (
    LONGEST_POSTPONEMENT,
    Appended,
    Backlog,
    Drop,
    Event,
    Json,
    KeyTaken,
    Message,
    NewEvent,
    Put,
    Store,
    Tables,
    VersionConflict,
)
from tests.postgres import Postgres

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
Open = Callable[[], Awaitable[Store]]


STORES = ("embedded", "postgres")


async def open_at(url: str) -> Store:
    return await open_store(url, projector=count, clock=lambda: AT)


Place = Callable[[], str]


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Gives the address of an empty place for a store of each kind, a new one each time."""
    if request.param == "embedded":
        return lambda: f"tinydb:{tmp_path_factory.mktemp('store') / 'data'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.place


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


@pytest.fixture
async def opening(place: Place) -> AsyncIterator[Open]:
    """Opens the store again and again on the same place, as restarts do."""
    url, opened = place(), list[Store]()

    async def open_again() -> Store:
        if opened:
            await opened.pop().close()
        opened.append(await open_at(url))
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


async def test_a_large_content_is_hashed_beside_the_event_loop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, threads, sha256 = seal(bytes(2 * LARGE)), set[int](), hashlib.sha256

    def noting(data: bytes = b"") -> Any:
        if len(data) > LARGE:
            threads.add(threading.get_ident())
        return sha256(data)

    monkeypatch.setattr(hashlib, "sha256", noting)
    new = [NewEvent(kind="held", data={"ref": content.ref})]
    await store.append("s", new, expected_version=0, actor="x", at=AT, contents=(content,))
    assert threads
    assert threading.get_ident() not in threads
    threads.clear()
    assert await store.content(content.ref) == content.data
    assert threads
    assert threading.get_ident() not in threads


async def test_the_read_side_forgets_what_the_projector_drops(opening: Open) -> None:
    store = await opening()
    await put(store, "a")
    await put(store, "b")
    await put(store, "a", kinds=("ended",))
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert await again.get("streams", "a") is None
        assert [row["stream"] for row in await again.select("streams")] == ["b"]


async def test_a_table_tells_how_many_it_holds_and_which_has_been_there_longest(opening: Open) -> None:
    store = await opening()
    assert (await store.count("streams"), await store.oldest("streams")) == (0, None)
    for name in ("a", "b", "c", "a"):
        await put(store, name)
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert await again.count("streams") == 3
        assert await again.oldest("streams") == {"stream": "a", "n": 2}, "replaced, it keeps its place"
    await put(again, "a", kinds=("ended",))
    assert await again.oldest("streams") == {"stream": "b", "n": 1}
    await put(again, "a")
    assert await again.oldest("streams") == {"stream": "b", "n": 1}, "come back, it is the newest"
    assert await again.count("streams") == 3


async def test_the_backlog_is_what_is_neither_sent_nor_given_up(opening: Open) -> None:
    store = await opening()
    assert await store.backlog() == Backlog(depth=0, oldest=None)
    for minute, name in enumerate(("m0", "m1", "m2")):
        await put(store, owes=(a_message(name),), at=AT + timedelta(minutes=minute))
    await store.started("m0", AT)
    await store.postponed("m0", AT + timedelta(hours=1))
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert await again.backlog() == Backlog(depth=3, oldest=AT), (
            "one that waits is owed since it was owed"
        )
    await again.sent("m0", AT)
    assert await again.backlog() == Backlog(depth=2, oldest=AT + timedelta(minutes=1))
    await again.given_up("m1", AT, "403")
    await again.sent("m2", AT)
    assert await again.backlog() == Backlog(depth=0, oldest=None)


async def test_a_store_that_refused_nothing_is_writable(store: Store) -> None:
    assert await store.writable()
    await put(store)
    assert await store.writable()


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


@pytest.mark.parametrize("why", ["Bad\0Code", "\ud800"])
async def test_a_message_is_given_up_whatever_teams_calls_the_reason(opening: Open, why: str) -> None:
    store = await opening()
    await put(store, owes=(a_message("m1"),))
    await store.started("m1", AT)
    await store.given_up("m1", AT, why)
    store = await opening()
    assert await store.due(AT, 10) == []


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
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert await again.due(AT, 10) == []
        later = await again.due(AT + timedelta(minutes=5), 10)
        assert [(one.message.id, one.attempts, one.unknown) for one in later] == [("m1", 1, False)]
        assert len(await again.due(AT + timedelta(hours=2), 10)) == 2


async def test_what_a_clock_far_ahead_postponed_is_due_once_the_clock_is_right(opening: Open) -> None:
    """What is itself for a later day waits for that day."""
    store, wrong = await opening(), AT + timedelta(days=30)
    week = AT + timedelta(days=7)
    await put(store, owes=(a_message("m1"), a_message("m2"), a_message("m3", not_before=week)))
    for name in ("m1", "m2"):
        await store.due(wrong, 10)
        await store.started(name, wrong)
        await store.postponed(name, wrong + timedelta(minutes=5))
    await store.due(AT, 10)
    await store.started("m2", AT)
    await store.postponed("m2", AT + LONGEST_POSTPONEMENT)
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert [one.message.id for one in await again.due(AT, 10)] == ["m1"]
        assert len(await again.due(AT + LONGEST_POSTPONEMENT, 10)) == 2
        assert len(await again.due(week, 10)) == 3


async def test_documents_are_replaced_whole_and_forgotten(opening: Open) -> None:
    store = await opening()
    await asyncio.gather(*(store.put_document("c", str(n), {"n": n}) for n in range(20)))
    await store.put_document("c", "1", {"other": True})
    await store.drop_document("c", "2")
    for reopened in (False, True):
        again = await opening() if reopened else store
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


async def test_what_is_read_is_the_readers_own_copy(store: Store) -> None:
    await put(store)
    await store.put_document("c", "k", {"list": [1]})
    for doc in (await store.get("streams", "s"), *(await store.select("streams"))):
        assert doc is not None
        doc["n"] = 99
    document = await store.document("c", "k")
    assert document is not None
    document["list"].append(2)
    assert await store.get("streams", "s") == {"stream": "s", "n": 1}
    assert await store.document("c", "k") == {"list": [1]}


async def test_due_gives_the_oldest_first_and_no_more_than_asked_for(store: Store) -> None:
    for n in range(6):
        await put(store, owes=(a_message(f"m{n}"),))
    await store.started("m1", AT)
    await store.postponed("m1", AT + timedelta(minutes=1))
    assert [one.message.id for one in await store.due(AT, 3)] == ["m0", "m2", "m3"]
    later = AT + timedelta(minutes=1)
    assert [one.message.id for one in await store.due(later, 3)] == ["m0", "m1", "m2"], (
        "it has its place again"
    )


async def test_an_attempt_without_word_of_its_end_is_followed_by_another_attempt(store: Store) -> None:
    await put(store, owes=(a_message(),))
    await store.started("m", AT)
    await store.started("m", AT)
    await store.postponed("m", AT)
    assert [(one.attempts, one.unknown) for one in await store.due(AT, 1)] == [(2, False)]


async def test_a_message_that_is_not_owed_cannot_be_started_and_is_done_already(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.started("nothing", AT)
    await store.sent("nothing", AT)
    await store.given_up("nothing", AT, "403")


async def test_of_many_who_change_a_document_at_once_none_undoes_another(opening: Open) -> None:
    store = await opening()

    def adding(n: int) -> Callable[[Json | None], Json]:
        return lambda doc: {"all": [*(doc or {"all": []})["all"], n]}

    await asyncio.gather(*(store.change_document("c", "k", adding(n)) for n in range(12)))
    await store.change_document("c", "k", lambda doc: None)
    await store.change_document("c", "other", lambda doc: None)
    store = await opening()
    doc = await store.document("c", "k")
    assert doc
    assert sorted(doc["all"]) == list(range(12))
    assert await store.document("c", "other") is None


async def test_collections_do_not_mix_whatever_their_keys_are(opening: Open) -> None:
    store = await opening()
    await store.put_document("a", "b/c", {"n": 1})
    await store.put_document("a/b", "c", {"n": 2})
    await store.put_document("a", "half \ud83d of a pair", {"text": "\ud83d"})
    store = await opening()
    assert await store.documents("a/b") == {"c": {"n": 2}}
    assert await store.document("a", "b/c") == {"n": 1}
    assert await store.document("a", "half \ud83d of a pair") == {"text": "\ud83d"}


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


STEPS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.none() | st.integers(0, 4),
        st.none() | st.sampled_from("xyz"),
        st.booleans(),
    ),
    max_size=14,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # it gives a new place each time
)
@given(steps=STEPS)
async def test_whatever_is_asked_for_the_store_answers_like_a_list(
    place: Place, steps: list[tuple[str, int | None, str | None, bool]]
) -> None:
    url = place()
    store, streams, keys = await open_at(url), {"a": 0, "b": 0}, dict[str, str]()
    for stream, expected, key, restart in steps:
        if restart:
            await store.close()
            store = await open_at(url)
        done = await put(store, stream, expected=expected, keys=(key,) if key else ())
        if key in keys:
            assert isinstance(done, KeyTaken)
            assert done.event.stream == keys[key]
        elif expected not in {None, streams[stream]}:
            assert done == VersionConflict(stream=stream, expected=expected or 0, actual=streams[stream])
        else:
            assert isinstance(done, Appended)
            streams[stream] += 1
            if key:
                keys[key] = stream
    assert {name: len(await store.load(name)) for name in streams} == streams
    assert sorted([event.seq async for event in store.events()]) == list(range(1, sum(streams.values()) + 1))
    await store.close()
