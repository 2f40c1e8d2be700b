"""One bit of what lies on the disk turns over: it is found and named, or it changes nothing; never a stack trace."""

import random
import re
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

FILES = (
    "journal.jsonl",
    "contents.jsonl",
    "outbox.jsonl",
    "documents.jsonl",
    "checkpoint",
    "documents.checkpoint",
)
FLIPS = extent(whole=2000, short=60)
REMOVAL = {"ground": "reklam", "reason": "Reklam för en butik."}


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """A record with decisions, something destroyed, something on its way and checkpoints."""
    place = tmp_path / "data"
    async with a_world(place) as world:
        await world.arrive("admin", "admin2")
        cases = [await world.flag() for _ in range(4)]
        await world.settle()
        for case, data in zip(cases, ({"kind": "keep"}, {"kind": "delete", **REMOVAL}), strict=False):
            await world["admin"].sends(world["admin"].invoke("decide", {"case": case, "version": 1, **data}))
        await world["admin"].sends(world["admin"].invoke("abuse", {"case": cases[2], "version": 1}))
    (place / "checkpoint").unlink(missing_ok=True)
    store = await EmbeddedStore.open(
        place, projector=project, tidying=Tidying(checkpoint_every=1, compact_above=0)
    )
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
    """By ``verify``, and by the start for what that reads. The last byte, a line break, would
    make of the line that was written last one that was never finished."""
    whole, chance = (data / file).read_bytes(), random.Random(file)
    refs = refs_in(data)
    right = await started(data, refs)
    assert isinstance(right, State)
    flips = [(chance.randrange(len(whole)), chance.randrange(8)) for _ in range(FLIPS)]
    for turn, (at, bit) in enumerate([*flips, *((len(whole) - 1, bit) for bit in range(8))]):
        copy = tmp_path / f"copy{turn}"
        shutil.copytree(data, copy)
        (copy / file).write_bytes(flipped(whole, at, bit))
        named, found = verified(copy), await started(copy, refs)
        shutil.rmtree(copy)
        if isinstance(found, str):
            assert found.startswith((file, "journal.jsonl"))
            assert named.startswith(file), f"byte {at}, bit {bit}"
        else:
            assert found == right or named, f"byte {at}, bit {bit}"
        assert named in {"", "torn"} or named.startswith(file)


@pytest.mark.parametrize("file", ["journal.jsonl", "outbox.jsonl", "documents.jsonl"])
@pytest.mark.parametrize("before", ["sums", "no sums", "a checkpoint"])
async def test_what_was_written_last_is_kept_when_its_line_break_turns_into_something_else(
    data: Path, file: str, before: str
) -> None:
    if before != "a checkpoint":
        (data / "checkpoint").unlink()
    if before == "no sums" and file != "journal.jsonl":
        (data / file).write_bytes(re.sub(rb"\t[0-9a-f]{8}\n", b"\n", (data / file).read_bytes()))
    refs, whole = refs_in(data), (data / file).read_bytes()
    right = await started(data, refs)
    for bit in range(8):
        (data / file).write_bytes(flipped(whole, len(whole) - 1, bit))
        assert verified(data) == ""
        assert await started(data, refs) == right
        assert (data / file).read_bytes() == whole, "and has it again"


def refs_in(data: Path) -> list[str]:
    return [heading_of(line).ref for line in (data / "contents.jsonl").read_bytes().splitlines(keepends=True)]


def verified(copy: Path) -> str:
    """What ``verify`` names; nothing if all is whole."""
    try:
        return "torn" if verify(copy).torn else ""
    except BrokenChain as error:
        return error.where
