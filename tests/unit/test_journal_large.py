"""Large contents, ten files of evidence say: what takes long is done beside the event loop, and nothing else changes."""

import asyncio
import errno
import hashlib
import os
import threading
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.cases.evidence import fetch_files
from bot.domain.views import CaseView, FileText
from storage.contents import LARGE, seal
from storage.embedded import EmbeddedStore
from storage.reading import verify
from storage.store import Appended, Content, Drop, Event, NewEvent, Put, StoreUnwritable, Tables

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
SIZE = 2 * LARGE


def nothing(_event: Event, _tables: Tables) -> Iterable[Put | Drop]:
    return ()


async def opened(directory: Path) -> EmbeddedStore:
    return await EmbeddedStore.open(directory, projector=nothing)


async def append(store: EmbeddedStore, name: str, *contents: Content) -> None:
    new = [NewEvent(kind="k", data={"refs": [one.ref for one in contents]})]
    done = await store.append(name, new, expected_version=0, actor="x", at=AT, contents=contents)
    assert isinstance(done, Appended)


class Slow:
    """Notes which threads hash and write what is large. The second half of that is written when ``goes_on`` is set;
    nothing is while ``full``."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.threads = set[int]()
        self.full = False
        self.goes_on = threading.Event()
        self.goes_on.set()
        self._sha256, self._pwrite = hashlib.sha256, os.pwrite
        patch.setattr(hashlib, "sha256", self._hash)
        patch.setattr(os, "pwrite", self._write)

    def _hash(self, data: bytes = b"") -> Any:
        self._note(data)
        return self._sha256(data)

    def _write(self, fd: int, data: bytes, offset: int) -> int:
        if self._note(data):
            if self.full:
                raise OSError(errno.EIO, "it does not answer")
            self._pwrite(fd, data[: SIZE // 2], offset)
            self.goes_on.wait(30)
        return self._pwrite(fd, data, offset)

    def _note(self, data: bytes) -> bool:
        if len(data) > LARGE:
            self.threads.add(threading.get_ident())
        return len(data) > LARGE


async def test_what_is_large_is_hashed_written_and_erased_beside_the_event_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = seal(os.urandom(SIZE))
    store = await opened(tmp_path)
    slow = Slow(monkeypatch)
    for work in (append(store, "s", content), store.content(content.ref), store.dispose([content.ref])):
        slow.threads.clear()
        await work
        assert slow.threads
        assert threading.get_ident() not in slow.threads
    await store.close()
    assert verify(tmp_path).disposed == 1


async def test_evidence_is_hashed_and_sealed_beside_the_event_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fetching:
        async def fetch(self, url: str) -> bytes:
            return url.encode() * LARGE

    files = [FileText(name=name, content_type="image/png", url=name) for name in ("a1", "b2")]
    view: CaseView = SimpleNamespace(  # type: ignore[assignment]
        case=SimpleNamespace(designation="SM-1"), snapshot="x", post=SimpleNamespace(attachments=files)
    )
    slow = Slow(monkeypatch)
    fetched = await fetch_files(view, Fetching())
    assert [len(one.data) > LARGE for one in fetched.contents] == [True, False] * 2
    assert [one.place for one in fetched.files] == [0, 1]
    assert slow.threads
    assert threading.get_ident() not in slow.threads


async def test_what_is_being_erased_is_gone_for_readers_and_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content, small = seal(os.urandom(SIZE)), seal(b"small")
    store = await opened(tmp_path)
    await append(store, "s", content)
    slow = Slow(monkeypatch)
    slow.goes_on.clear()
    reading = asyncio.ensure_future(store.content(content.ref))
    erasing = asyncio.ensure_future(store.dispose([content.ref]))
    again = asyncio.ensure_future(store.dispose([content.ref]))
    await asyncio.sleep(0.05)
    for n in range(20):
        assert await store.content(content.ref) is None
        await append(store, f"t{n}", small if not n else seal(b"another"))
    assert not erasing.done(), "commits go on meanwhile"
    assert not again.done(), "it is not gone before it is gone from the disk"
    slow.goes_on.set()
    assert await reading in {None, content.data}
    await store.close()
    assert erasing.done(), "closing waits for it"
    assert (verify(tmp_path).contents, verify(tmp_path).disposed) == (20, 1)
    store = await opened(tmp_path)
    assert await store.content(small.ref) == b"small"
    await store.close()


async def test_what_the_disk_refused_to_erase_can_be_erased_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = seal(os.urandom(SIZE))
    store = await opened(tmp_path)
    await append(store, "s", content)
    slow = Slow(monkeypatch)
    slow.full = True
    with pytest.raises(StoreUnwritable):
        await store.dispose([content.ref])
    slow.full = False
    await store.dispose([content.ref])
    assert await store.content(content.ref) is None
    await store.close()
    assert verify(tmp_path).disposed == 1
