"""Several instances of the bot, each a process, on one PostgreSQL and behind one connector and one issuer."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bot.running import Running
from storage.postgres.address import parse
from storage.postgres.database import Database
from tests.fakes.connector import FakeConnector
from tests.fakes.issuer import FakeIssuer
from tests.scenario.world import MONDAY, Clock, World, environment_for

ROOT = Path(__file__).parents[2]


@dataclass(kw_only=True)
class Instance(World):
    """A world whose bot is elsewhere: what it owes is seen in the database alone."""

    process: asyncio.subprocess.Process
    database: Database
    bot: Running = field(init=False)

    async def settle(self) -> None:
        await until(self.owed, 0)

    async def owed(self) -> int:
        row = await self.database.fetchrow("SELECT count(*) FROM outbox WHERE outcome IS NULL")
        assert row
        return int(row[0])

    async def dies(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


async def until(what: Callable[[], object], expected: object, *, seconds: float = 20.0) -> None:
    """Waits until ``what`` (awaited if need be) gives the expected."""
    async with asyncio.timeout(seconds):
        while True:
            found = what()
            found = await found if asyncio.iscoroutine(found) else found
            if found == expected:
                return
            await asyncio.sleep(0.02)


async def start(
    url: str, *, connector: FakeConnector, issuer: FakeIssuer, http: aiohttp.ClientSession
) -> Instance:
    environ = environment_for(issuer, STORAGE_URL=url)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("instance.py")),
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], **environ},
        cwd=ROOT,
    )
    assert process.stdout
    address = (await process.stdout.readline()).decode().strip()
    assert address, "it starts"
    return Instance(
        url=address,
        connector=connector,
        issuer=issuer,
        clock=Clock(MONDAY),
        http=http,
        process=process,
        database=await Database.open(parse(url)),
    )


@asynccontextmanager
async def instances(url: str, count: int = 2) -> AsyncIterator[list[Instance]]:
    async with AsyncExitStack() as stack:
        issuer = await stack.enter_async_context(FakeIssuer())
        connector = await stack.enter_async_context(FakeConnector())
        http = await stack.enter_async_context(aiohttp.ClientSession())
        started = await asyncio.gather(
            *(start(url, connector=connector, issuer=issuer, http=http) for _ in range(count))
        )
        try:
            yield list(started)
        finally:
            await asyncio.gather(*(one.dies() for one in started))
            await asyncio.gather(*(one.database.close() for one in started))
