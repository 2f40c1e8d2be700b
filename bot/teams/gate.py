"""The waiting that pacing asks for, and the bound on how many calls are under way at once."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.teams.pacing import Pacing

CONCURRENCY = 24

Sleep = Callable[[float], Awaitable[None]]


class Gate:
    """``elapsed`` is a clock that never goes back, in seconds; ``sleep`` waits by the same clock."""

    def __init__(
        self,
        pacing: Pacing,
        *,
        sleep: Sleep = asyncio.sleep,
        elapsed: Callable[[], float] = time.monotonic,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._pacing = pacing
        self._sleep = sleep
        self._elapsed = elapsed
        self._room = asyncio.Semaphore(concurrency)
        self._turnstiles: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def delay(self, conversation: str) -> float:
        """Seconds that a call into this conversation would wait for its own quota."""
        return self._pacing.conversation_delay(conversation, self._elapsed())

    @asynccontextmanager
    async def call(self, conversation: str, tenant: str) -> AsyncIterator[None]:
        """Entered when the call may leave. Who waits for a conversation takes no room from the others."""
        while True:
            while (delay := self.delay(conversation)) > 0:
                await self._sleep(delay)
            async with self._room:
                if not await self._pass(conversation, tenant):
                    continue
                try:
                    yield
                finally:
                    self._pacing.end(conversation, tenant, self._elapsed())
                return

    async def _pass(self, conversation: str, tenant: str) -> bool:
        # One at a time waits for the tenant's next place: a crowd would wake together for each of them.
        async with self._turnstiles[tenant]:
            while (delay := self._pacing.tenant_delay(tenant, self._elapsed())) > 0:
                await self._sleep(delay)
            if self.delay(conversation) > 0:
                return False
            self._pacing.begin(conversation, tenant, self._elapsed())
            return True
