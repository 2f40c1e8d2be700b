"""P12: how long a start takes, and how much memory the bot holds."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench import servers
from tests.bench.plan import Plan
from tests.bench.table import Row

_STARTS = 3
_MB = 1e6


def measure(plan: Plan) -> Iterator[Row]:
    """The program itself, as ``python app.py`` starts it for Teams, from the first instruction to ``/readyz``."""
    empty = [_started(plan.folder / f"empty-{n}", plan) for n in range(_STARTS)]
    yield _row("an empty start, in seconds", median(one[0] for one in empty), 1.5, "s")
    bare = median(one[1] for one in empty)
    yield _row("memory of an empty bot, in MB", bare / _MB, 110.0, "MB")
    if plan.quick:
        return
    some = _filled(plan, 10_000)
    grown = median(_started(some, plan)[1] for _ in range(_STARTS)) - bare
    yield _row("memory that 10 000 cases add, in MB", grown / _MB, 40.0, "MB")
    many = _filled(plan, 100_000)
    yield _row("a start with 100 000 cases, in seconds", _median_start(many, plan), 2.0, "s")
    yield _row("the same after kill -9, in seconds", _after_kill(many, plan), 2.0, "s")


def _row(says: str, measured: float, at_most: float, unit: str) -> Row:
    return Row(goal="P12", says=says, measured=f"{measured:.2f} {unit}", ratio=measured, at_most=at_most)


def _filled(plan: Plan, cases: int) -> Path:
    """A folder that some other goal has filled, or a new one."""
    data = plan.folder / f"filled-{cases}"
    if not data.exists():
        with servers.ours(cases, data, plan.wire):
            pass
    return data


def _median_start(data: Path, plan: Plan) -> float:
    return median(_started(data, plan)[0] for _ in range(_STARTS))


def _after_kill(data: Path, plan: Plan) -> float:
    took = []
    for _ in range(_STARTS):
        with servers.product(data, plan.wire) as killed:
            killed.process.kill()
            killed.process.wait()
        took.append(_started(data, plan)[0])
    return median(took)


def _started(data: Path, plan: Plan) -> tuple[float, float]:
    """Seconds until it is ready, and bytes that it then holds."""
    began = time.perf_counter()
    with servers.product(data, plan.wire) as program:
        took = time.perf_counter() - began
        time.sleep(0.5)
        resident = float(program.resident)
    if data.name.startswith("empty"):
        shutil.rmtree(data)
    return took, resident
