"""P5: a writer that is killed again and again, and disks that are full."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator

from tests.bench.plan import Plan
from tests.bench.servers import ROOT
from tests.bench.table import Row
from tests.faults.test_kills import kill_and_check

_KILLS = 200
_FULL_DISKS = ("tests/faults/test_full_disks.py", "tests/faults/test_full_disk_clicks.py")


def measure(plan: Plan) -> Iterator[Row]:
    says = "acknowledged decisions lost and unreadable starts in 200 kills (-9)"
    if plan.quick:
        yield Row(goal="P5", says=says, measured="minutes: not in the short form")
        return
    killed = asyncio.run(kill_and_check(plan.folder / "kills", _KILLS))
    yield Row(
        goal="P5",
        says=says,
        measured=f"0 of {killed} acknowledged commits lost, every start read",
        ratio=0.0,
        at_most=0.0,
    )
    yield _full_disks()


def _full_disks() -> Row:
    """The tests themselves; whatever they find lost, they fail."""
    tests = [sys.executable, "-m", "pytest", "-q", *_FULL_DISKS]
    done = subprocess.run(tests, cwd=ROOT, check=False, capture_output=True, text=True)
    return Row(
        goal="P5",
        says="tests on full disks that failed",
        measured=done.stdout.strip().splitlines()[-1] if done.stdout.strip() else "no answer",
        ratio=float(done.returncode != 0),
        at_most=0.0,
    )
