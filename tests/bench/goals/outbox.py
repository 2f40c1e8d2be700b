"""P10: many cards to many people while the connector refuses a third of the calls, and loses some answers."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bot.teams.pacing import PER_TENANT
from tests.bench.plan import Plan
from tests.bench.table import Row
from tests.fakes.connector import Answer, AnswerLost, Call, Fault
from tests.scenario.delivery_room import MARK, Room, delivery_room

_CARDS = 1_000
_QUICK_CARDS = 60
_REFUSED = 0.3
_LOST = 0.01


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
    """``twice``: cards that came twice although no answer was lost, or without the mark that the second bears."""

    missing: int
    twice: int
    repeated: int
    breaches: int
    counted: bool
    rate: float


def measure(plan: Plan) -> Iterator[Row]:
    """In real time, through the bot's own outbox loop, at Teams' quotas."""
    cards = _QUICK_CARDS if plan.quick else _CARDS
    says = "calls, at the rate that the quotas allow, with 30% refused"
    if plan.quick:
        yield Row(goal="P10", says=says, measured="half a minute of sending: not in the short form")
    else:
        yield _at_the_rate(asyncio.run(_sent(cards, lost=0.0)), cards, says)
    lossy = asyncio.run(_sent(cards, lost=0.1 if plan.quick else _LOST))
    yield Row(
        goal="P10",
        says="cards lost, or twice but for lost answers, unmarked or uncounted",
        measured=f"{_faults(lossy, cards)}; {lossy.repeated} marked repeats",
        ratio=float(lossy.missing + lossy.twice + lossy.breaches + (not lossy.counted)),
        at_most=0.0,
    )


def _at_the_rate(calm: Outcome, cards: int, says: str) -> Row:
    return Row(
        goal="P10",
        says=says,
        measured=f"{calm.rate:.1f} of {PER_TENANT} a second; {_faults(calm, cards)}",
        ratio=calm.rate / PER_TENANT if _sound(calm) else 0.0,
        at_least=0.9,
    )


def _sound(outcome: Outcome) -> bool:
    return not (outcome.missing or outcome.twice or outcome.breaches)


def _faults(outcome: Outcome, cards: int) -> str:
    delivered = cards - outcome.missing
    return f"{delivered} of {cards} delivered, {outcome.twice} twice, {outcome.breaches} quota breaches"


async def _sent(cards: int, *, lost: float) -> Outcome:
    unwell = Unwell(lost)
    async with delivery_room() as room:
        room.teams.behaviour = unwell
        for number in range(cards):
            room.owe(number, await room.knows(f"p{number}"))
        await room.settled(within=600)
        return _outcome(room, unwell, cards)


def _outcome(room: Room, unwell: Unwell, cards: int) -> Outcome:
    calls = [call.at for call in room.teams.calls]
    arrived = Counter(one.conversation for one in room.teams.sent)
    twice = [one for one, times in arrived.items() if times > 1 and not _is_marked(room, one, unwell)]
    return Outcome(
        missing=cards - len(arrived),
        twice=len(twice),
        repeated=sum(times - 1 for times in arrived.values()),
        breaches=len(room.teams.breaches),
        counted=room.delivery.counts.unknown == len(unwell.lost),
        rate=(len(calls) - 1) / (max(calls) - min(calls)),
    )


def _is_marked(room: Room, conversation: str, unwell: Unwell) -> bool:
    said = room.said_in(conversation)
    return conversation in unwell.lost and len(said) == 2 and said[1].endswith(MARK)
