"""The journal file: canonical lines, torn tails, broken places named, a full disk survived."""

import asyncio
import json
import os
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.contents import seal
from storage.embedded import EmbeddedStore
from storage.lines import canonical
from storage.opening import UnsupportedStorage, directory_of
from storage.reading import Reading, verify
from storage.store import (
    Appended,
    BrokenChain,
    Drop,
    Event,
    NewEvent,
    Put,
    StoreLocked,
    StoreUnwritable,
    Tables,
)

AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)

keys = st.text(st.characters(max_codepoint=126, min_codepoint=1), max_size=6)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)


def nothing(_event: Event, _tables: Tables) -> Iterable[Put | Drop]:
    return ()


async def fill(directory: Path, commits: int = 6, *, size: int = 1) -> None:
    store = await EmbeddedStore.open(directory, projector=nothing)
    for n in range(commits):
        text = seal(f"text {n}".encode())
        await store.append(
            f"s{n}",
            [NewEvent(kind="k", data={"n": n, "ref": text.ref, "of": m}) for m in range(size)],
            expected_version=0,
            actor="x",
            at=AT,
            contents=(text,),
        )
    await store.close()


@given(st.dictionaries(keys, values, max_size=4))
def test_the_quick_encoder_gives_the_bytes_of_rfc_8785(value: dict[str, object]) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


async def test_a_whole_record_verifies_and_can_be_read_beside_the_writer(tmp_path: Path) -> None:
    await fill(tmp_path, 5)
    store = await EmbeddedStore.open(tmp_path, projector=nothing)
    verified = verify(tmp_path)
    assert (verified.events, verified.contents, verified.torn) == (5, 5, 0)
    events = [event async for event in Reading(tmp_path).events()]
    assert verified.head == events[-1].hash
    assert await Reading(tmp_path).content(events[2].data["ref"]) == b"text 2"
    await store.close()


@settings(max_examples=40, deadline=None)
@given(cut=st.floats(min_value=0, max_value=1))
async def test_a_journal_cut_at_any_byte_starts_with_all_whole_commits(
    tmp_path_factory: pytest.TempPathFactory, cut: float
) -> None:
    directory = tmp_path_factory.mktemp("cut")
    await fill(directory, 4, size=3)
    journal = directory / "journal.jsonl"
    data = journal.read_bytes()
    kept = int(len(data) * cut)
    journal.write_bytes(data[:kept])
    store = await EmbeddedStore.open(directory, projector=nothing)
    events = [event async for event in store.events()]
    assert len(events) == data[:kept].count(b"\n") // 3 * 3
    done = await store.append("after", [NewEvent(kind="k", data={})], expected_version=0, actor="x", at=AT)
    assert isinstance(done, Appended)
    await store.close()
    assert verify(directory).events == len(events) + 1


@pytest.mark.parametrize("file", ["journal.jsonl", "contents.jsonl"])
@pytest.mark.parametrize("line", [1, 3, 6])
async def test_a_flipped_byte_is_found_and_its_line_named(tmp_path: Path, file: str, line: int) -> None:
    await fill(tmp_path)
    path = tmp_path / file
    lines = path.read_bytes().splitlines(keepends=True)
    middle = len(lines[line - 1]) // 2
    lines[line - 1] = (
        lines[line - 1][:middle] + bytes([lines[line - 1][middle] ^ 1]) + lines[line - 1][middle + 1 :]
    )
    path.write_bytes(b"".join(lines))
    with pytest.raises(BrokenChain) as broken:
        verify(tmp_path)
    assert broken.value.where == f"{file}, line {line}"


@pytest.mark.parametrize("change", ["taken out", "put twice", "exchanged"])
async def test_a_line_that_is_moved_is_found_although_each_line_is_right(tmp_path: Path, change: str) -> None:
    await fill(tmp_path)
    path = tmp_path / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    match change:
        case "taken out":
            del lines[2]
        case "put twice":
            lines.insert(2, lines[2])
        case _:
            lines[2], lines[3] = lines[3], lines[2]
    path.write_bytes(b"".join(lines))
    with pytest.raises(BrokenChain) as broken:
        verify(tmp_path)
    assert broken.value.where == f"journal.jsonl, line {4 if change == 'put twice' else 3}"
    with pytest.raises(BrokenChain):
        await EmbeddedStore.open(tmp_path, projector=nothing)


