"""One bit of what lies on the disk turns over: it is found and named, or it changes nothing; never a stack trace."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.projecting import project
from storage.contents import heading_of
from storage.embedded import EmbeddedStore, Tidying
from storage.reading import verify
from storage.store import BrokenChain, Event, Owed
from tests.faults.extent import extent
from tests.scenario.world import MONDAY, Json, a_world

FILES = ("journal.jsonl", "contents.jsonl", "outbox.jsonl", "documents.jsonl", "checkpoint")
FLIPS = extent(whole=2000, short=60)
REMOVAL = {"ground": "reklam", "reason": "Reklam för en butik."}


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A record with decisions, something destroyed, something on its way and a checkpoint."""
    place = tmp_path / "data"
    async with a_world(place) as world:
        await world.arrive("admin", "admin2")
        cases = [await world.flag() for _ in range(4)]
        await world.settle()
        for case, data in zip(cases, ({"kind": "keep"}, {"kind": "delete", **REMOVAL}), strict=False):
            await world["admin"].sends(world["admin"].invoke("decide", {"case": case, "version": 1, **data}))
        await world["admin"].sends(world["admin"].invoke("abuse", {"case": cases[2], "version": 1}))
    (place / "checkpoint").unlink(missing_ok=True)
    store = await EmbeddedStore.open(place, projector=project, tidying=Tidying(checkpoint_every=1))
    await store.close()
    return place


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a store says after its start."""

    events: list[Event]
    due: list[Owed]
    documents: dict[str, dict[str, Json]]
    contents: list[bytes | None]


async def started(data: Path, refs: list[str]) -> State | str:
    """Or the place that keeps it from starting, or from being read."""
    try:
        store = await EmbeddedStore.open(data, projector=project)
    except BrokenChain as error:
        return error.where
    try:
        return State(
            events=[event async for event in store.events()],
            due=await store.due(MONDAY, 1000),
            documents={name: await store.documents(name) for name in store.collections()},
            contents=[await store.content(ref) for ref in refs],
        )
    except BrokenChain as error:
        return error.where
    finally:
        await store.close()


def flipped(whole: bytes, at: int, bit: int) -> bytes:
    return b"".join((whole[:at], bytes([whole[at] ^ 1 << bit]), whole[at + 1 :]))


@pytest.mark.parametrize("file", FILES)
async def test_a_flipped_bit_is_named_or_changes_nothing(data: Path, tmp_path: Path, file: str) -> None:
    """By ``verify`` for the record itself, by the start for what lies beside it. Only the line that was written last
    may look like one that was never finished, and is told of as that."""
    whole, chance = (data / file).read_bytes(), random.Random(file)
    refs = [heading_of(line).ref for line in (data / "contents.jsonl").read_bytes().splitlines(keepends=True)]
    right = await started(data, refs)
    assert isinstance(right, State)
    for turn in range(FLIPS):
        copy, at, bit = tmp_path / f"copy{turn}", chance.randrange(len(whole)), chance.randrange(8)
        shutil.copytree(data, copy)
        (copy / file).write_bytes(flipped(whole, at, bit))
        named, found = verified(copy), await started(copy, refs)
        shutil.rmtree(copy)
        if isinstance(found, str):
            assert found.startswith((file, "journal.jsonl"))
        else:
            assert found == right or named or at == len(whole) - 1, f"byte {at}, bit {bit}"
        assert named in {"", "torn"} or named.startswith(file)


def verified(copy: Path) -> str:
    """What ``verify`` names; nothing if all is whole."""
    try:
        return "torn" if verify(copy).torn else ""
    except BrokenChain as error:
        return error.where
