"""A start with a snapshot of the documents is the start without it, only quicker, whatever lies beside which log."""

import asyncio
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import documents_snapshot, framing
from storage.documents import Documents
from storage.documents_snapshot import Snapshot
from storage.embedded import EmbeddedStore, Tidying
from storage.extent import Extent, measured
from storage.json_form import from_json, to_json
from storage.store import BrokenChain, Drop, Event, Json, NewEvent, Put, Tables

LOG, SNAPSHOT = "documents.jsonl", "documents.checkpoint"
OFTEN = 200
"""Bytes: so that few documents are worth a snapshot, and a log anew."""

Kept = dict[str, dict[str, Json]]


@contextmanager
def opened(directory: Path, *, compact_above: int = OFTEN) -> Iterator[Documents]:
    documents = Documents(directory / LOG, compact_above=compact_above)
    yield documents
    documents.close()


def kept(directory: Path) -> Kept:
    with opened(directory) as documents:
        return {name: documents.all(name) for name in documents.collections()}


def cover(documents: Documents) -> None:
    for write in documents.uncovered(last=True):
        write()


async def fill(directory: Path) -> Kept:
    """With a snapshot, and two lines after it."""
    with opened(directory, compact_above=0) as documents:
        for n in range(20):
            await documents.put("cards", f"{n % 12}", {"n": n, "said": 'a "line"\nåäö'})
        await documents.put("cards", "3", None)
        await documents.put('odd "one"', "", {})
        cover(documents)
    with opened(directory) as documents:
        await documents.put("cards", "1", {"n": 99})
        await documents.put("cards", "2", None)
        return {name: documents.all(name) for name in documents.collections()}


async def test_a_start_takes_what_is_covered_from_the_snapshot_and_reads_the_rest(tmp_path: Path) -> None:
    right = await fill(tmp_path)
    assert kept(tmp_path) == right
    extent = Extent(**{k: v for k, v in header(tmp_path).items() if k != "form"})
    told = {"cards": {"1": b'{"from":"the snapshot"}', "5": b'{"from":"the snapshot"}'}}
    documents_snapshot.write(tmp_path / SNAPSHOT, Snapshot(extent, told))
    assert kept(tmp_path) == {"cards": {"1": {"n": 99}, "5": {"from": "the snapshot"}}}
    assert (tmp_path / SNAPSHOT).stat().st_mode & 0o777 == 0o600


def header(directory: Path) -> dict[str, int]:
    found: dict[str, int] = from_json(next(framing.read(directory / SNAPSHOT))[1])
    return found


def cut_to(left: float) -> Callable[[Path], None]:
    def cut(directory: Path) -> None:
        data = (directory / SNAPSHOT).read_bytes()
        (directory / SNAPSHOT).write_bytes(data[: int(len(data) * left)])

    return cut


