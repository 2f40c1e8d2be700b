"""P5: a writer that is killed again and again, and disks that are full; what ``make faults`` does, or a part of it."""

import asyncio
import traceback
from collections.abc import Iterator

from tests.bench.plan import Plan
from tests.bench.table import Row
from tests.bench.tested import tested
from tests.faults.test_kills import kill_and_check

_KILLS = 200
_FULL_DISKS = ("tests/faults/test_full_disks.py", "tests/faults/test_full_disk_clicks.py")


def measure(plan: Plan) -> Iterator[Row]:
    says = f"acknowledged commits lost, or unreadable starts, in {_KILLS} kills (-9) of a writer"
    disks = "tests on five full disks, and of clicks on one, that fail"
    if plan.quick:
        for one in (says, disks):
            yield Row(goal="P5", says=one, measured="minutes: not in the short form")
        return
    yield _killed(plan, says)
    yield tested("P5", disks, *_FULL_DISKS)


def _killed(plan: Plan, says: str) -> Row:
    try:
        kept = asyncio.run(kill_and_check(plan.folder / "kills", _KILLS))
    except AssertionError as error:  # at the first that is lost, or at a start that is none
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Row(goal="P5", says=says, measured=f"lost: {error or where.line}", ratio=1.0, at_most=0.0)
    measured = f"0 of {kept} acknowledged, 0 of {_KILLS} starts"
    return Row(goal="P5", says=says, measured=measured, ratio=0.0, at_most=0.0)
