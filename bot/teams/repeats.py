"""One answer for all deliveries of an activity: Teams delivers it again when the answer is slow."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")

KEPT = 120.0
"""Seconds. Teams repeats within half a minute; later repeats meet the record's own keys. Answers hold what posts
say, so they are not kept for longer than they are of use, nor after something of that was destroyed."""
MOST = 4096


class Repeats(Generic[_T]):
    """``worth_keeping`` tells which answers are given again: a fault is tried anew."""

    def __init__(
        self, worth_keeping: Callable[[_T], bool], *, elapsed: Callable[[], float] = time.monotonic
    ) -> None:
        self._worth_keeping = worth_keeping
        self._elapsed = elapsed
        self._answers: OrderedDict[Hashable, tuple[float, asyncio.Future[_T]]] = OrderedDict()

    async def once(self, key: Hashable, answer: Callable[[], Coroutine[Any, Any, _T]]) -> _T:
        self._drop_old()
        known = self._answers.get(key)
        if known is not None:
            return await asyncio.shield(known[1])
        # A task of its own: a caller that hangs up must not stop what others wait for.
        task = asyncio.ensure_future(answer())
        self._answers[key] = (self._elapsed(), task)
        task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    def knows(self, key: Hashable) -> bool:
        return key in self._answers

    def forget(self, which: Callable[[_T], bool]) -> None:
        """Drops the answers that ``which`` finds, those under way once they are given: a repeat is answered anew."""
        for key, (_, task) in tuple(self._answers.items()):
            if task.done():
                self._drop(key, task, which)
            else:
                task.add_done_callback(partial(self._drop, key, which=which))

    def _drop(self, key: Hashable, done: "asyncio.Future[_T]", which: Callable[[_T], bool]) -> None:
        if not done.cancelled() and done.exception() is None and which(done.result()):
            self._answers.pop(key, None)

    def _ended(self, key: Hashable, done: "asyncio.Future[_T]") -> None:
        if done.cancelled() or done.exception() is not None or not self._worth_keeping(done.result()):
            self._answers.pop(key, None)

    def _drop_old(self) -> None:
        oldest = self._elapsed() - KEPT
        while self._answers:
            began, _ = next(iter(self._answers.values()))
            if began > oldest and len(self._answers) <= MOST:
                return
            self._answers.popitem(last=False)
