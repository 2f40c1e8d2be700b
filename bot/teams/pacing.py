"""How quickly Teams may be called, as arithmetic: the caller passes the time in and does the waiting.

A call is counted from before it leaves until a full window after its answer, so that however long it took on
the way no window of Teams' own can hold more than the quota.
"""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    calls: int
    seconds: float


PER_CONVERSATION = (
    Quota(calls=7, seconds=1),
    Quota(calls=8, seconds=2),
    Quota(calls=60, seconds=30),
    Quota(calls=1800, seconds=3600),
)
"""Per bot and thread; see learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit"""

PER_TENANT = 50
"""Calls a second per app and tenant (an older copy of the same page says 30)."""

_ALL_UNDER_WAY = 0.02
"""Seconds to wait when the whole quota is under way: nobody knows when the first call ends."""
_MARGIN = 1e-3
_CATCH_UP = 3
_SWEEP_EVERY = 1000


class Pace:
    """One bucket. With ``spread`` calls also keep that many seconds apart on average, not in bursts:
    bursts would need as many connections as they have calls."""

    def __init__(self, quotas: tuple[Quota, ...], *, spread: float = 0.0) -> None:
        self._quotas = quotas
        self._longest = max(quota.seconds for quota in quotas)
        self._spread = spread
        self._scheduled = float("-inf")
        self._under_way = 0
        self._ended: deque[float] = deque()

    def delay(self, now: float) -> float:
        """Seconds until a call may begin; 0 for now. It may have grown when they have passed: ask again."""
        waits = [self._delay(quota, now) for quota in self._quotas]
        waits.append(self._scheduled - _CATCH_UP * self._spread - now)
        return max(0.0, *waits)

    def begin(self, now: float) -> None:
        self._under_way += 1
        self._scheduled = max(self._scheduled, now) + self._spread

    def end(self, now: float) -> None:
        self._under_way -= 1
        self._ended.append(now)
        while self._ended[0] < now - self._longest - _MARGIN:
            self._ended.popleft()

    def forgettable(self, now: float) -> bool:
        return not self._under_way and (not self._ended or self._ended[-1] < now - self._longest - _MARGIN)

    def _delay(self, quota: Quota, now: float) -> float:
        allowed = quota.calls - self._under_way
        if allowed <= 0:
            return _ALL_UNDER_WAY
        if len(self._ended) < allowed:
            return 0.0
        return self._ended[-allowed] + quota.seconds + _MARGIN - now


class Pacing:
    """The paces of all conversations and tenants."""

    def __init__(
        self, *, per_tenant: int = PER_TENANT, per_conversation: tuple[Quota, ...] = PER_CONVERSATION
    ) -> None:
        self._per_tenant = per_tenant
        self._per_conversation = per_conversation
        self._conversations: dict[str, Pace] = {}
        self._tenants: dict[str, Pace] = {}
        self._begun = 0

    def conversation_delay(self, conversation: str, now: float) -> float:
        pace = self._conversations.get(conversation)
        return pace.delay(now) if pace else 0.0

    def tenant_delay(self, tenant: str, now: float) -> float:
        pace = self._tenants.get(tenant)
        return pace.delay(now) if pace else 0.0

    def begin(self, conversation: str, tenant: str, now: float) -> None:
        self._begun += 1
        if self._begun % _SWEEP_EVERY == 0:
            self._sweep(now)
        self._conversations.setdefault(conversation, Pace(self._per_conversation)).begin(now)
        if tenant not in self._tenants:
            second = (Quota(calls=self._per_tenant, seconds=1),)
            self._tenants[tenant] = Pace(second, spread=1 / self._per_tenant)
        self._tenants[tenant].begin(now)

    def end(self, conversation: str, tenant: str, now: float) -> None:
        self._conversations[conversation].end(now)
        self._tenants[tenant].end(now)

    def _sweep(self, now: float) -> None:
        """Forgets conversations that no window remembers, or the dictionary would grow for ever."""
        idle = [key for key, pace in self._conversations.items() if pace.forgettable(now)]
        for key in idle:
            del self._conversations[key]
