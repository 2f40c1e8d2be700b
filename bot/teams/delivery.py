"""The outbox's loop: everything that the bot owes somebody leaves here, in order for each recipient.

Every recipient has a lane of its own, so one that fails or waits stops nobody else. What was postponed goes
back to the outbox and holds up its lane, but not the process: other instances may take it. A message whose
answer was lost stays here, since nobody else may know better, and is repeated once.
"""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from heapq import heappop, heappush

from bot.deliveries import Renderer
from bot.teams.addresses import AddressBook
from bot.teams.connector import Connector
from bot.teams.copies import Copies
from bot.teams.courier import Bring, Courier
from bot.teams.gate import CONCURRENCY, Gate, Sleep
from bot.teams.ledger import Ledger, Outbox
from bot.teams.pacing import Pacing
from bot.teams.settling import Counts, OnDelivered, OnUnreachable, Postponed, Settled, Settler
from storage.store import LONGEST_POSTPONEMENT, Message, Owed

_LANES = 64
_LONGEST_STOP = 20.0

log = logging.getLogger(__name__)


class Delivery:
    """``on_delivered`` may be called twice for a message if the process dies in between, and so must not mind.

    ``on_unreachable`` is called for everything that will not arrive, with Teams' error code or the status or
    the bot's own word for it. ``idle`` is how long the loop sleeps, in seconds, when nobody wakes it.
    ``give_way`` is awaited before each piece of work: whoever clicked is answered before others are told of it.
    ``around`` may watch each attempt. ``local``: on a developer's machine, where it is no matter that somebody is not here yet.
    """

    def __init__(
        self,
        *,
        store: Outbox,
        copies: Copies,
        connector: Connector,
        addresses: AddressBook,
        renderer: Renderer,
        on_delivered: OnDelivered,
        on_unreachable: OnUnreachable,
        clock: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
        elapsed: Callable[[], float] = time.monotonic,
        pacing: Pacing | None = None,
        concurrency: int = CONCURRENCY,
        idle: float = 2.0,
        rng: random.Random | None = None,
        local: bool = False,
        give_way: Callable[[], Awaitable[object]] | None = None,
        around: Callable[[Bring], Bring] = lambda bring: bring,
    ) -> None:
        self.counts = Counts()
        self._give_way = give_way
        self._clock = clock
        self._sleep = sleep
        self._idle = idle
        self._ledger = Ledger(store, copies, sleep=sleep, clock=clock)
        courier = Courier(
            connector=connector,
            addresses=addresses,
            renderer=renderer,
            ledger=self._ledger,
            gate=Gate(pacing or Pacing(), sleep=sleep, elapsed=elapsed, concurrency=concurrency),
            clock=clock,
        )
        self._settler = Settler(
            ledger=self._ledger,
            bring=around(courier.bring),
            addresses=addresses,
            on_delivered=on_delivered,
            on_unreachable=on_unreachable,
            clock=clock,
            sleep=sleep,
            rng=rng or random.Random(),  # noqa: S311 - spreads retries, keeps no secret
            counts=self.counts,
            local=local,
        )
        self._lanes: dict[str, deque[Owed]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: set[str] = set()
        self._released: set[str] = set()
        self._paused: dict[str, datetime] = {}
        self._alarms: list[datetime] = []
        self._woken = asyncio.Event()
        self._taking = asyncio.Lock()

    def wake(self) -> None:
        """Something new is owed."""
        self._woken.set()

    async def run(self) -> None:
        """Until stopped or cancelled; what is in flight is finished first."""
        try:
            while not self._ledger.stopping:
                self._woken.clear()
                try:
                    await self._take()
                except Exception:
                    log.exception("The outbox could not be taken from; it is tried again")
                await self._rest()
        finally:
            await self.stop()

    async def stop(self, *, within: float = _LONGEST_STOP) -> None:
        """Begins no other message and waits for those in flight; what takes longer than so many seconds is broken
        off, and is unknown to the next start."""
        self._ledger.stopping = True
        self.wake()
        deadline = time.monotonic() + within
        while self._tasks and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        for task in tuple(self._tasks):
            log.warning("A message on its way was broken off")
            task.cancel()
            await asyncio.wait([task])

    async def drain(self) -> None:
        """Until nothing is due: all that was is settled or postponed."""
        while await self._take() or self._tasks:
            if self._tasks:
                await asyncio.wait(self._tasks)

    async def _take(self) -> int:
        if self._give_way:
            await self._give_way()
        async with self._taking:
            if self._ledger.stopping or len(self._lanes) > _LANES // 2:
                return 0
            self._released.clear()
            # Those in the lanes may be among the due; asking for more than them keeps one long lane from
            # hiding everybody else. What a lane released meanwhile may be in an answer older than that.
            due = await self._ledger.due(len(self._held) + _LANES)
            known = self._held | self._released
            fresh = [one for one in due if one.message.id not in known]
            for owed in fresh:
                await self._enter(owed)
            return len(fresh)

    async def _enter(self, owed: Owed) -> None:
        to = owed.message.to
        if self._is_paused(to):
            await self._put_back(owed)
            return
        self._paused.pop(to, None)
        self._held.add(owed.message.id)
        if to in self._lanes:
            self._lanes[to].append(owed)
            return
        self._lanes[to] = deque([owed])
        task = asyncio.create_task(self._drive(to))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _rest(self) -> None:
        now = self._clock()
        while self._alarms and self._alarms[0] <= now:
            heappop(self._alarms)
        wait = self._idle
        if self._alarms:
            wait = min(wait, (self._alarms[0] - now).total_seconds())
        waits = (asyncio.ensure_future(self._woken.wait()), asyncio.ensure_future(self._sleep(wait)))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _drive(self, to: str) -> None:
        lane = self._lanes[to]
        while lane and not self._ledger.stopping:
            owed = lane[0]
            try:
                await self._settle(owed, lane)
                self._release(owed.message)
            except Exception:
                log.exception("A message was left unsettled", extra={"message_id": owed.message.id})
                if not self._ledger.has_started(owed.message):
                    self._release(owed.message)
                # else it stays held: nobody knows how far it came, and the next start will find that out.
            lane.popleft()
        for owed in lane:
            self._release(owed.message)
        del self._lanes[to]
        if len(self._lanes) <= _LANES // 2:
            self.wake()

    async def _settle(self, owed: Owed, lane: deque[Owed]) -> None:
        if self._is_paused(owed.message.to):
            await self._put_back(owed)
            return
        if self._give_way:
            await self._give_way()
        waiting = tuple(lane)[1:]
        match await self._settler.settle(owed):
            case Postponed(until=until, recipient=recipient):
                if recipient:
                    self._paused[owed.message.to] = until
                self._ring(until)
            case Settled(updated_at=datetime() as at):
                for other in waiting:
                    if _same(other.message, owed.message):
                        await self._settler.settle_along(other, at)
                        lane.remove(other)
                        self._release(other.message)

    def _is_paused(self, to: str) -> bool:
        until, now = self._paused.get(to), self._clock()
        return until is not None and now < until <= now + LONGEST_POSTPONEMENT

    async def _put_back(self, owed: Owed) -> None:
        until = self._paused[owed.message.to]
        await self._settler.postpone(owed, until)
        self._ring(until)

    def _ring(self, at: datetime) -> None:
        heappush(self._alarms, at)
        self.wake()

    def _release(self, message: Message) -> None:
        self._held.discard(message.id)
        self._released.add(message.id)


def _same(one: Message, other: Message) -> bool:
    return (one.to, one.kind, one.subject, one.data) == (other.to, other.kind, other.subject, other.data)
