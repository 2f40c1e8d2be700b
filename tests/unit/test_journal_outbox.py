"""The outbox's and the documents' logs over restarts, torn ends and rewrites."""

import asyncio
import errno
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import logs
from storage.documents import Documents
from storage.outbox import Outbox
from storage.store import GENESIS, BrokenChain, Event, Message, StoreUnwritable

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def an_event(seq: int) -> Event:
    return Event(
        seq=seq,
        stream="s",
        version=seq,
        at=AT,
        actor="x",
        kind="k",
        data={},
        keys=(),
        owes=(Message(id=f"m{seq}", to="person:1", kind="case", subject="s"),),
        left=0,
        prev=GENESIS,
        hash=GENESIS,
    )


def opened(path: Path, events: int) -> Outbox:
    outbox = Outbox(path)
    for seq in range(1, events + 1):
        outbox.owe(an_event(seq), an_event(seq).owes)
    outbox.replayed(events)
    return outbox


def due(outbox: Outbox, at: datetime = AT) -> list[tuple[str, int, bool]]:
    return [(owed.message.id, owed.attempts, owed.unknown) for owed in outbox.due(at, 100)]


async def test_a_rewritten_log_says_the_same_in_fewer_words(tmp_path: Path) -> None:
    path = tmp_path / "outbox.jsonl"
    outbox = opened(path, 6)
    await outbox.finished("m1", "sent", AT)
    await outbox.started("m2", AT)
    await outbox.started("m3", AT)
    await outbox.postponed("m3", AT + timedelta(hours=1))
    while path.stat().st_size <= logs.COMPACT_ABOVE:
        await asyncio.gather(*(outbox.postponed("m4", AT) for _ in range(500)))
    await outbox.finished("m5", "given_up", AT, "403")
    assert path.stat().st_size < 2000
    outbox.owe(an_event(7), an_event(7).owes)
    outbox.close()
    again = opened(path, 7)
    assert due(again) == [("m2", 1, True), ("m4", 0, False), ("m6", 0, False), ("m7", 0, False)]
    assert ("m3", 1, False) in due(again, AT + timedelta(hours=1))
    again.close()


async def test_a_torn_last_line_is_dropped_and_a_broken_one_before_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / "outbox.jsonl"
    outbox = opened(path, 2)
    await outbox.finished("m1", "sent", AT)
    outbox.close()
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"id":"m2","progr')
    outbox = opened(path, 2)
    assert due(outbox) == [("m2", 0, False)]
    outbox.close()
    assert path.read_bytes() == whole
    path.write_bytes(b"rubbish\n" + whole)
    with pytest.raises(BrokenChain) as broken:
        Outbox(path)
    assert broken.value.where == "outbox.jsonl, line 1"


async def test_documents_that_are_replaced_again_and_again_do_not_grow_the_file(tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    documents = Documents(path)
    for n in range(60):
        await asyncio.gather(
            *(documents.put("cards", str(key), {"n": n, "pad": "x" * 2000}) for key in range(50))
        )
    assert path.stat().st_size < 3 * logs.COMPACT_ABOVE
    assert not path.with_name("documents.jsonl.new").exists()
    documents.close()
    again = Documents(path)
    assert {key: doc["n"] for key, doc in again.all("cards").items()} == {str(key): 59 for key in range(50)}
    again.close()


async def test_an_entry_is_kept_when_nobody_can_say_whether_the_new_log_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next ones are refused until that is certain: a machine that stops might find the old log there."""
    path, sync = tmp_path / "documents.jsonl", os.fsync
    documents = Documents(path, compact_above=100)
    await documents.put("cards", "1", {"pad": "x" * 200})

    def no_directories(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EIO, "it does not answer")
        sync(fd)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", no_directories)
        await documents.put("cards", "2", {})
        with pytest.raises(StoreUnwritable):
            await documents.put("cards", "3", {})
        assert not await documents.usable()
    assert await documents.usable()
    await documents.put("cards", "4", {})
    documents.close()
    again = Documents(path)
    assert list(again.all("cards")) == ["1", "2", "4"]
    again.close()
