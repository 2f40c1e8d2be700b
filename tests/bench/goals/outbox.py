"""P10: many cards to many people while the connector refuses a third of the calls, and loses some answers."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.teams.pacing import PER_TENANT
from tests.bench.crowd import Crowd, crowd
from tests.bench.plan import Plan
from tests.bench.table import Row
from tests.fakes.connector import Answer, AnswerLost, Call, FakeConnector, Fault
from tests.scenario.world import words

_CARDS = 1_000
_QUICK_CARDS = 60
_REFUSED = 0.3
_LOST = 0.01
_QUICK_LOST = 0.1
MARK = "Kan ha skickats tidigare."
"""What a card says that is sent again since nobody knows whether it arrived."""


class Unwell:
    """Refuses before delivery, 429 or 502 alike; loses one answer a conversation at most."""

    def __init__(self, lost: float) -> None:
        self._rng = random.Random(10)
        self._lost = lost
        self.lost: set[str] = set()

    def __call__(self, call: Call) -> Fault | None:
        if self._rng.random() < _REFUSED:
            return Answer(status=429, retry_after=1) if self._rng.random() < 0.5 else Answer(status=502)
        if self._rng.random() < self._lost and call.conversation not in self.lost:
            self.lost.add(call.conversation)
            return AnswerLost()
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``twice``: people whose cards are more than one, other than a second that is marked after a lost answer.
    ``counted``: the bot counts as many lost answers as there were; ``rate``: of all calls, a second."""

    cards: int
    missing: int
    twice: int
    repeated: int
    breaches: int
    counted: bool
    rate: float

    @property
    def faults(self) -> int:
        return self.missing + self.twice + self.breaches + (not self.counted)

    def __str__(self) -> str:
        delivered = self.cards - self.missing
        return f"{delivered} of {self.cards} delivered, {self.twice} twice, {self.breaches} quota breaches"


def measure(plan: Plan) -> Iterator[Row]:
    """In real time, by the whole bot with its own store, at Teams' quotas."""
    says = "calls a second with 30% of them refused, as a part of the rate that the quotas allow"
    if plan.quick:
        yield Row(goal="P10", says=says, measured="half a minute of sending: not in the short form")
        yield _lossy(asyncio.run(_sent(plan, "lossy", _QUICK_CARDS, lost=_QUICK_LOST)))
        return
    calm = asyncio.run(_sent(plan, "calm", _CARDS, lost=0.0))
    yield Row(
        goal="P10",
        says=says,
        measured=f"{calm.rate:.1f} of {PER_TENANT} a second",
        ratio=calm.rate / PER_TENANT,
        at_least=0.9,
    )
    yield _faultless("cards of these missing or twice, and quota breaches", calm)
    yield _lossy(asyncio.run(_sent(plan, "lossy", _CARDS, lost=_LOST)))


def _lossy(outcome: Outcome) -> Row:
    says = "with answers lost: cards missing, or twice and not marked and counted, and quota breaches"
    return _faultless(says, outcome, f"; {outcome.repeated} marked repeats")


def _faultless(says: str, outcome: Outcome, more: str = "") -> Row:
    return Row(goal="P10", says=says, measured=f"{outcome}{more}", ratio=float(outcome.faults), at_most=0.0)


async def _sent(plan: Plan, name: str, cards: int, *, lost: float) -> Outcome:
    unwell = Unwell(lost)
    async with crowd(plan.folder / f"crowd-{name}", cards, FakeConnector(behaviour=unwell)) as room:
        await room.gets_its_cards()
        return _outcome(room, unwell)


def _outcome(room: Crowd, unwell: Unwell) -> Outcome:
    said: dict[str, list[str]] = defaultdict(list)
    for one in room.teams.sent:
        said[one.conversation].append(words(one.activity))
    return judged(
        people=[one.conversation for one in room.people],
        said=said,
        lost=unwell.lost,
        called_at=[call.at for call in room.teams.calls],
        breaches=len(room.teams.breaches),
        unknown=room.bot.delivery.counts.unknown,
    )


def judged(
    *,
    people: Collection[str],
    said: Mapping[str, Sequence[str]],
    lost: Collection[str],
    called_at: Sequence[float],
    breaches: int,
    unknown: int,
) -> Outcome:
    """``said``: what the cards in each conversation say, in order; ``lost``: where an answer was lost;
    ``called_at``: seconds; ``unknown``: lost answers that the bot counts."""
    return Outcome(
        cards=len(people),
        missing=sum(not said.get(one) for one in people),
        twice=sum(len(cards) > 1 and not _rightly(cards, one in lost) for one, cards in said.items()),
        repeated=sum(_rightly(cards, one in lost) for one, cards in said.items()),
        breaches=breaches,
        counted=unknown == len(lost),
        rate=(len(called_at) - 1) / (max(called_at) - min(called_at)),
    )


def _rightly(cards: Sequence[str], lost: bool) -> bool:
    """A second one, marked, since the first one's answer was lost."""
    return lost and [MARK in one for one in cards] == [False, True]
