"""The bot itself as the bench serves it: put together by ``app`` as for Teams, with real token checks, its log lines,
embedded store and outbox at work. What is the bench's own: the cases it begins with, a clock that stands in office
hours, an outgoing token that nobody checks, and ``GET /bench``, which tells what only the process itself knows.

PORT, DATA (a new folder), CASES (how many open ones), SERVICE_URL and BOT_OPENID_METADATA_URL come from the environment.
"""

import asyncio
import logging
import os
import signal
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import aiohttp
from aiohttp import web

from app import Running, at_work, running
from bot import process
from bot.log_lines import LogLines
from bot.settings import Settings, read_settings
from bot.stalls import WatchedLoop
from bot.teams.credentials import EntraTokens, secret_credential
from bot.teams.tokens import NoCredentials, TokenSource
from storage.embedded import EmbeddedStore
from tests.bench.clicking import APP_ID
from tests.bench.filling import fill
from tests.bench.people import TENANT, organisation_file

BEGAN = time.monotonic()
OPENING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def clock() -> datetime:
    """A Tuesday morning: no reminder falls due within hours, and every case is of 2026."""
    return OPENING + timedelta(seconds=time.monotonic() - BEGAN)


def settings(environ: Mapping[str, str]) -> Settings:
    data = Path(environ["DATA"])
    data.mkdir(parents=True, exist_ok=True)
    return read_settings(
        {
            "MicrosoftAppId": APP_ID,
            "MicrosoftAppPassword": "unused",
            "MicrosoftAppTenantId": TENANT,
            "PORT": environ["PORT"],
            "STORAGE_URL": f"tinydb:{data / 'store'}",
            "ORGANISATION_FILE": str(organisation_file(data / "organisation.yaml")),
            "BOT_OPENID_METADATA_URL": environ["BOT_OPENID_METADATA_URL"],
        }
    )


def the_bot(given: Settings, tokens: TokenSource) -> AbstractAsyncContextManager[Running]:
    trusted = frozenset({"127.0.0.1"})
    return running(given, clock=clock, trusted_hosts=trusted, tokens=tokens)


@asynccontextmanager
async def tokens_from(environ: Mapping[str, str]) -> AsyncIterator[TokenSource]:
    """The bot's own, from the Entra that stands around it if the environment names one."""
    if "ENTRA_AUTHORITY" not in environ:
        yield NoCredentials()
        return
    trust = ssl.create_default_context(cadata=environ["ENTRA_CERTIFICATE"])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trust)) as session:
        credential = secret_credential(
            tenant=TENANT,
            app_id=APP_ID,
            secret="unused",
            session=session,
            authority=environ["ENTRA_AUTHORITY"],
        )
        yield EntraTokens(credential)


def is_new(environ: Mapping[str, str]) -> bool:
    return not Path(environ["DATA"]).exists()


async def main(environ: Mapping[str, str]) -> None:
    new = is_new(environ)
    given = settings(environ)
    if new:
        async with the_bot(given, NoCredentials()) as bot:
            await fill(bot, int(environ["CASES"]), environ["SERVICE_URL"])
    async with tokens_from(environ) as tokens, the_bot(given, tokens) as bot:  # on what is on the disk
        await serve(bot, given.port)


async def serve(bot: Running, port: int) -> None:
    """Until SIGTERM; as ``app.serve`` does it."""
    store = cast("EmbeddedStore", bot.services.store)

    stalls = [0.0]

    async def told(request: web.Request) -> web.Response:
        """``stall``: the longest turn of the loop since the last time it was asked, if over 5 ms."""
        longest = max(stalls)
        stalls[:] = [0.0]
        decided = (
            [one async for one in store.events() if one.kind == "decided"] if "count" in request.query else []
        )
        return web.json_response({"syncs": store.syncs, "stall": longest, "decided": len(decided)})

    loop = asyncio.get_running_loop()
    if isinstance(loop, WatchedLoop):
        loop.watchers.add(stalls.append)

    bot.web.router.add_get("/bench", told)
    runner = web.AppRunner(bot.web, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    process.settle_memory()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with at_work(bot):
        await stop.wait()
        await runner.cleanup()


if __name__ == "__main__":
    lines = logging.StreamHandler()
    lines.setFormatter(LogLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(main(os.environ))
