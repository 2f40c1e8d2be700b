"""``python app.py`` as its host runs it: a process on a port, asked by its probes and told to stop by a signal."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server

import aiohttp

from bot.playground import ROOT
from bot.running import Running
from tests.fakes.connector import FakeConnector
from tests.fakes.issuer import FakeIssuer
from tests.scenario.world import FLAGS_SECRET, MONDAY, Clock, Json, World

LOCAL = {"MicrosoftAppId": "", "MicrosoftAppPassword": "", "MicrosoftAppTenantId": ""}


@dataclass(kw_only=True)
class Served(World):
    """A world whose bot is a process in local mode; what it prints and logs is in ``log``."""

    process: asyncio.subprocess.Process
    log: Path
    bot: Running = field(init=False, repr=False)

    async def probe(self, path: str = "/readyz") -> tuple[int, Json]:
        """Status 0 while nobody listens."""
        try:
            async with self.http.get(f"{self.url}{path}") as answer:
                return answer.status, await answer.json()
        except aiohttp.ClientConnectionError:
            return 0, {}

    async def until(self, status: int, path: str = "/readyz", *, within: float = 20.0) -> Json:
        async with asyncio.timeout(within):
            while (found := await self.probe(path))[0] != status:
                assert self.process.returncode is None or status == 0, self.log.read_text()
                await asyncio.sleep(0.02)
        return found[1]

    def told_to_stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self, *, within: float = 20.0) -> int:
        """Its exit code."""
        return await asyncio.wait_for(self.process.wait(), within)


@asynccontextmanager
async def surroundings() -> AsyncIterator[tuple[FakeIssuer, FakeConnector, aiohttp.ClientSession]]:
    async with FakeIssuer() as issuer, FakeConnector() as connector, aiohttp.ClientSession() as http:
        yield issuer, connector, http


@asynccontextmanager
async def served(
    directory: Path, around: tuple[FakeIssuer, FakeConnector, aiohttp.ClientSession], **environ: str
) -> AsyncIterator[Served]:
    """Begun, but not waited for; its record is in ``directory`` unless told otherwise."""
    issuer, connector, http = around
    log, port = directory.with_name(f"{directory.name}.log"), free_port()
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "app.py", cwd=ROOT, stdout=out, stderr=out,
            env={**os.environ, **LOCAL, "PORT": str(port), "STORAGE_URL": f"tinydb:{directory}",
                 "FLAGS_SECRET": FLAGS_SECRET, **environ},
        )  # fmt: skip
    try:
        yield Served(
            url=f"http://127.0.0.1:{port}", connector=connector, issuer=issuer, clock=Clock(MONDAY), http=http,
            process=process, log=log,
        )  # fmt: skip
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
