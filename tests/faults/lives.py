"""A bot that lives again and again on the same record, with one connector, one issuer and one town around it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.playground import ROOT
from bot.running import Running
from tests.fakes.connector import FakeConnector
from tests.fakes.issuer import FakeIssuer
from tests.faults.town import organisation_file
from tests.scenario.instances import until
from tests.scenario.world import MONDAY, Clock, Json, World, environment_for

TIDY = "40,6000"
"""So often that a life of a second meets checkpoints and compactions."""
_TELLS = 4000


@dataclass(kw_only=True)
class Lives(World):
    """``url`` is that of the life at the time; what all of them logged is in ``log``."""

    data: Path
    tidy: str = TIDY
    bot: Running = field(init=False, repr=False)
    process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> Path:
        return self.data.with_suffix(".log")

    async def born(self) -> None:
        """Begun, and not waited for."""
        environ = environment_for(
            self.issuer,
            STORAGE_URL=f"tinydb:{self.data}",
            ORGANISATION_FILE=str(self.data.with_suffix(".yaml")),
            TIDY=self.tidy,
        )
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.faults.mortal",
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={"PATH": os.environ["PATH"], **environ},
                cwd=ROOT,
            )

    async def awake(self) -> None:
        """Until it listens."""
        assert self.process
        assert self.process.stdout
        self.url = (await self.process.stdout.readline()).decode().strip()
        assert self.url, f"it starts: {self.log.read_text()[-_TELLS:]}"

    async def dies(self) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                self.process.kill()
            await self.process.communicate()
        self.process = None

    async def told(self) -> Json:
        async with self.http.get(f"{self.url}/faults") as answer:
            told: Json = await answer.json()
            return told

    async def settle(self) -> None:
        await until(self.owed, 0, seconds=180)

    async def owed(self) -> int:
        owed: int = (await self.told())["owed"]
        return owed


@asynccontextmanager
async def lives(data: Path, *, tidy: str = TIDY) -> AsyncIterator[Lives]:
    organisation_file(data.with_suffix(".yaml"))
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        FakeIssuer() as issuer,
        FakeConnector() as connector,
        aiohttp.ClientSession(timeout=timeout) as http,
    ):
        one = Lives(
            url="", connector=connector, issuer=issuer, clock=Clock(MONDAY), http=http, data=data, tidy=tidy
        )
        try:
            yield one
        finally:
            await one.dies()
