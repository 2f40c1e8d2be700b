"""An event loop that tells of each of its long turns how much of it was work, waiting for the disk, and waiting for a
processor that somebody else had: on a shared machine the last is no fault of the bot's."""

import asyncio
import heapq
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from selectors import DefaultSelector, SelectorKey
from time import perf_counter, thread_time

from bot.stalls import WatchedLoop

_TOLD = 0.002
_KEPT = 10


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Turn:
    """Seconds. ``own`` is all but the wait for a processor; of it ``work`` was spent computing."""

    own: float
    work: float
    queued: float


class Queueing:
    """How long the thread has waited for a processor, by the kernel's own account; 0 where it keeps none."""

    def __init__(self) -> None:
        try:
            self._file = os.open("/proc/thread-self/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._file = -1

    def seconds(self) -> float:
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9 if self._file >= 0 else 0.0


class _Selector(DefaultSelector):
    def __init__(self, loop: "HeldUp") -> None:
        super().__init__()
        self._loop = loop
        self._queueing = Queueing()
        self._began = (perf_counter(), thread_time(), self._queueing.seconds())

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        began = self._began
        took = perf_counter() - began[0]
        if took > _TOLD:
            queued = self._queueing.seconds() - began[2]
            self._loop.note(Turn(own=took - queued, work=thread_time() - began[1], queued=queued))
        ready = super().select(timeout)
        self._began = (perf_counter(), thread_time(), self._queueing.seconds())
        return ready


class HeldUp(WatchedLoop):
    """The longest turns since ``begin``, own time first."""

    def __init__(self) -> None:
        self._longest: list[Turn] = []
        asyncio.SelectorEventLoop.__init__(self, _Selector(self))
        self.watchers = set()

    def begin(self) -> None:
        self._longest.clear()

    def note(self, turn: Turn) -> None:
        heapq.heappush(self._longest, turn)
        if len(self._longest) > _KEPT:
            heapq.heappop(self._longest)
        for watcher in tuple(self.watchers):
            watcher(turn.own + turn.queued)

    def told(self) -> Mapping[str, object]:
        return {"turns": [asdict(one) for one in sorted(self._longest, reverse=True)]}
