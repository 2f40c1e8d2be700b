"""A disk that may only be read: no start on it, but the record can be verified. While a bot holds files open on a disk
the system refuses to make it read-only; one that fails beneath it is the full disk's case."""

import os
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path

from bot.playground import ROOT
from tests.faults.conftest import ran
from tests.scenario.served import LOCAL
from tests.scenario.world import a_world


async def app(place: Path, *arguments: str) -> tuple[int | None, str]:
    process = await create_subprocess_exec(
        sys.executable, "app.py", *arguments, cwd=ROOT, stdout=PIPE, stderr=PIPE,
        env={**os.environ, **LOCAL, "STORAGE_URL": f"tinydb:{place / 'data'}"},
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, (out + err).decode()


async def test_a_start_is_refused_in_a_sentence_and_the_record_can_still_be_verified(
    small_disk: Path,
) -> None:
    async with a_world(small_disk / "data") as world:
        await world.flag()
    assert await ran("mount", "-o", "remount,ro", str(small_disk)) == 0
    started, said = await app(small_disk)
    verified, told = await app(small_disk, "verify")
    assert await ran("mount", "-o", "remount,rw", str(small_disk)) == 0
    assert started == 1
    assert "Traceback" not in said
    assert "cannot be written" in said
    assert (verified, "Traceback" in told) == (0, False), told