async def test_content_of_a_commit_that_never_came_to_be_is_erased_at_start(tmp_path: Path) -> None:
    await fill(tmp_path, 3)
    journal = tmp_path / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    orphan = json.loads(lines[-1])["event"]["data"]["ref"]
    journal.write_bytes(b"".join(lines[:-1]))
    store = await EmbeddedStore.open(tmp_path, projector=nothing)
    assert await store.content(orphan) is None
    await store.close()
    assert b"dGV4dCAy" not in (tmp_path / "contents.jsonl").read_bytes()


async def test_disposed_text_and_salt_are_gone_from_the_disk(tmp_path: Path) -> None:
    await fill(tmp_path, 3)
    before = (tmp_path / "contents.jsonl").read_bytes().splitlines()
    doc = json.loads(before[1])
    store = await EmbeddedStore.open(tmp_path, projector=nothing)
    await store.dispose([doc["ref"]])
    await store.close()
    after = (tmp_path / "contents.jsonl").read_bytes()
    assert doc["data"].encode() not in after
    assert doc["salt"].encode() not in after
    verified = verify(tmp_path)
    assert (verified.contents, verified.disposed) == (2, 1)


async def test_a_second_writing_process_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    store = await EmbeddedStore.open(tmp_path, projector=nothing)
    program = (
        "import asyncio, sys; from pathlib import Path; from storage.embedded import EmbeddedStore\n"
        "asyncio.run(EmbeddedStore.open(Path(sys.argv[1]), projector=lambda e, t: ()))"
    )
    with pytest.raises(StoreLocked):
        await EmbeddedStore.open(tmp_path, projector=nothing)
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(tmp_path), stderr=asyncio.subprocess.PIPE
    )
    _, said = await other.communicate()
    assert b"StoreLocked" in said
    assert str(os.getpid()).encode() in said
    await store.close()
    await (await EmbeddedStore.open(tmp_path, projector=nothing)).close()


@contextmanager
def full_disk(room: int) -> Iterator[None]:
    """No file can grow beyond ``room`` bytes: what a full disk looks like to the one who writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("file", ["journal.jsonl", "contents.jsonl"])
async def test_a_full_disk_refuses_the_commit_and_keeps_all_that_was_acknowledged(
    tmp_path: Path, file: str
) -> None:
    await fill(tmp_path, 3, size=4 if file == "journal.jsonl" else 1)
    store = await EmbeddedStore.open(tmp_path, projector=nothing)
    text = seal(b"x" * (1 if file == "journal.jsonl" else 4000))
    new = [NewEvent(kind="k", data={"ref": text.ref, "pad": "y" * 200})]
    with full_disk((tmp_path / file).stat().st_size + 100):
        for _ in range(2):
            with pytest.raises(StoreUnwritable):
                await store.append(
                    "new", new, expected_version=0, actor="x", at=AT, contents=(text,), keys=("k",)
                )
        assert await store.load("new") == ()
        assert await store.taken("k") is None
    done = await store.append("new", new, expected_version=0, actor="x", at=AT, contents=(text,))
    assert isinstance(done, Appended), "with room again it goes on"
    await store.close()
    assert verify(tmp_path).contents == 4


def test_only_the_owner_may_read_the_record(tmp_path: Path) -> None:
    asyncio.run(fill(tmp_path / "data", 1))
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "data").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("url", ["", "sqlite:x", "tinydb:", "postgresql://x"])
def test_an_address_of_no_store_is_named_in_the_error(url: str) -> None:
    with pytest.raises(UnsupportedStorage, match="tinydb:FOLDER"):
        directory_of(url)
