"""The doors of the routes that need the record: shut until it has been read, and again while the bot stops."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from enum import StrEnum

from aiohttp import web

from bot.web.problems import ProblemType, problem

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_AGAIN = 5
"""Seconds after which a caller should try again: a start takes two, and another one follows a stop."""
_PATIENCE = 2.0
_LONGEST_WAY_GIVEN = 0.02
"""Seconds: some turns' worth. There may always be somebody inside, and the outbox has its work, too."""
_NOT_NOW = "The bot is starting or stopping. Nothing of this request was taken in."


class Standing(StrEnum):
    """How it stands with the bot; only ``ok`` is ready."""

    STARTING = "starting"
    OK = "ok"
    UNWRITABLE = "unwritable"
    STOPPING = "stopping"


class Entrance:
    """``open`` lets callers in to the handlers, ``close`` lets nobody else in and waits for those inside; what can wait
    lets them go first with ``give_way``."""

    def __init__(self) -> None:
        self._standing = Standing.STARTING
        self._handlers: Mapping[str, Handler] = {}
        self._writable: Callable[[], Awaitable[bool]] | None = None
        self._inside = 0
        self._empty = asyncio.Event()
        self._empty.set()

    def door(self, name: str) -> Handler:
        """The route's handler: what ``open`` gives under that name, or 503."""

        async def enter(request: web.Request) -> web.StreamResponse:
            if self._standing is not Standing.OK:
                return problem(ProblemType.NOT_READY, _NOT_NOW, retry_after=_AGAIN)
            self._inside += 1
            self._empty.clear()
            try:
                return await self._handlers[name](request)
            finally:
                self._inside -= 1
                if not self._inside:
                    self._empty.set()

        return enter

    def open(self, handlers: Mapping[str, Handler], *, writable: Callable[[], Awaitable[bool]]) -> None:
        self._handlers = handlers
        self._writable = writable
        self._standing = Standing.OK

    async def close(self, *, within: float) -> bool:
        """Whether all had left after so many seconds."""
        self._standing = Standing.STOPPING
        await self._left(within)
        return not self._inside

    async def give_way(self) -> None:
        """Until those inside have their answers, or for as long as they may keep others waiting."""
        if self._inside:
            await self._left(_LONGEST_WAY_GIVEN)

    async def _left(self, within: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._empty.wait()

    @property
    def is_starting(self) -> bool:
        return self._standing is Standing.STARTING

    async def standing(self) -> Standing:
        """Asks the store too, for as long as a probe has patience."""
        if self._standing is not Standing.OK or self._writable is None:
            return self._standing
        try:
            async with asyncio.timeout(_PATIENCE):
                writable = await self._writable()
        except TimeoutError:
            writable = False
        return Standing.OK if writable else Standing.UNWRITABLE

    async def is_ready(self) -> bool:
        return await self.standing() is Standing.OK
