"""The bot's parts while it runs, and what runs by itself: the outbox, reminders, duties, erasing, roles."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from aiohttp import web

from bot.cases.escalating import Reminding
from bot.cases.intake import Intake
from bot.duties.looking import DutyLooking
from bot.erasing import Erasing
from bot.measuring import Measures
from bot.services import Services
from bot.teams.delivery import Delivery
from bot.teams.directory import GraphDirectory
from bot.teams.tokens import TokenSource, TokenUnavailableError
from bot.web.entrance import Entrance, Handler

log = logging.getLogger("bot")


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What answers before the record is read: probes, figures, and doors that are shut until then."""

    web: web.Application
    entrance: Entrance
    measures: Measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The bot's parts while it runs, for those who serve it and for tests."""

    front: Front
    handlers: Mapping[str, Handler]
    services: Services
    intake: Intake
    delivery: Delivery
    reminding: Reminding
    duties: DutyLooking
    erasing: Erasing
    tokens: TokenSource
    graph: GraphDirectory | None

    @property
    def web(self) -> web.Application:
        return self.front.web

    def open(self) -> None:
        """Lets callers in."""
        self.front.entrance.open(self.handlers, writable=self.services.store.writable)


class Stop(asyncio.Event):
    """``failed``: not because anybody said so."""

    failed = False


@asynccontextmanager
async def at_work(bot: Running, stop: Stop | None = None) -> AsyncIterator[None]:
    """Outbox, reminders, erasing and the refreshing of roles run; at the end what is in flight is finished first. ``stop`` is set should one
    of them end by itself: a bot that only seems to work is worse than one that is started anew."""
    runs: list[Callable[[], Coroutine[Any, Any, None]]] = [
        bot.delivery.run,
        bot.reminding.run,
        bot.duties.run,
        bot.erasing.run,
        *([bot.graph.run] if bot.graph else []),
        partial(fetch_first_token, bot.tokens),
    ]
    tasks = [asyncio.create_task(run()) for run in runs]
    for task in tasks:
        task.add_done_callback(lambda ended: _ended(ended, stop))
    try:
        yield
    finally:
        await bot.delivery.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def fetch_first_token(tokens: TokenSource) -> None:
    """The first fetch is the slow one: not in somebody's turn."""
    with suppress(TokenUnavailableError):
        await tokens.authorization()


def _ended(task: asyncio.Task[None], stop: Stop | None) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.critical("A part of the bot has ended by itself", exc_info=task.exception())
        if stop is not None:
            stop.failed = True
            stop.set()
