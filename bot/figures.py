"""What is read when Prometheus asks: how many cases and messages wait, since when, and what became of sends.

All of it comes from indexes and counts that are kept anyway; no case is opened.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from bot.domain.cases import Awaits
from bot.teams.settling import Counts
from storage.store import Store, StoreUnwritable

_PATIENCE = 2.0
"""Seconds that a page waits for a database; what it does not tell by then is NaN."""
_SETTLED = "settled"
_UNKNOWN = math.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Ages in seconds."""

    cases: Mapping[str, float]
    ages: Mapping[str, float]
    unregistered: float = _UNKNOWN
    questions: float = _UNKNOWN
    owed: float = _UNKNOWN
    owed_age: float = _UNKNOWN


_NOTHING_SEEN = _Seen(
    cases=dict.fromkeys([*Awaits, _SETTLED], _UNKNOWN), ages=dict.fromkeys(Awaits, _UNKNOWN)
)


class Figures:
    """The gauges of one store, set by ``look``."""

    def __init__(self, registry: CollectorRegistry, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._cases = _gauge(registry, "cases", "Cases by what they wait for", "state")
        self._ages = _gauge(registry, "oldest_open_case_seconds", "The longest wait of a case", "state")
        self._unregistered = _gauge(registry, "registrations_owed", "Items without their diary number")
        self._questions = _gauge(registry, "questions_open", "Questions that wait for communications")
        self._owed = _gauge(registry, "outbox_messages", "Messages owed")
        self._owed_age = _gauge(registry, "outbox_oldest_seconds", "Age of the message owed longest")

    async def look(self) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                self._show(await self._seen())
        except (StoreUnwritable, TimeoutError):
            self._show(_NOTHING_SEEN)

    async def _seen(self) -> _Seen:
        store, waiting = self._store, [f"waiting/{awaits}" for awaits in Awaits]
        counts = [await store.count(table) for table in waiting]
        oldest = [await store.oldest(table) for table in waiting]
        ever = sum(row["last"] for row in await store.select("counters"))  # a year's last number is its count
        since = [datetime.fromisoformat(row["since"]) if row else None for row in oldest]
        backlog = await store.backlog()
        return _Seen(
            cases=dict(zip([*Awaits, _SETTLED], [*counts, ever - sum(counts)], strict=True)),
            ages=dict(zip(Awaits, map(self._age, since), strict=True)),
            unregistered=await store.count("unregistered"),
            questions=await store.count("open_questions"),
            owed=backlog.depth,
            owed_age=self._age(backlog.oldest),
        )

    def _age(self, since: datetime | None) -> float:
        return (self._clock() - since).total_seconds() if since else 0.0

    def _show(self, seen: _Seen) -> None:
        for gauge, values in ((self._cases, seen.cases), (self._ages, seen.ages)):
            for state, value in values.items():
                gauge.labels(state).set(value)
        self._unregistered.set(seen.unregistered)
        self._questions.set(seen.questions)
        self._owed.set(seen.owed)
        self._owed_age.set(seen.owed_age)


def _gauge(registry: CollectorRegistry, name: str, told: str, *labels: str) -> Gauge:
    return Gauge(f"riktlinjebot_{name}", told, labels, registry=registry)


class Sends(Collector):
    """What delivery and the connector have counted anyway."""

    def __init__(self, counts: Counts, answers: Counter[str]) -> None:
        self._counts = counts
        self._answers = answers

    def collect(self) -> Iterator[CounterMetricFamily]:
        yield _family("sends", "Messages of the outbox by what became of them", asdict(self._counts).items())
        yield _family("connector_answers", "Calls to Teams by HTTP status", self._answers.items())


def _family(name: str, told: str, values: Iterable[tuple[str, int]]) -> CounterMetricFamily:
    family = CounterMetricFamily(f"riktlinjebot_{name}", told, labels=["status"])
    for status, count in values:
        family.add_metric([status], count)
    return family
