"""A store that closes: who waits for it, what it still takes, and what a write meets that comes too late."""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.contents import seal
from storage.embedded import EmbeddedStore, Tidying
from storage.judging import Outcome
from storage.reading import verify
from storage.store import Appended, Drop, Event, Message, NewEvent, Put, StoreUnwritable, Tables

AT = datetime(2026, 11, 28, 21, 0, tzinfo=UTC)
Write = Callable[[EmbeddedStore], Awaitable[object]]


def project(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    yield Put(table="streams", key=event.stream, doc={"version": event.version})


async def opened(directory: Path, *, checkpoint_every: int = 4096) -> EmbeddedStore:
    tidying = Tidying(checkpoint_every=checkpoint_every)
    return await EmbeddedStore.open(directory, projector=project, tidying=tidying)


async def append(store: EmbeddedStore, stream: str = "s") -> Outcome:
    owed = Message(id=f"message of {stream}", to="person:1", kind="case", subject=stream)
    kind = NewEvent(kind="k", data={})
    return await store.append(stream, [kind], expected_version=None, actor="x", at=AT, owes=(owed,))


class HeldUpSyncs:
    """None ends before ``goes_on`` is set."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.goes_on, self.begun = threading.Event(), threading.Event()
        sync = os.fdatasync

        def held(fd: int) -> None:
            self.begun.set()
            assert self.goes_on.wait(10)
            sync(fd)

        patch.setattr(os, "fdatasync", held)


async def a_document(store: EmbeddedStore) -> None:
    await store.put_document("cards", "k", {"n": 1})


async def a_mark(store: EmbeddedStore) -> None:
    await store.started("message of before", AT)


EVIDENCE = seal(b"what is to go")


async def a_disposal(store: EmbeddedStore) -> None:
    await store.dispose([EVIDENCE.ref])


@pytest.mark.parametrize("write", [append, a_document, a_mark, a_disposal])
async def test_what_is_asked_for_after_the_close_is_refused_and_leaves_nothing(
    tmp_path: Path, write: Write
) -> None:
    store = await opened(tmp_path)
    kind = NewEvent(kind="k", data={})
    await store.append("e", [kind], expected_version=0, actor="x", at=AT, contents=(EVIDENCE,))
    await append(store, "before")
    await store.close()
    assert not await store.writable()
    with pytest.raises(StoreUnwritable, match="closed"):
        await write(store)
    again = await opened(tmp_path)
    assert [event.stream async for event in again.events()] == ["e", "before"]
    assert await again.content(EVIDENCE.ref) is not None
    assert await again.document("cards", "k") is None
    await again.close()


async def test_what_was_begun_before_the_close_is_written_before_it_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened(tmp_path)
    disk = HeldUpSyncs(monkeypatch)
    writing = [asyncio.ensure_future(append(store)), asyncio.ensure_future(a_document(store))]
    await asyncio.to_thread(disk.begun.wait, 5)
    closing = [asyncio.ensure_future(store.close()) for _ in range(2)]
    await asyncio.sleep(0.01)
    assert not any(one.done() for one in (*writing, *closing))
    with pytest.raises(StoreUnwritable, match="closed"):
        await append(store, "late")
    disk.goes_on.set()
    await asyncio.gather(*closing)
    done, _ = await asyncio.gather(*writing)
    assert isinstance(done, Appended)
    assert verify(tmp_path).events == 1
    again = await opened(tmp_path)
    assert await again.document("cards", "k") == {"n": 1}
    await again.close()


async def test_a_close_that_nobody_waits_for_any_more_ends_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened(tmp_path)
    disk = HeldUpSyncs(monkeypatch)
    writing = asyncio.ensure_future(append(store))
    await asyncio.to_thread(disk.begun.wait, 5)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(store.close(), 0.01)
    disk.goes_on.set()
    await store.close()
    assert isinstance(await writing, Appended)
    await (await opened(tmp_path)).close()


async def test_a_commit_that_lands_while_the_store_closes_begins_no_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened(tmp_path, checkpoint_every=1)
    disk = HeldUpSyncs(monkeypatch)
    writing = asyncio.ensure_future(append(store))
    await asyncio.to_thread(disk.begun.wait, 5)
    closing = asyncio.ensure_future(store.close())
    await asyncio.sleep(0)
    disk.goes_on.set()
    assert isinstance(await writing, Appended)
    await closing


async def test_an_opening_that_is_cancelled_twice_leaves_the_store_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, replay = threading.Event(), EmbeddedStore._replay

    def slowly(store: EmbeddedStore) -> None:
        assert goes_on.wait(10)
        replay(store)

    with monkeypatch.context() as patch:
        patch.setattr(EmbeddedStore, "_replay", slowly)
        opening = asyncio.ensure_future(opened(tmp_path))
        for _ in range(2):
            await asyncio.sleep(0.02)
            opening.cancel()
        await asyncio.wait([opening])
        goes_on.set()
        await asyncio.sleep(0.1)
    await (await opened(tmp_path)).close()


async def test_a_document_is_not_changed_while_one_that_nobody_waits_for_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened(tmp_path)
    disk = HeldUpSyncs(monkeypatch)

    def seen(name: str) -> asyncio.Future[None]:
        return asyncio.ensure_future(
            store.change_document("c", "k", lambda doc: {"seen": [*(doc or {}).get("seen", ()), name]})
        )

    first = seen("a")
    await asyncio.to_thread(disk.begun.wait, 5)
    first.cancel()
    second = seen("b")
    await asyncio.sleep(0.01)
    disk.goes_on.set()
    await second
    assert first.cancelled()
    assert await store.document("c", "k") == {"seen": ["a", "b"]}
    await store.close()
