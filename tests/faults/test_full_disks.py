"""A real file system runs full under the store: it says no, keeps what it said yes to, and goes on with room."""

import asyncio
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.contents import seal
from storage.embedded import EmbeddedStore, Tidying
from storage.reading import verify
from storage.store import Appended, Drop, Event, Message, NewEvent, Put, StoreUnwritable, Tables

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def nothing(_event: Event, _tables: Tables) -> Iterable[Put | Drop]:
    return ()


async def append(store: EmbeddedStore, name: str) -> str:
    text = seal(f"text of {name}".encode() + b"." * 300)
    done = await store.append(
        name,
        [NewEvent(kind="k", data={"ref": text.ref}), NewEvent(kind="k", data={})],
        expected_version=0,
        actor="x",
        at=AT,
        keys=(name,),
        contents=(text,),
        owes=(Message(id=name, to="person:1", kind="case", subject=name),),
    )
    assert isinstance(done, Appended)
    return text.ref


async def append_until_full(store: EmbeddedStore, start: int) -> dict[str, str]:
    """What was acknowledged; writers come four at a time, so that a commit is refused among others."""
    acknowledged: dict[str, str] = {}
    for n in range(start, start + 10_000, 4):
        names = [f"{n + writer}" for writer in range(4)]
        done = await asyncio.gather(*(append(store, name) for name in names), return_exceptions=True)
        acknowledged |= {name: ref for name, ref in zip(names, done, strict=True) if isinstance(ref, str)}
        refused = [one for one in done if isinstance(one, BaseException)]
        assert all(isinstance(one, StoreUnwritable) for one in refused)
        if refused:
            return acknowledged
    raise AssertionError("the disk never ran full")


async def test_five_full_disks_lose_nothing_and_end_with_room(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    acknowledged: dict[str, str] = {}
    store = await EmbeddedStore.open(small_disk / "data", projector=nothing)
    for turn in range(5):
        await asyncio.to_thread(_take, ballast, 400_000 - 80_000 * turn)
        acknowledged |= await append_until_full(store, turn * 10_000)
        with pytest.raises(StoreUnwritable):
            await _until_refused(store)
        for name, ref in acknowledged.items():
            assert len(await store.load(name)) == 2, "it goes on reading"
            assert (await store.content(ref) or b"").startswith(f"text of {name}.".encode())
        if turn % 2:
            await store.close()
            store = await EmbeddedStore.open(small_disk / "data", projector=nothing)
        ballast.unlink()
        acknowledged[f"room {turn}"] = await append(store, f"room {turn}")
    assert {one.message.id for one in await store.due(AT, 10**6)} == acknowledged.keys()
    await store.close()
    assert verify(small_disk / "data").events == 2 * len(acknowledged)


async def _until_refused(store: EmbeddedStore) -> None:
    for n in range(1000):
        await store.put_document("documents", str(n), {"pad": "x" * 1000})


def _take(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.write(os.urandom(size))


async def test_a_log_is_written_to_while_there_is_room_for_its_lines_and_none_for_a_second_copy(
    small_disk: Path,
) -> None:
    data, ballast = small_disk / "data", small_disk / "ballast"
    store = await EmbeddedStore.open(data, projector=nothing, tidying=Tidying(compact_above=100_000))
    size = (data / "documents.jsonl").stat
    for n in range(150):
        await store.put_document("cards", str(n), {"turn": 0, "pad": "x" * 1000})
    await asyncio.to_thread(_take, ballast, _room(small_disk) - 130_000)
    for turn in range(1, 100):
        assert await store.writable()
        await store.put_document("cards", str(turn), {"turn": turn, "pad": "x" * 1000})
    assert size().st_size > 240_000, "it could not be written anew"
    ballast.unlink()
    for turn in range(100, 190):
        await store.put_document("cards", "0", {"turn": turn, "pad": "x" * 1000})
    assert size().st_size < 240_000, "it was, once there was room and it had grown"
    await store.close()
    store = await EmbeddedStore.open(data, projector=nothing)
    kept = {int(key): doc["turn"] for key, doc in (await store.documents("cards")).items()}
    assert kept == {0: 189} | {n: n if n < 100 else 0 for n in range(1, 150)}
    await store.close()


def _room(place: Path) -> int:
    disk = os.statvfs(place)
    return disk.f_bavail * disk.f_frsize
