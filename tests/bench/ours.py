"""The bot itself as the bench serves it: put together by ``app`` as for Teams, with real token checks, its
embedded store and its outbox at work. What is the bench's own: the cases it begins with, a clock that stands in
office hours, an outgoing token that nobody checks, and ``GET /bench``, which tells the store's sync count.

PORT, DATA (a new folder), CASES (how many open ones), SERVICE_URL and BOT_OPENID_METADATA_URL come from the environment.
"""

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from aiohttp import web

from app import Running, at_work, running
from bot import process
from bot.settings import Settings, read_settings
from bot.teams.tokens import NoCredentials
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
    data.mkdir(parents=True)
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


def the_bot(given: Settings) -> AbstractAsyncContextManager[Running]:
    trusted = frozenset({"127.0.0.1"})
    return running(given, clock=clock, trusted_hosts=trusted, tokens=NoCredentials())


async def main(environ: Mapping[str, str]) -> None:
    given = settings(environ)
    async with the_bot(given) as bot:
        await fill(bot, int(environ["CASES"]), environ["SERVICE_URL"])
    async with the_bot(given) as bot:  # started anew on what is on the disk, as any bot is
        await serve(bot, given.port)


async def serve(bot: Running, port: int) -> None:
    """Until SIGTERM; as ``app.serve`` does it."""
    store = cast("EmbeddedStore", bot.services.store)

    async def told(_: web.Request) -> web.Response:
        return web.json_response({"syncs": store.syncs})

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
    asyncio.run(main(os.environ))
