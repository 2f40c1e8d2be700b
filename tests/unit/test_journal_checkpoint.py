"""A start from a checkpoint is the start from the whole journal, only quicker; and it misses what is gone."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import embedded
from storage.contents import seal
from storage.embedded import EmbeddedStore
from storage.store import Appended, BrokenChain, Drop, Event, KeyTaken, Message, NewEvent, Put, Tables

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MANY = embedded.CHECKPOINT_AT_CLOSE + 40


def count(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    before = tables.get("streams", event.stream)
    yield Put(table="streams", key=event.stream, doc={"n": (before or {"n": 0})["n"] + 1})


async def opened(directory: Path) -> EmbeddedStore:
    return await EmbeddedStore.open(directory, projector=count)


async def append(store: EmbeddedStore, n: int) -> str:
    text = seal(f"text {n}".encode())
    done = await store.append(
        f"s{n % 50}",
        [NewEvent(kind="k", data={"n": n, "ref": text.ref})],
        expected_version=None,
        actor="x",
        at=AT,
        keys=(f"key {n}",),
        contents=(text,),
        owes=(Message(id=f"m{n}", to="person:1", kind="case", subject=str(n)),),
    )
    assert isinstance(done, Appended)
    return text.ref


async def fill(directory: Path) -> list[str]:
    """Closed with a checkpoint; all messages but the last five are sent."""
    store = await opened(directory)
    refs = await asyncio.gather(*(append(store, n) for n in range(MANY)))
    await asyncio.gather(*(store.sent(f"m{n}", AT) for n in range(MANY - 5)))
    await store.started(f"m{MANY - 1}", AT)
    await store.dispose([refs[3]])
    await store.close()
    return list(refs)


async def state(store: EmbeddedStore, refs: list[str]) -> list[object]:
    again = await store.append(
        "other", [NewEvent(kind="k", data={})], expected_version=0, actor="x", at=AT, keys=("key 7",)
    )
    assert isinstance(again, KeyTaken)
    return [
        [await store.load(f"s{n}") for n in range(50)],
        await store.select("streams"),
        await store.due(AT, 100),
        [await store.content(ref) for ref in refs[:6]],
        again,
    ]


async def test_a_start_with_and_without_the_checkpoint_gives_the_same_store(tmp_path: Path) -> None:
    refs = await fill(tmp_path)
    checkpoint = tmp_path / "checkpoint"
    assert checkpoint.stat().st_mode & 0o777 == 0o600
    store = await opened(tmp_path)
    refs.append(await append(store, MANY))
    quick = await state(store, refs)
    await store.close()
    checkpoint.unlink()
    store = await opened(tmp_path)
    assert await state(store, refs) == quick
    await store.close()


async def test_what_was_disposed_of_after_the_checkpoint_stays_gone(tmp_path: Path) -> None:
    refs = await fill(tmp_path)
    store = await opened(tmp_path)
    await store.dispose([refs[5]])
    await store.close()
    store = await opened(tmp_path)
    assert await store.content(refs[5]) is None
    assert await store.content(refs[4]) == b"text 4"
    await store.dispose([refs[5]])
    await store.close()


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied", "made by other code"])
async def test_a_checkpoint_that_is_no_use_is_passed_over(tmp_path: Path, damage: str) -> None:
    refs = await fill(tmp_path)
    checkpoint = tmp_path / "checkpoint"
    data = checkpoint.read_bytes()
    middle = len(data) // 2
    match damage:
        case "cut":
            checkpoint.write_bytes(data[:middle])
        case "flipped":
            checkpoint.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
        case "emptied":
            checkpoint.write_bytes(b"")
        case _:
            store = await EmbeddedStore.open(tmp_path, projector=embedded_elsewhere)
            assert await store.select("streams") == []
            await store.close()
            return
    store = await opened(tmp_path)
    assert len(await store.select("streams")) == 50
    assert await store.content(refs[4]) == b"text 4"
    await store.close()


class _Elsewhere:
    """A projector whose code lies in another package than the one that the checkpoint was made with."""

    __module__ = "storage.store"

    def __call__(self, event: Event, tables: Tables) -> Iterable[Put | Drop]:
        return ()


embedded_elsewhere = _Elsewhere()


@pytest.mark.parametrize("left", [0.0, 0.5, 0.99])
async def test_a_journal_that_lost_its_newest_events_is_not_taken_for_whole(
    tmp_path: Path, left: float
) -> None:
    await fill(tmp_path)
    journal = tmp_path / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[: int(len(lines) * left)]))
    with pytest.raises(BrokenChain, match="acknowledged"):
        await opened(tmp_path)
    (tmp_path / "checkpoint").unlink()
    await (await opened(tmp_path)).close()


async def test_a_long_run_leaves_checkpoints_behind_it(tmp_path: Path) -> None:
    store = await opened(tmp_path)
    for _ in range(9):
        new = [NewEvent(kind="k", data={}) for _ in range(500)]
        await store.append("s", new, expected_version=None, actor="x", at=AT + timedelta(seconds=1))
    await store.close()
    assert (tmp_path / "checkpoint").exists()


async def test_what_a_long_run_has_learned_is_settled_at_its_end(tmp_path: Path) -> None:
    """A dictionary of names takes six times as much memory as the arrays do."""
    store = await opened(tmp_path)
    for turn in range(5):
        await store.append(
            "s",
            [NewEvent(kind="k", data={})],
            expected_version=None,
            actor="x",
            at=AT,
            keys=[f"{turn}:{n}" for n in range(1000)],
        )
    await store.close()
    store = await opened(tmp_path)
    names = store.record.index.names
    assert (len(names.keys), len(names.later)) == (5000, 0)
    assert await store.taken("3:7") is not None
    assert await store.taken("5:7") is None
    await store.close()
