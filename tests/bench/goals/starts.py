"""P12: how long a start takes, and how much memory the bot holds."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

from tests.bench import servers
from tests.bench.plan import Plan
from tests.bench.table import Row

_STARTS = 3
_MB = 1e6
_SETTLES = 0.5
"""Seconds after it is ready."""
_DECIDED = 300
"""Clicks since the last orderly end when the bot is killed in the midst of them."""
_UNTOUCHED = 2_000
"""The first case that no other goal has decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Seconds until it was ready, and the bytes that it then held."""

    seconds: float
    resident: int


def measure(plan: Plan) -> Iterator[Row]:
    """The program itself, as ``python app.py`` starts it for Teams."""
    empty = _starts(plan, lambda number: plan.folder / f"empty-{number}")
    bare = median(one.resident for one in empty)
    yield _row("an empty start, in seconds", _seconds(empty), 1.5, "s")
    yield _row("memory of an empty bot, in MB", bare / _MB, 110.0, "MB")
    if plan.quick:
        why = "they take minutes to bring in: not in the short form"
        yield Row(goal="P12", says="memory that 10 000 cases add, starts with 100 000", measured=why)
        return
    some, many = _filled(plan, 10_000), _filled(plan, 100_000)
    grown = median(one.resident for one in _starts(plan, lambda _: some)) - bare
    yield _row("memory that 10 000 cases add, in MB", grown / _MB, 40.0, "MB")
    orderly = _starts(plan, lambda _: many)
    yield _row("a start with 100 000 cases, in seconds", _seconds(orderly), 2.0, "s")
    held = median(one.resident for one in orderly) / _MB
    yield _row("memory of a bot with 100 000 cases, in MB", held, None, "MB")
    killed = _seconds(_starts(plan, _killed(many, plan)))
    yield _row(f"the same after kill -9 in {_DECIDED} decisions, in seconds", killed, 2.0, "s")


def _row(says: str, measured: float, at_most: float | None, unit: str) -> Row:
    return Row(goal="P12", says=says, measured=f"{measured:.2f} {unit}", ratio=measured, at_most=at_most)


def _seconds(starts: list[Started]) -> float:
    return median(one.seconds for one in starts)


def _filled(plan: Plan, cases: int) -> Path:
    """A folder that another goal has filled, or a new one; ended in order."""
    data = plan.folder / f"filled-{cases}"
    with servers.ours(cases, data, plan.wire):
        pass
    return data


def _killed(data: Path, plan: Plan) -> Callable[[int], Path]:
    """Each time it is killed while people decide and the outbox sends, and so before any other checkpoint."""
    cases = count(_UNTOUCHED, _DECIDED)

    def killed(_: int) -> Path:
        with servers.ours(0, data, plan.wire) as ours:
            plan.clicker(ours, first=next(cases)).warm_up(_DECIDED)
            ours.process.kill()
            ours.process.wait()
        return data

    return killed


def _starts(plan: Plan, data: Callable[[int], Path]) -> list[Started]:
    return [_started(data(number), plan) for number in range(_STARTS)]


def _started(data: Path, plan: Plan) -> Started:
    began = time.perf_counter()
    with servers.product(data, plan.wire) as program:
        seconds = time.perf_counter() - began
        time.sleep(_SETTLES)
        return Started(seconds=seconds, resident=program.resident)
