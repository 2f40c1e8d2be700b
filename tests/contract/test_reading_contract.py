"""What every store promises of texts, of the read side and of documents."""

import asyncio
import hashlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.contents import LARGE, seal
from storage.store import Appended, Json, KeyTaken, NewEvent, Store, VersionConflict
from tests.contract.stores import AT, Open, Place, open_at, put


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


async def test_a_document_is_dropped_only_while_it_is_the_one_that_was_read(opening: Open) -> None:
    store = await opening()
    for key in ("renewed", "old", "being renewed"):
        await store.put_document("c", key, {"text": "å", "n": 1})
    read = await store.documents("c")
    await store.put_document("c", "renewed", {"text": "å", "n": 2})
    renewing = asyncio.create_task(store.put_document("c", "being renewed", {"text": "å", "n": 2}))
    await asyncio.sleep(0)
    await asyncio.gather(renewing, store.drop_document("c", "being renewed", only=read["being renewed"]))
    for key in ("renewed", "old", "gone"):
        await store.drop_document("c", key, only=read.get(key, {"n": 1}))
    for reopened in (False, True):
        again = await opening() if reopened else store
        kept = {"renewed": {"text": "å", "n": 2}, "being renewed": {"text": "å", "n": 2}}
        assert await again.documents("c") == kept


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
