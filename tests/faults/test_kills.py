"""A writing process is killed again and again, and nothing that it acknowledged is lost."""

import asyncio
import json
import random
import signal
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from storage.embedded import EmbeddedStore
from storage.reading import verify
from tests.faults.extent import extent
from tests.faults.writing import AT, project

KILLS = extent(whole=200, short=8)
PROGRAM = Path(__file__).with_name("writing.py")
ROOT = Path(__file__).parents[2]

Acknowledged = defaultdict[str, list[list[str]]]
MOMENTS = [
    f"{moment} {file}.new"
    for file in ("outbox.jsonl", "documents.jsonl", "checkpoint", "documents.checkpoint")
    for moment in ("open", "rename", "renamed")
]


async def write_until_killed(
    directory: Path, start: int, seconds: float | None, **environ: str
) -> list[list[str]]:
    """After so many seconds, or when the process kills itself."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        str(directory),
        str(start),
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT), **environ},
    )
    assert process.stdout
    assert await process.stdout.readline() or environ, "it starts after each kill"
    heard = asyncio.ensure_future(process.stdout.read())
    if seconds is not None:
        await asyncio.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL
    lines = (await heard).splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith(b"\n")]


async def check(directory: Path, acknowledged: Acknowledged) -> None:
    store = await EmbeddedStore.open(directory, projector=project)
    for stream, ref in acknowledged["appended"]:
        events = await store.load(stream)
        assert [event.version for event in events] == [1, 2]
        assert await store.taken(f"key of {stream}") == events[0]
        assert await store.content(ref) == f"text of {stream}".encode()
        assert await store.get("streams", stream) == {"version": 2}
    owed = {one.message.subject: one for one in await store.due(AT, 10**6)}
    assert not owed.keys() & {stream for (stream,) in acknowledged["sent"]}, "what was sent is not sent again"
    for (stream,) in acknowledged["started"]:
        assert stream not in owed or owed[stream].unknown, "what was under way is known to be unknown"
    for (stream,) in acknowledged["documented"]:
        assert await store.document("documents", stream) == {"of": stream}
    for _, ref in acknowledged["disposed"]:
        assert await store.content(ref) is None
    whole = [event.left for event in [event async for event in store.events()]]
    assert whole == [1, 0] * (len(whole) // 2), "no commit is torn in two"
    await store.close()


async def kill_and_check(directory: Path, kills: int) -> int:
    """How many commits were acknowledged; an assertion fails at the first that is lost."""
    acknowledged, chance = Acknowledged(list), random.Random(20261124)
    for start in range(kills):
        for what, *about in await write_until_killed(directory, start, chance.uniform(0.0, 0.12)):
            acknowledged[what].append(about)
        await check(directory, acknowledged)
    assert len(acknowledged["appended"]) > kills
    assert verify(directory).events >= 2 * len(acknowledged["appended"])
    return len(acknowledged["appended"])


async def test_nothing_that_was_acknowledged_is_lost_by_killing_the_writer(tmp_path: Path) -> None:
    await kill_and_check(tmp_path / "data", KILLS)


@pytest.mark.parametrize("times", range(1, extent(whole=4, short=2)))
async def test_nothing_is_lost_at_any_moment_of_putting_a_file_in_anothers_place(
    tmp_path: Path, times: int
) -> None:
    """The log of what is sent, the documents and the checkpoints are written anew while others are acknowledged."""
    directory, acknowledged = tmp_path / "data", Acknowledged(list)
    for start, moment in enumerate(MOMENTS):
        what, _, file = moment.partition(" ")
        after = 1 if file.startswith("documents") else times  # they grow, and the next takes twice as many
        told = await write_until_killed(directory, start, None, DIES_AT=moment, DIES_AFTER=str(after))
        for kind, *about in told:
            acknowledged[kind].append(about)
        assert what == "open" or (directory / file).exists() is (what == "rename"), moment
        await check(directory, acknowledged)
    assert acknowledged["disposed"]
    verify(directory)


async def test_nothing_is_lost_by_dying_again_while_torn_lines_are_cut_off(tmp_path: Path) -> None:
    directory, acknowledged = tmp_path / "data", Acknowledged(list)
    for what, *about in await write_until_killed(directory, 0, 0.3):
        acknowledged[what].append(about)
    for cut, file in enumerate(("journal.jsonl", "contents.jsonl", "outbox.jsonl", "documents.jsonl")):
        with (directory / file).open("ab") as torn:
            torn.write(b'{"event":{"act')
        assert await write_until_killed(directory, 1 + cut, None, DIES_AT="cut") == []
        await check(directory, acknowledged)
    assert acknowledged["disposed"]
    verify(directory)
