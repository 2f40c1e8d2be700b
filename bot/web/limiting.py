"""Token buckets: so many requests at once, and after that so many a second."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 1024
"""Callers remembered; the one longest unheard of is forgotten first, and then begins anew with a full bucket."""


class TokenBuckets:
    """One bucket a caller. A bucket holds ``burst`` tokens, and ``per_second`` of them flow back."""

    def __init__(self, *, burst: int, per_second: float, now: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_second = per_second
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> int:
        """0 if the caller may go on, else the whole seconds to wait; a call that must wait costs nothing."""
        now = self._now()
        left, then = self._left.pop(caller, (float(self._burst), now))
        left = min(self._burst, left + (now - then) * self._per_second)
        allowed = left >= 1
        self._left[caller] = (left - 1 if allowed else left, now)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._per_second)
