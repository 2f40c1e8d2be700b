"""What the bot counts while it works, told to Prometheus: numbers by kinds that are known beforehand, and nobody's id.

Each bot has a registry of its own, so that several can live in one process. An increment takes a microsecond.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest

from bot.domain.cases import DecisionKind, Reason
from bot.domain.posts import FlagSource
from bot.domain.requests import Reason as RequestReason
from bot.policy.deciding import Outcome
from bot.policy.model_results import Result

Look = Callable[[], Awaitable[None]]
_Label = TypeVar("_Label", bound=StrEnum)


class Helped(StrEnum):
    YES = "yes"
    NO = "no"


class Measures:
    """The counters that use cases know, and the page of all that is measured."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._looks: list[Look] = []
        self._decisions = self._by("decisions", "Decisions recorded", "kind", DecisionKind)
        self._answers = self._by("answers", "Questions about the guideline answered", "outcome", Outcome)
        self._feedback = self._by("feedback", "Answers by whether they were said to help", "helped", Helped)
        self._consulted = self._by("model_replies", "Questions to the model", "result", Result)
        self._flags = self._by("flags", "Flagged posts that made a case", "source", FlagSource)
        self._refusals = self._by("refusals", "Commands on cases refused", "reason", Reason)
        self._request_refusals = self._by(
            "request_refusals", "Commands on requests refused", "reason", RequestReason
        )

    def decided(self, kind: DecisionKind) -> None:
        self._decisions[kind].inc()

    def answered(self, outcome: Outcome) -> None:
        self._answers[outcome].inc()

    def consulted(self, result: Result) -> None:
        self._consulted[result].inc()

    def rated(self, *, helped: bool) -> None:
        self._feedback[Helped.YES if helped else Helped.NO].inc()

    def flagged(self, source: FlagSource) -> None:
        self._flags[source].inc()

    def refused(self, reason: Reason | RequestReason) -> None:
        if isinstance(reason, RequestReason):
            self._request_refusals[reason].inc()
        else:
            self._refusals[reason].inc()

    def looks(self, look: Look) -> None:
        """``look`` is awaited before each page, to set what is only known then."""
        self._looks.append(look)

    def tells_readiness(self, is_ready: Callable[[], Awaitable[bool]]) -> None:
        gauge = Gauge("riktlinjebot_ready", "1 while /readyz says so", registry=self.registry)

        async def look() -> None:
            gauge.set(await is_ready())

        self.looks(look)

    async def page(self) -> bytes:
        for look in self._looks:
            await look()
        return generate_latest(self.registry)

    def _by(self, name: str, told: str, label: str, values: Iterable[_Label]) -> Mapping[_Label, Counter]:
        counter = Counter(f"riktlinjebot_{name}", told, [label], registry=self.registry)
        return {value: counter.labels(value) for value in values}
