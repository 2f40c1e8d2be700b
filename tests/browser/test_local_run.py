"""``make run`` from its start to Ctrl-C, as the program that it is."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from bot import playground

_LOCAL = {"MicrosoftAppId": ""}  # whatever a developer's .env says


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalRun:
    process: asyncio.subprocess.Process
    bot: str

    async def told(self, pattern: str) -> str:
        """What the program printed up to the line in which ``pattern`` is found."""
        assert self.process.stdout is not None
        told = ""
        async with asyncio.timeout(60):
            while line := await self.process.stdout.readline():
                told += line.decode()
                if re.search(pattern, told):
                    return told
        pytest.fail(f"it ended without {pattern}:\n{told}")

    async def interrupted(self) -> int:
        self.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(30):
            await self.process.communicate()
        return self.process.returncode or 0


@asynccontextmanager
async def local_run(directory: Path, player: str, environ: Mapping[str, str]) -> AsyncIterator[LocalRun]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.local_run",
        player,
        cwd=playground.ROOT,
        env={**os.environ, "PORT": str(port), "STORAGE_URL": f"tinydb:{directory}", **_LOCAL, **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield LocalRun(process=process, bot=f"http://127.0.0.1:{port}/healthz")
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


async def answers(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def test_it_opens_the_bot_and_a_playground_and_ctrl_c_ends_both(tmp_path: Path) -> None:
    if playground.node() is None:
        pytest.skip("the Agents Playground is not installed: it needs Node and `npm ci`")
    async with local_run(tmp_path, "chef", {}) as run:
        told = await run.told("Ctrl-C")
        found = re.search(r"http://localhost:\d+", told)
        assert found
        assert "Förvaltningschef" in told
        assert await answers(run.bot)
        assert await answers(found[0])
        assert await run.interrupted() == 0
        assert not await answers(run.bot)
        assert not await answers(found[0])


async def test_without_node_the_bot_runs_and_says_what_is_left_out(tmp_path: Path) -> None:
    async with local_run(tmp_path, "admin", {"PATH": os.fspath(tmp_path)}) as run:
        told = await run.told("app.py ask")
        assert "WARNING" not in told, "what a newcomer reads first"
        assert await answers(run.bot)
        assert await run.interrupted() == 0


async def test_a_person_that_nobody_is_gets_the_list_of_those_who_are(tmp_path: Path) -> None:
    async with local_run(tmp_path, "kungen", {}) as run:
        assert "registrator" in await run.told("there are")
        assert await run.process.wait() == 2


async def test_a_bot_that_is_meant_for_teams_is_not_opened_to_the_playground(tmp_path: Path) -> None:
    teams = {"MicrosoftAppId": "00000000-0000-0000-0000-0000000000bb", "MicrosoftAppPassword": "secret"}
    tenant = {"MicrosoftAppTenantId": "00000000-0000-0000-0000-0000000000aa"}
    async with local_run(tmp_path, "admin", {**teams, **tenant}) as run:
        await run.told("needs local mode")
        assert await run.process.wait() == 1
