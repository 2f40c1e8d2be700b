"""The bot as it runs for a tenant, as a process of its own that tests kill, starve of disk and watch.

``python -m tests.faults.mortal``: settings come from the environment, as for the bot itself; TIDY, if it is set, makes
its store tidy up that often, in events and bytes. It prints its address once it listens. ``GET /faults`` tells what
can only be counted inside: tasks, messages owed, and what the loop was held up by.
"""

import asyncio
import os
import sys
from collections.abc import Mapping

from aiohttp import web

from app import running
from bot import process
from bot.running import Running, at_work
from bot.settings import read_settings
from bot.teams.tokens import NoCredentials
from bot.web.serving import Runner
from storage.embedded import Tidying
from tests.faults.held_up import HeldUp


def tidying(environ: Mapping[str, str]) -> Tidying | None:
    events, _, size = environ.get("TIDY", "").partition(",")
    return Tidying(checkpoint_every=int(events), compact_above=int(size)) if events else None


def told_by(bot: Running, loop: HeldUp) -> web.RouteTableDef:
    routes = web.RouteTableDef()

    @routes.get("/faults")
    async def tell(_: web.Request) -> web.Response:
        backlog = await bot.services.store.backlog()
        tasks = len(asyncio.all_tasks())
        return web.json_response({"tasks": tasks, "owed": backlog.depth, **loop.told()})

    @routes.post("/faults/begin")
    async def begin(_: web.Request) -> web.Response:
        loop.begin()
        return web.Response()

    return routes


async def main(loop: HeldUp) -> None:
    hosts = frozenset({"127.0.0.1"})
    settings = read_settings(os.environ)
    async with running(
        settings, trusted_hosts=hosts, tokens=NoCredentials(), tidying=tidying(os.environ)
    ) as bot:
        bot.web.add_routes(told_by(bot, loop))
        runner = Runner(bot.web, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with at_work(bot):
            process.settle_memory()
            sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    watched = HeldUp()
    with asyncio.Runner(loop_factory=lambda: watched) as one:
        one.run(main(watched))
