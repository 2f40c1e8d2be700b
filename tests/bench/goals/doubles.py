"""P11: both admins of a channel decide in the same millisecond, and Teams delivers each click three times."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from tests.bench import servers
from tests.bench.clicking import Door, click
from tests.bench.people import admins_of
from tests.bench.plan import Plan
from tests.bench.table import Row
from tests.bench.tested import tested

_CASES = 1_000
_QUICK_CASES = 20
_DELIVERIES = 3
_DECIDED = "Beslutat av"
_REFUSED = "Redan beslutat"
_TWO_PROCESSES = (
    "tests/scenario/test_two_instances.py"
    "::test_double_clicks_on_two_instances_are_one_decision_and_one_polite_refusal_each"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What the deliveries of one double click were answered: the same each time to either person, and to how many
    of the two that they had decided, to how many that another had."""

    consistent: bool
    decided: int
    refused: int

    @property
    def right(self) -> bool:
        return self.consistent and (self.decided, self.refused) == (1, 1)


def measure(plan: Plan) -> Iterator[Row]:
    cases = _QUICK_CASES if plan.quick else _CASES
    with servers.ours(cases, plan.folder / "doubles", plan.wire) as ours:
        people = 2 * _DELIVERIES
        doors = [Door(ours.port, plan.wire.token) for _ in range(people)]
        barrier = Barrier(people)
        with ThreadPoolExecutor(people) as threads:
            pairs = [_pair(number, doors, barrier, threads, plan) for number in range(1, cases + 1)]
        counted = ours.told("count")
    decided, refused = counted["events"].get("decided", 0), int(counted["refusals"]["already_decided"])
    yield row(pairs, decided, refused)
    two = "the same with two processes on one PostgreSQL, as a test: failures"
    if plan.quick:
        yield Row(goal="P11", says=two, measured="a minute of its own: not in the short form")
    else:
        yield tested("P11", two, _TWO_PROCESSES)


def row(pairs: Sequence[Pair], decided: int, refused: int) -> Row:
    """In the answers, and as often by the record's decisions and by the bot's own count of such refusals."""
    right = sum(one.right for one in pairs)
    wrong = (len(pairs) - right) + abs(decided - len(pairs)) + abs(refused - len(pairs))
    return Row(
        goal="P11",
        says="double clicks, each delivered 3 times, that came to anything but one decision and one refusal",
        measured=f"{decided} decisions on record, {refused} refusals counted, {right} of {len(pairs)} answered so",
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
    return judged(said[0::2], said[1::2])


def judged(one: Sequence[str], other: Sequence[str]) -> Pair:
    """What either of the two was answered, delivery by delivery; an empty text is no answer."""
    both = (one, other)
    return Pair(
        consistent=all(len(set(answers)) == 1 for answers in both),
        decided=sum(all(_DECIDED in text and _REFUSED not in text for text in answers) for answers in both),
        refused=sum(all(_REFUSED in text for text in answers) for answers in both),
    )
