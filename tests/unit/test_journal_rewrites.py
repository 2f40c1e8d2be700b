"""Whatever is written to the disk, and while something large is, no sync holds up the event loop, and nothing else changes."""

import asyncio
import errno
import os
import threading
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.contents import LARGE, seal
from storage.embedded import EmbeddedStore, Tidying
from storage.store import Appended, Content, Drop, Event, Message, NewEvent, Put, StoreUnwritable, Tables

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
TIDYING = Tidying(checkpoint_every=8, compact_above=4096)
PAD = "x" * 1024
EVIDENCE = seal(os.urandom(2 * LARGE))


def project(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    yield Put(table="streams", key=event.stream, doc={"version": event.version})


async def opened(directory: Path) -> EmbeddedStore:
    return await EmbeddedStore.open(directory, projector=project, tidying=TIDYING)


async def append(store: EmbeddedStore, stream: str, *contents: Content) -> None:
    done = await store.append(
        stream,
        [NewEvent(kind="k", data={})],
        expected_version=None,
        actor="x",
        at=AT,
        contents=contents,
        owes=(Message(id=f"message of {stream}", to="person:1", kind="case", subject=stream),),
    )
    assert isinstance(done, Appended)


class HeldUpDisk:
    """Nothing large gets to it before ``goes_on`` is set, and until then ``waiting`` has its name. ``on_the_loop``: syncs
    that would hold up everybody. ``full``: nothing small gets to it meanwhile either."""

    def __init__(self, patch: pytest.MonkeyPatch, held: str) -> None:
        self.waiting = ""
        self.on_the_loop = 0
        self.full = False
        self.goes_on = threading.Event()
        self._held = held
        self._loop = threading.get_ident()
        self._fsync, self._fdatasync = os.fsync, os.fdatasync
        patch.setattr(os, "fsync", self._whole)
        patch.setattr(os, "fdatasync", self._data)
        self._pwrite = os.pwrite
        patch.setattr(os, "pwrite", self._write)

    def _name(self, fd: int) -> str:
        return Path(os.readlink(f"/proc/self/fd/{fd}")).name

    def _whole(self, fd: int) -> None:
        self.on_the_loop += threading.get_ident() == self._loop
        self._let_through(self._name(fd))
        self._fsync(fd)

    def _write(self, fd: int, data: bytes, offset: int) -> int:
        if len(data) > LARGE:
            self._let_through(f"much to {self._name(fd)}")
        return self._pwrite(fd, data, offset)

    def _data(self, fd: int) -> None:
        self.on_the_loop += threading.get_ident() == self._loop
        if self.waiting and self.full:
            raise OSError(errno.ENOSPC, "no room")
        self._fdatasync(fd)

    def _let_through(self, name: str) -> None:
        if name == self._held:
            self.waiting = name
            assert self.goes_on.wait(10)
            self.waiting = ""

    async def is_held_up(self) -> None:
        for _ in range(3000):
            if self.waiting:
                return
            await asyncio.sleep(0.001)
        raise AssertionError(f"{self._held} was not written")


async def many_commits(store: EmbeddedStore) -> None:
    for n in range(TIDYING.checkpoint_every):
        await append(store, f"before {n}")


async def many_documents(store: EmbeddedStore) -> None:
    for _ in range(10):
        await store.put_document("cards", "the same", {"pad": PAD})


async def many_sent(store: EmbeddedStore) -> None:
    await append(store, "before")
    for _ in range(60):
        await store.postponed("message of before", AT)


async def evidence(store: EmbeddedStore) -> None:
    await append(store, "before", EVIDENCE)


async def evidence_erased(store: EmbeddedStore) -> None:
    await store.dispose([EVIDENCE.ref])


Work = Callable[[EmbeddedStore], Awaitable[None]]
REWRITES = [
    (many_commits, "checkpoint.new"),
    (many_documents, "documents.jsonl.new"),
    (many_sent, "outbox.jsonl.new"),
    (evidence, "much to contents.jsonl"),
    (evidence_erased, "much to contents.jsonl"),
]
IDS = [name for _, name in REWRITES[:3]] + ["evidence", "evidence that goes"]


@pytest.mark.parametrize(("work", "held"), REWRITES, ids=IDS)
async def test_no_sync_holds_up_the_event_loop_while_something_large_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Work, held: str
) -> None:
    store = await opened(tmp_path)
    if work is evidence_erased:
        await append(store, "before", EVIDENCE)
    disk = HeldUpDisk(monkeypatch, held)
    working = asyncio.ensure_future(work(store))
    await disk.is_held_up()
    streams = [f"meanwhile {n}" for n in range(5)]
    if work is not evidence:  # they come after it
        await asyncio.gather(*(append(store, stream) for stream in streams))
    if "documents" not in held:
        await asyncio.gather(*(store.put_document("seen", stream, {"n": 1}) for stream in streams))
    if "checkpoint" in held or "documents" in held:
        await asyncio.gather(*(store.started(f"message of {stream}", AT) for stream in streams))
    assert disk.waiting
    disk.goes_on.set()
    await working
    await store.close()
    assert disk.on_the_loop == 0
    store = await opened(tmp_path)
    if work is not evidence:
        appended = [event.stream async for event in store.events() if event.stream in streams]
        assert appended == streams, "all, and in their order"
    if "documents" not in held:
        assert list(await store.documents("seen")) == streams
    await store.close()


async def test_what_the_disk_refuses_meanwhile_is_told_to_whoever_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened(tmp_path)
    disk = HeldUpDisk(monkeypatch, "checkpoint.new")
    await many_commits(store)
    await disk.is_held_up()
    disk.full = True
    told = await asyncio.gather(*(append(store, f"s{n}") for n in range(3)), return_exceptions=True)
    assert [type(one) for one in told] == [StoreUnwritable] * 3
    assert not await store.writable(), "it was tried"
    disk.full = False
    await append(store, "s0")
    assert await store.writable()
    assert disk.waiting
    disk.goes_on.set()
    await store.close()
    assert disk.on_the_loop == 0
    store = await opened(tmp_path)
    assert [event.stream async for event in store.events()][TIDYING.checkpoint_every :] == ["s0"]
    await store.close()