def flip(directory: Path) -> None:
    data = bytearray((directory / SNAPSHOT).read_bytes())
    data[len(data) // 2] ^= 1
    (directory / SNAPSHOT).write_bytes(data)


def of(**told: object) -> Callable[[Path], None]:
    """A whole one that says something else of itself."""

    def write(directory: Path) -> None:
        frames = list(framing.read(directory / SNAPSHOT))
        first = from_json(frames[0][1]) | told
        known = {name: value for name, value in first.items() if value is not None}
        framing.write(directory / SNAPSHOT, [(b"h", to_json(known)), *frames[1:]])

    return write


def another_stores(directory: Path) -> None:
    """As long as this one's log is."""
    size = header(directory)["size"]
    (directory / "other").mkdir()
    log = (directory / LOG).read_bytes()[:size].replace(b'"said"', b'"told"')
    (directory / "other" / LOG).write_bytes(log)
    foreign = Snapshot(measured(directory / "other" / LOG, size), {"cards": {"foreign": b"{}"}})
    documents_snapshot.write(directory / SNAPSHOT, foreign)


def of_no_frames(directory: Path) -> None:
    framing.write(directory / SNAPSHOT, [])


USELESS = {
    "empty": cut_to(0.0),
    "torn": cut_to(0.5),
    "torn at its end": cut_to(0.99),
    "flipped": flip,
    "of another form": of(form=2),
    "of no form": of(form=None),
    "of no log": of(size=None),
    "of more than there is": of(size=10**9),
    "of less than nothing": of(size=-1),
    "of half a line": of(size=70),
    "of another log": another_stores,
    "of nothing": of_no_frames,
}


@pytest.mark.parametrize("damage", USELESS.values(), ids=USELESS.keys())
async def test_a_snapshot_of_no_use_is_passed_over_and_goes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    right = await fill(tmp_path)
    damage(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert kept(tmp_path) == right
    assert [one.getMessage() for one in caplog.records] == [
        "The snapshot of the documents is of no use",
    ]
    assert not (tmp_path / SNAPSHOT).exists()


async def test_a_log_that_was_written_anew_is_not_taken_for_the_one_before(tmp_path: Path) -> None:
    """As long as it, and the same at its end: what a look at the size and at the last lines would not tell."""
    with opened(tmp_path, compact_above=0) as documents:
        await documents.put("cards", "a", {"version": 1})
        await documents.put("cards", "b", {"pad": "x" * OFTEN})
        cover(documents)
        snapshot = (tmp_path / SNAPSHOT).read_bytes()
        await documents.put("cards", "a", {"version": 2})
        for _ in range(4):
            await documents.put("cards", "b", {"pad": "x" * OFTEN})
        assert not (tmp_path / SNAPSHOT).exists(), "it may hold what is forgotten now"
    (tmp_path / SNAPSHOT).write_bytes(snapshot)  # as if the machine had stopped before that
    size = header(tmp_path)["size"]
    now = (tmp_path / LOG).read_bytes()
    assert len(now) >= size
    assert b'"version":1' not in now
    assert kept(tmp_path)["cards"]["a"] == {"version": 2}


async def test_a_log_that_lost_its_end_is_read_as_it_is(tmp_path: Path) -> None:
    await fill(tmp_path)
    lines = (tmp_path / LOG).read_bytes().splitlines(keepends=True)
    (tmp_path / LOG).write_bytes(b"".join(lines[:2]))
    (tmp_path / "alone").mkdir()
    shutil.copy(tmp_path / LOG, tmp_path / "alone")
    assert kept(tmp_path) == kept(tmp_path / "alone")
    assert len(kept(tmp_path)["cards"]) == 2


@pytest.mark.parametrize("place", ["covered", "after it"])
async def test_a_flipped_bit_in_the_log_is_named_with_its_line(tmp_path: Path, place: str) -> None:
    await fill(tmp_path)
    data, size = bytearray((tmp_path / LOG).read_bytes()), header(tmp_path)["size"]
    at = size // 2 if place == "covered" else size + 5
    line = data[:at].count(b"\n") + 1
    data[at] ^= 1
    (tmp_path / LOG).write_bytes(data)
    with pytest.raises(BrokenChain) as broken:
        kept(tmp_path)
    assert broken.value.where == f"{LOG}, line {line}"


async def test_a_torn_line_after_the_snapshot_is_dropped(tmp_path: Path) -> None:
    right = await fill(tmp_path)
    with (tmp_path / LOG).open("ab") as torn:
        torn.write(b'["cards","7",{"n":')
    assert kept(tmp_path) == right


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "put", "put", "drop", "cover", "start"]), st.integers(0, 5)),
    min_size=1,
    max_size=40,
)


@given(STEPS)
@settings(max_examples=30, deadline=None)
def test_whatever_snapshot_lies_beside_whatever_log_a_start_says_what_the_log_says(steps: list[Step]) -> None:
    """The process may be killed anywhere, and a machine that stops may bring back a snapshot that was gone: each that
    there ever was beside each log that there ever was."""
    with TemporaryDirectory() as folder:
        snapshots, logs = asyncio.run(_walk(Path(folder), steps))
    for log in logs:
        with TemporaryDirectory() as folder:
            place = Path(folder)
            (place / LOG).write_bytes(log)
            right = kept(place)
            for snapshot in snapshots:
                (place / SNAPSHOT).write_bytes(snapshot)
                assert kept(place) == right
                assert (place / LOG).read_bytes() == log


