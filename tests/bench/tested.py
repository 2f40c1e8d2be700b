"""Goals that tests hold: these are run in their whole form, in a process of their own, and their verdict is taken over."""

import os
import re
import subprocess
import sys

from tests.bench.servers import ROOT
from tests.bench.table import Row

_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped)")


def tested(goal: str, says: str, *tests: str) -> Row:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *tests],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "FAULTS": "whole"},
    )
    return judged(goal, says, done.stdout)


def judged(goal: str, says: str, output: str) -> Row:
    """The row that pytest's last line amounts to; tests that were left out hold nothing."""
    summary = output.strip().rpartition("\n")[2].strip("= ")
    counts = {outcome.rstrip("s"): int(number) for number, outcome in _COUNT.findall(summary)}
    failed = counts.get("failed", 0) + counts.get("error", 0)
    if not failed and (counts.get("skipped") or not counts.get("passed")):
        return Row(goal=goal, says=says, measured=summary or "the tests said nothing")
    return Row(goal=goal, says=says, measured=summary, ratio=float(failed), at_most=0.0)
