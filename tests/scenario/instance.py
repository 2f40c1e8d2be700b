"""One instance of the bot as a process of its own: the program that tests start twice, and kill.

Settings come from the environment, as for the bot itself. It prints its address once it listens, and works until
it is killed.
"""

import asyncio
import os
import sys

from aiohttp import web

from app import running
from bot.running import at_work
from bot.settings import read_settings
from bot.teams.tokens import NoCredentials


async def main() -> None:
    settings = read_settings(os.environ)
    hosts = frozenset({"127.0.0.1"})
    async with running(settings, trusted_hosts=hosts, tokens=NoCredentials()) as bot:
        runner = web.AppRunner(bot.web, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with at_work(bot):
            sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
