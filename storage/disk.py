"""What the parts of a store that write to the same disk know of one another.

A sync waits for whatever else is on its way to that disk: 250 ms on the event loop, measured, while a thread wrote a
checkpoint. Whoever writes much syncs it before it is done, so nothing of it is on its way any more after that.
"""

import asyncio
from typing import Any


class Disk:
    """For one event loop's use: neither counting nor asking needs a lock."""

    def __init__(self) -> None:
        self._writing = 0

    @property
    def is_busy(self) -> bool:
        """Whether something large is being written: a sync may take as long as that does."""
        return self._writing > 0

    def busy_until(self, written: "asyncio.Future[Any]") -> None:
        self._writing += 1
        written.add_done_callback(self._is_written)

    def _is_written(self, _: "asyncio.Future[Any]") -> None:
        self._writing -= 1
