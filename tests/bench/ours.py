"""The bot itself as the bench serves it: put together by ``app`` as for Teams, with real token checks, its log lines,
embedded store and outbox at work. What is the bench's own: the cases it begins with, an outgoing token that nobody
checks, and ``GET /bench``, which tells what only the process itself knows.

PORT, DATA (a folder), CASES (how many open ones, if the folder is new), SERVICE_URL and BOT_OPENID_METADATA_URL come
from the environment.
"""

import asyncio
import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

from aiohttp import web
from prometheus_client import CollectorRegistry

from app import running
from bot import process
from bot.log_lines import LogLines
from bot.running import Running, at_work
from bot.settings import Settings, read_settings
from bot.stalls import WatchedLoop
from bot.teams.tokens import NoCredentials, TokenSource
from bot.web.entrance import Handler
from storage.embedded import EmbeddedStore
from tests.bench.fetching import Entra, entra_of
from tests.bench.filling import fill
from tests.bench.people import environment


def the_bot(given: Settings, tokens: TokenSource) -> AbstractAsyncContextManager[Running]:
    return running(given, trusted_hosts=frozenset({"127.0.0.1"}), tokens=tokens)


def is_to_be_filled(environ: Mapping[str, str]) -> bool:
    return environ["CASES"] != "0" and not Path(environ["DATA"]).exists()


def settings(environ: Mapping[str, str]) -> Settings:
    own = {name: environ[name] for name in ("PORT", "BOT_OPENID_METADATA_URL")}
    return read_settings(environment(Path(environ["DATA"])) | own)


async def filled(environ: Mapping[str, str]) -> None:
    async with the_bot(settings(environ), NoCredentials()) as bot:
        await fill(bot, int(environ["CASES"]), environ["SERVICE_URL"])


async def main(environ: Mapping[str, str]) -> None:
    given = settings(environ)
    async with entra_of(environ) as entra:
        tokens = entra.tokens() if entra else NoCredentials()
        async with the_bot(given, tokens) as bot:
            await serve(bot, given.port, entra)


async def serve(bot: Running, port: int, entra: Entra | None) -> None:
    """Until SIGTERM; as ``app.serve`` does it."""
    bot.web.router.add_get("/bench", _telling(bot, entra))
    runner = web.AppRunner(bot.web, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    process.settle_memory()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with at_work(bot):
        await stop.wait()
        await runner.cleanup()


def _telling(bot: Running, entra: Entra | None) -> Handler:
    store = cast("EmbeddedStore", bot.services.store)

    async def told(request: web.Request) -> web.Response:
        """With ``count`` the record's events by kind, and the refusals that the bot has counted by reason; with
        ``fetch`` one more token is fetched first."""
        if entra and "fetch" in request.query:
            await entra.fetch()
        said = {"syncs": store.syncs, "stalls": entra.stalls if entra else []}
        if "count" in request.query:
            events = Counter([one.kind async for one in store.events()])
            said |= {"events": events, "refusals": _refusals(bot.services.measures.registry)}
        return web.json_response(said)

    return told


def _refusals(registry: CollectorRegistry) -> dict[str, float]:
    samples = (sample for metric in registry.collect() for sample in metric.samples)
    return {one.labels["reason"]: one.value for one in samples if one.name == "riktlinjebot_refusals_total"}


if __name__ == "__main__":
    if is_to_be_filled(os.environ):
        asyncio.run(filled(os.environ))
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - anew on what is on the disk, the memory empty
    lines = logging.StreamHandler()
    lines.setFormatter(LogLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(main(os.environ))
