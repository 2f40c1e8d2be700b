"""Durable before acknowledged: whatever the embedded store says is done lies on the disk by then, not on its way there."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.contents import seal
from storage.embedded import EmbeddedStore
from storage.store import Content, Message, NewEvent

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
AT_ONCE = 8
"""So many ask at the same time, and share syncs."""
SLOW = 0.005
"""Seconds that a sync takes at least: who doesn't wait for it is found out."""


class WatchedDisk:
    """How far each file has been written, and how far it was written when the last sync that ended began."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.unsynced = set[str]()
        self._written, self._synced = dict[str, int](), dict[str, int]()
        self._pwrite, self._fdatasync = os.pwrite, os.fdatasync
        patch.setattr(os, "pwrite", self._write)
        patch.setattr(os, "fdatasync", self._sync)

    def _write(self, fd: int, data: bytes, offset: int) -> int:
        name = os.readlink(f"/proc/self/fd/{fd}")
        count = self._pwrite(fd, data, offset)
        self._written[name] = max(self._written.get(name, 0), offset + count)
        self.unsynced.add(name)
        return count

    def _sync(self, fd: int) -> None:
        name = os.readlink(f"/proc/self/fd/{fd}")
        reached = self._written.get(name, 0)
        time.sleep(SLOW)
        self._fdatasync(fd)
        self._synced[name] = reached
        self.unsynced.discard(name)

    def surely_has(self, path: Path, words: str) -> bool:
        """What a power cut at this moment would leave."""
        return words.encode() in path.read_bytes()[: self._synced.get(str(path), 0)]


@pytest.fixture
async def disk(monkeypatch: pytest.MonkeyPatch) -> WatchedDisk:
    return WatchedDisk(monkeypatch)


async def opened(directory: Path) -> EmbeddedStore:
    return await EmbeddedStore.open(directory, projector=lambda event, tables: ())


def a_text(number: int) -> Content:
    return seal(f"text {number}".encode())


async def commit(store: EmbeddedStore, number: int, *contents: Content) -> None:
    await store.append(
        f"stream-{number}!",
        [NewEvent(kind="k", data={"refs": [one.ref for one in contents]})],
        expected_version=0,
        actor="x",
        at=AT,
        contents=contents,
        owes=(Message(id=f"message-{number}!", to="person:1", kind="case", subject="s"),),
    )


async def add(store: EmbeddedStore, number: int) -> None:
    await store.add_document("cards", f"key-{number}!", {"n": number})


async def change(store: EmbeddedStore, number: int) -> None:
    await store.change_document("cards", f"key-{number}!", lambda _: {"n": number})


Work = Callable[[EmbeddedStore, int], Awaitable[None]]
WORK: dict[str, tuple[Work, str, str]] = {
    "a commit": (commit, "journal.jsonl", "stream-{}!"),
    "a document put": (lambda store, n: store.put_document("cards", f"key-{n}!", {}), "documents.jsonl", "key-{}!"),
    "a document added": (add, "documents.jsonl", "key-{}!"),
    "a document changed": (change, "documents.jsonl", "key-{}!"),
    "a document dropped": (lambda store, n: store.drop_document("cards", f"key-{n}!"), "documents.jsonl", "key-{}!"),
    "a sending begun": (lambda store, n: store.started(f"message-{n}!", AT), "outbox.jsonl", "message-{}!"),
    "a sending postponed": (lambda store, n: store.postponed(f"message-{n}!", AT), "outbox.jsonl", "message-{}!"),
    "a message sent": (lambda store, n: store.sent(f"message-{n}!", AT), "outbox.jsonl", "message-{}!"),
    "a message given up": (
        lambda store, n: store.given_up(f"message-{n}!", AT, "403"), "outbox.jsonl", "message-{}!"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WORK)
async def test_nothing_is_acknowledged_before_its_file_is_synced(
    what: str, tmp_path: Path, disk: WatchedDisk
) -> None:
    work, file, words = WORK[what]
    store = await opened(tmp_path)
    if file == "outbox.jsonl":
        for number in range(AT_ONCE):
            await commit(store, number)

    async def acknowledged(number: int) -> bool:
        await work(store, number)
        return disk.surely_has(tmp_path / file, words.format(number))

    assert all(await asyncio.gather(*map(acknowledged, range(AT_ONCE))))
    await store.close()


async def test_a_text_is_on_the_disk_with_what_refers_to_it_and_gone_from_it_once_that_is_said(
    tmp_path: Path, disk: WatchedDisk
) -> None:
    store, texts = await opened(tmp_path), [a_text(number) for number in range(AT_ONCE)]
    file = tmp_path / "contents.jsonl"

    async def acknowledged(number: int) -> bool:
        await commit(store, number, texts[number])
        return disk.surely_has(file, texts[number].ref)

    assert all(await asyncio.gather(*map(acknowledged, range(AT_ONCE))))
    for text in texts:
        await store.dispose([text.ref])
        assert str(file) not in disk.unsynced
    await store.close()
