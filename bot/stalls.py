"""How long the event loop answers nobody, measured where it waits: between two of its looks for what has happened.

A timer that finds itself late would miss what happens between its ticks and wake an idle machine a hundred times
a second, measured at 1.8 % of a core on a virtual one. Two readings of the clock a turn of the loop cost half a
microsecond, and nothing while there is nothing to do.
"""

import asyncio
import logging
from collections.abc import Callable
from selectors import DefaultSelector, SelectorKey
from time import perf_counter

from prometheus_client import CollectorRegistry, Gauge, Histogram

log = logging.getLogger(__name__)

LONG = 0.05
"""Seconds: what nobody should ever have to wait for the loop alone."""
_TOLD = 0.005
_BUCKETS = (0.01, 0.025, LONG, 0.1, 0.25, 0.5, 1.0, 2.5)


class WatchedLoop(asyncio.SelectorEventLoop):
    """An event loop that tells its ``watchers`` of each of its turns that took over 5 ms, in seconds."""

    def __init__(self) -> None:
        self.watchers: set[Callable[[float], None]] = set()
        super().__init__(_Selector(self._took))

    def _took(self, seconds: float) -> None:
        for watcher in tuple(self.watchers):
            watcher(seconds)


class _Selector(DefaultSelector):
    def __init__(self, took: Callable[[float], None]) -> None:
        super().__init__()
        self._took = took
        self._began = float("inf")

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        seconds = perf_counter() - self._began
        if seconds > _TOLD:
            self._took(seconds)
        ready = super().select(timeout)
        self._began = perf_counter()
        return ready


class LoopWatch:
    """Measures between ``start`` and ``stop``, in a loop that is watched."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._stalls = Histogram(
            "riktlinjebot_loop_stall_seconds",
            "Turns of the event loop that took over 5 ms",
            buckets=_BUCKETS,
            registry=registry,
        )
        self._longest = Gauge(
            "riktlinjebot_loop_longest_stall_seconds", "The longest since the start", registry=registry
        )
        self._most = 0.0

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        if isinstance(loop, WatchedLoop):
            loop.watchers.add(self._note)

    def stop(self) -> None:
        loop = asyncio.get_running_loop()
        if isinstance(loop, WatchedLoop):
            loop.watchers.discard(self._note)

    def _note(self, seconds: float) -> None:
        self._stalls.observe(seconds)
        if seconds > self._most:
            self._most = seconds
            self._longest.set(seconds)
        if seconds > LONG:
            log.info("The event loop was held up", extra={"milliseconds": round(seconds * 1000)})
