"""Serving until told to stop: the door is open for probes at once, and for callers once the bot is made."""

import asyncio
import logging
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime

from aiohttp import web

from bot import process
from bot.running import Front, Running, Stop, at_work
from bot.settings import Settings, SettingsError
from bot.starting import bring_in_demonstration
from bot.web.serving import Runner

log = logging.getLogger("bot")

_FINISH = 20.0
"""Seconds for turns and messages under way when the bot is told to stop; most hosts kill after 30."""

MakeBot = Callable[[Settings], AbstractAsyncContextManager[Running]]


async def serve(settings: Settings, front: Front, make: MakeBot, clock: Callable[[], datetime]) -> bool:
    """Until SIGTERM or SIGINT; turns under way are finished, the outbox keeps what is not sent. False if a part of
    the bot ended before that: whoever oversees it is to start it anew."""
    stop = Stop()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with _listening(front.web, settings):
        life = asyncio.create_task(_live(settings, front, make(settings), stop, clock))
        told = asyncio.create_task(stop.wait())
        await asyncio.wait([life, told], return_when=asyncio.FIRST_COMPLETED)
        told.cancel()
        if front.entrance.is_starting:  # nobody was let in, so there is nothing to finish
            life.cancel()
        with suppress(asyncio.CancelledError):
            await life
    return not stop.failed


async def _live(
    settings: Settings,
    front: Front,
    bot: AbstractAsyncContextManager[Running],
    stop: Stop,
    clock: Callable[[], datetime],
) -> None:
    with process.life():
        async with bot as one:
            if settings.local:
                await bring_in_demonstration(one.intake, one.services.store, clock())
            await _serving(settings, front, one, stop)


async def _serving(settings: Settings, front: Front, bot: Running, stop: Stop) -> None:
    async with at_work(bot, stop):
        process.settle_memory()
        bot.open()
        _say(_greeting(settings))
        await stop.wait()
        left, _ = await asyncio.gather(
            front.entrance.close(within=_FINISH), bot.delivery.stop(within=_FINISH)
        )
        if not left:
            log.warning("Some turns were not finished in time")


@asynccontextmanager
async def _listening(front: web.Application, settings: Settings) -> AsyncIterator[None]:
    runner = Runner(front, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await _bind(runner, settings)
        yield
    finally:
        await runner.cleanup()


async def _bind(runner: Runner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise SettingsError((f"HOST, PORT: {error.strerror or error}",)) from error


def _greeting(settings: Settings) -> str:
    where = f"http://{settings.host}:{settings.port}/api/messages"
    if settings.local:
        return (
            f"The bot answers at {where} in LOCAL MODE: no MicrosoftAppId is set, so it trusts every program "
            "on this machine and talks to this machine only."
        )
    return f"The bot answers at {where} for app {settings.app_id}."


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