async def _walk(directory: Path, steps: Iterable[Step]) -> tuple[set[bytes], set[bytes]]:
    """The snapshots and the logs that there were after each step; at each the store says what it was given."""
    snapshots, logs, model = set[bytes](), set[bytes](), dict[str, Json]()
    documents = Documents(directory / LOG, compact_above=OFTEN)
    for turn, (step, number) in enumerate(steps):
        key = str(number)
        match step:
            case "put":
                model[key] = {"turn": turn, "pad": "x" * 10 * number}
                await documents.put("cards", key, model[key])
            case "drop":
                model.pop(key, None)
                await documents.put("cards", key, None)
            case "cover":
                cover(documents)
            case _:
                documents.close()
                documents = Documents(directory / LOG, compact_above=OFTEN)
        assert documents.all("cards") == model
        logs.add((directory / LOG).read_bytes())
        if (directory / SNAPSHOT).exists():
            snapshots.add((directory / SNAPSHOT).read_bytes())
    documents.close()
    return snapshots, logs


def nothing(_event: Event, _tables: Tables) -> Iterable[Put | Drop]:
    return ()


async def test_a_store_covers_its_documents_with_a_checkpoint_and_at_its_end(tmp_path: Path) -> None:
    tidying = Tidying(checkpoint_every=4, compact_above=1000)

    async def store_of(directory: Path) -> EmbeddedStore:
        return await EmbeddedStore.open(directory, projector=nothing, tidying=tidying)

    async def commit(store: EmbeddedStore) -> None:
        new = [NewEvent(kind="k", data={})] * tidying.checkpoint_every
        await store.append("s", new, expected_version=None, actor="x", at=datetime(2026, 11, 24, tzinfo=UTC))

    data, sizes = tmp_path / "data", [0]
    store = await store_of(data)
    for n in range(200):
        await store.put_document("cards", str(n), {"pad": "x" * 50})
        await commit(store)
        await asyncio.sleep(0)
        if (data / SNAPSHOT).exists() and header(data)["size"] != sizes[-1]:
            sizes.append(header(data)["size"])
    killed = tmp_path / "killed"
    shutil.copytree(data, killed, ignore=shutil.ignore_patterns("*.new"))
    await store.close()
    assert 3 < len(sizes) < 20, "each when there is a quarter more"
    assert (data / LOG).stat().st_size - header(data)["size"] <= tidying.compact_above
    for place in (data, killed):
        store = await store_of(place)
        assert list(await store.documents("cards")) == [str(n) for n in range(200)]
        await store.close()


async def test_few_documents_are_worth_no_snapshot(tmp_path: Path) -> None:
    store = await EmbeddedStore.open(tmp_path, projector=nothing)
    await store.put_document("cards", "1", {"n": 1})
    await store.close()
    assert not (tmp_path / SNAPSHOT).exists()


async def test_a_snapshot_that_a_rewrite_overtook_brings_nothing_back(tmp_path: Path) -> None:
    """It was copied before a document was forgotten, and written after the log had forgotten it too."""
    with opened(tmp_path) as documents:
        await documents.put("last_asked", "a", {"question": "hemligt " * 50})
        writing = documents.uncovered(last=True)
        assert writing
        await documents.put("last_asked", "a", None)
        while b"hemligt" in (tmp_path / LOG).read_bytes():
            await documents.put("cards", "1", {"said": "annat " * 20})
        for write in writing:
            write()
    assert not (tmp_path / SNAPSHOT).exists()


def test_what_a_kill_left_of_a_snapshot_is_removed_at_the_start(tmp_path: Path) -> None:
    left = framing.half_written(tmp_path / SNAPSHOT)
    left.write_bytes(b"hemligt")
    with opened(tmp_path):
        assert not left.exists()
