"""Group commit: whoever asks at the same time shares one write and one sync."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from time import perf_counter
from typing import Any, Generic, Protocol, TypeVar

from storage.store import StoreUnwritable

_T = TypeVar("_T")
_R = TypeVar("_R")
_R_co = TypeVar("_R_co", covariant=True)
_W = TypeVar("_W")

SLOW = 0.002
"""Seconds that the event loop waits for a write at most. A sync takes a tenth of it, or half a second when somebody else
has given the disk much to do: then the next one isn't waited for at all, nor is any while their median is longer."""

_AT_WORK = 0.0001
"""Seconds: a turn of the event loop that takes longer did work for others, one without work takes a tenth."""

LARGE = 256 * 1024
"""Bytes: a batch larger than this is not waited for in any case."""
_REMEMBERED = 15


class Batch(Protocol[_R_co]):
    """Requests that are written together. ``size`` in bytes; 0 when there is nothing to write."""

    @property
    def size(self) -> int: ...

    def write(self) -> None:
        """Blocks until all is on disk; StoreUnwritable leaves the files as they were."""
        ...

    def settle(self, error: Exception | None) -> Sequence[_R_co | Exception]:
        """Called on the event loop when the write has ended: one outcome a request, in their order."""
        ...


class GroupCommit(Generic[_T, _R]):
    """Batches are written in a thread, one after the other; ``stage`` sees the outcome of all before.

    The event loop stands still for a write that is quick: to be woken for it would take as long again.

    A lone writer waits for nobody. Where the last batches held several, the next one is held open for as many,
    while the event loop is at work for others, who may be about to join, and then for the time that one write
    takes: what PostgreSQL calls commit_delay, but learnt. Without the first half sixteen people over HTTP fall
    into small groups that take turns: 0.7 syncs a decision instead of 0.14, measured.
    """

    def __init__(
        self,
        stage: Callable[[Sequence[_T]], Batch[_R]],
        *,
        threads: Executor | None = None,
        patience: float = 0.0,
    ) -> None:
        """``threads`` that are shared must be enough for all who write at the same time, or they wait for one another;
        ``patience``: seconds that a batch is held open at the very most while the event loop is at work."""
        self._stage = stage
        self._threads = threads or ThreadPoolExecutor(1)
        self._patience = patience
        self._waiting: list[tuple[_T, asyncio.Future[_R]]] = []
        self._asides: dict[Callable[[], Any], asyncio.Future[Any]] = {}
        self._was_aside = self._ended = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._expected = 1
        self._closes = self._looked = self._latest = 0.0
        self._took: deque[float] = deque([0.0], maxlen=_REMEMBERED)
        self._usual = 0.0

    def submit(self, request: _T) -> asyncio.Future[_R]:
        """Whoever stops waiting does not take the request back."""
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[_R] = loop.create_future()
        if self._ended:
            outcome.set_exception(_closed())
            return outcome
        self._waiting.append((request, outcome))
        if self._idle.is_set():
            self._open(loop)
        return outcome

    async def drained(self) -> None:
        await self._idle.wait()

    async def end(self) -> None:
        """Refuses what comes from now on, and waits for what came before."""
        self._ended = True
        await self.drained()

    async def between(self, work: Callable[[], _W]) -> _W:
        """What it returns, run in a thread while nothing is written: what is asked for meanwhile is written after it, and
        who asks for the same work before it began shares it."""
        if self._ended:
            raise _closed()
        outcome: asyncio.Future[_W] | None = self._asides.get(work)
        if outcome is None:
            loop = asyncio.get_running_loop()
            outcome = self._asides[work] = loop.create_future()
            if self._idle.is_set():
                self._idle.clear()
                self._go_on(loop)
        return await asyncio.shield(outcome)

    def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        self._idle.clear()
        self._looked = perf_counter()
        self._closes = self._looked + min(self._usual, SLOW) if self._expected > 1 else 0.0
        self._latest = max(self._closes, self._looked + self._patience)
        loop.call_soon(self._gather, loop)

    def _gather(self, loop: asyncio.AbstractEventLoop) -> None:
        if len(self._waiting) < self._expected and self._held_open():
            loop.call_soon(self._gather, loop)
            return
        requests, self._waiting = self._waiting, []
        self._expected = max(
            len(requests), (len(requests) + self._expected) // 2
        )  # a straggler splits no group
        outcomes = [outcome for _, outcome in requests]
        try:
            batch = self._stage([request for request, _ in requests])
        except Exception as error:  # whatever it is, it belongs to those who wait, not to the loop
            self._answer(loop, outcomes, [error] * len(outcomes))
            return
        if not batch.size:
            self._settle(loop, outcomes, batch, None)
            return
        try:
            writing = handed_over(self._threads, partial(self._write, batch))
        except StoreUnwritable as error:
            self._settle(loop, outcomes, batch, error)
            return
        try:
            refused = writing.result(self._waits_for(batch))
        except TimeoutError:
            written = asyncio.wrap_future(writing, loop=loop)
            written.add_done_callback(lambda done: self._settle(loop, outcomes, batch, done.result()))
        else:
            self._settle(loop, outcomes, batch, refused)

    def _waits_for(self, batch: Batch[_R]) -> float:
        """Seconds."""
        return 0.0 if batch.size > LARGE or max(self._usual, self._took[-1]) >= SLOW else SLOW

    def _held_open(self) -> bool:
        """Whether to wait on; time in which the loop was at work for others is not counted."""
        now = perf_counter()
        passed, self._looked = now - self._looked, now
        if passed > _AT_WORK:
            self._closes += passed
        return now < min(self._closes, self._latest)

    def _write(self, batch: Batch[_R]) -> Exception | None:
        began = perf_counter()
        try:
            batch.write()
        except Exception as error:  # handed to everyone who waits
            return error
        self._took.append(perf_counter() - began)
        self._usual = sorted(self._took)[len(self._took) // 2]
        return None

    def _settle(
        self,
        loop: asyncio.AbstractEventLoop,
        outcomes: Sequence[asyncio.Future[_R]],
        batch: Batch[_R],
        error: Exception | None,
    ) -> None:
        try:
            results = batch.settle(error)
        except Exception as bug:  # as above
            results = [bug] * len(outcomes)
        self._answer(loop, outcomes, results)

    def _answer(
        self,
        loop: asyncio.AbstractEventLoop,
        outcomes: Sequence[asyncio.Future[_R]],
        results: Sequence[_R | Exception],
    ) -> None:
        for outcome, result in zip(outcomes, results, strict=True):
            if outcome.done():
                continue
            if isinstance(result, Exception):
                outcome.set_exception(_own(result))
            else:
                outcome.set_result(result)
        self._go_on(loop)

    def _go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """In turns, where both wait: neither keeps the other from its own."""
        if self._asides and not (self._waiting and self._was_aside):
            self._was_aside = True
            work = next(iter(self._asides))
            outcome = self._asides.pop(work)
            working = asyncio.wrap_future(self._aside(work), loop=loop)
            working.add_done_callback(lambda done: self._is_through(loop, outcome, done))
        elif self._waiting:
            self._was_aside = False
            self._open(loop)
        else:
            self._idle.set()

    def _aside(self, work: Callable[[], _W]) -> "Future[_W]":
        try:
            return handed_over(self._threads, work)
        except StoreUnwritable as error:
            none = Future[_W]()
            none.set_exception(error)
            return none

    def _is_through(
        self, loop: asyncio.AbstractEventLoop, outcome: "asyncio.Future[Any]", done: "asyncio.Future[Any]"
    ) -> None:
        error = done.exception()
        if not outcome.done():
            if error:
                outcome.set_exception(error)
            else:
                outcome.set_result(done.result())
        self._go_on(loop)


def handed_over(threads: Executor, work: Callable[[], _W]) -> "Future[_W]":
    """An executor that can start no thread raises, and leaves the work in its queue for a later one: it would be done after
    whoever asked was told that it would not be. Raises StoreUnwritable, and then it never is."""
    outcome = Future[_W]()

    def carried_out() -> None:
        if not outcome.set_running_or_notify_cancel():
            return
        try:
            outcome.set_result(work())
        except BaseException as error:  # as an executor does it
            outcome.set_exception(error)

    try:
        threads.submit(carried_out)
    except RuntimeError as error:
        if outcome.cancel():
            raise StoreUnwritable("no thread can be started to write with") from error
    return outcome


def _closed() -> StoreUnwritable:
    return StoreUnwritable("the store is closed")


def _own(error: Exception) -> Exception:
    """Each waiter raises an exception of its own: a shared one would gather all their tracebacks."""
    if not isinstance(error, StoreUnwritable):
        return error
    mine = StoreUnwritable(*error.args)
    mine.__cause__ = error.__cause__
    return mine
