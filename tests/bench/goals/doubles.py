"""P11: both admins of a channel decide in the same millisecond, and Teams delivers each click three times."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from tests.bench import servers
from tests.bench.clicking import Door, click
from tests.bench.people import admins_of
from tests.bench.plan import Plan
from tests.bench.table import Row

_CASES = 1_000
_QUICK_CASES = 20
_DELIVERIES = 3
_REFUSED = "Redan beslutat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What the six deliveries of one double click were answered."""

    winners: int
    refused: int
    consistent: bool


def measure(plan: Plan) -> Iterator[Row]:
    cases = _QUICK_CASES if plan.quick else _CASES
    with servers.ours(cases, plan.folder / "doubles", plan.wire) as ours:
        people = 2 * _DELIVERIES
        doors = [Door(ours.port, plan.wire.token) for _ in range(people)]
        barrier = Barrier(people)
        with ThreadPoolExecutor(people) as threads:
            pairs = [_pair(number, doors, barrier, threads, plan) for number in range(1, cases + 1)]
        decided = json.loads(servers.asked(ours.port, "/bench?count=1"))["decided"]
    refused = sum(one.refused == 1 and one.winners == 1 and one.consistent for one in pairs)
    wrong = abs(decided - cases) + (cases - refused)
    yield Row(
        goal="P11",
        says="double clicks, each delivered 3 times, that came to anything but one decision and one refusal",
        measured=f"{decided} decisions and {refused} polite refusals for {cases} double clicks",
        ratio=float(wrong),
        at_most=0.0,
    )


def _pair(number: int, doors: list[Door], barrier: Barrier, threads: ThreadPoolExecutor, plan: Plan) -> Pair:
    bodies = [click(number, plan.wire.service_url, admin) for admin in admins_of(number)] * _DELIVERIES

    def deliver(door: Door, body: bytes) -> tuple[int, bytes]:
        barrier.wait()
        return door.post(body)

    answers = list(threads.map(deliver, doors, bodies))
    said = [text.decode() if status == 200 else "" for status, text in answers]
    first, second = said[0::2], said[1::2]
    refusals = [all(_REFUSED in text for text in of_one) for of_one in (first, second)]
    decisions = [all(text and _REFUSED not in text for text in of_one) for of_one in (first, second)]
    return Pair(
        winners=sum(decisions),
        refused=sum(refusals),
        consistent=len(set(first)) == 1 and len(set(second)) == 1,
    )
