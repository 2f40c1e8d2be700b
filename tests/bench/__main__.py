"""``make bench``: every goal beside what is measured here, in one run. With QUICK set, what fits in a minute.

Only the ratios count: each compares programs that ran side by side, round after round. ``--markdown FILE`` writes the
table as it stands in the README; ONLY names goals' modules, for those who work on one.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import servers
from tests.bench.goals import (
    answers,
    callers,
    click,
    doubles,
    flat,
    journal,
    kills,
    outbox,
    starts,
    tokens,
    turns,
)
from tests.bench.machine import machine
from tests.bench.plan import Plan
from tests.bench.table import Row, as_markdown, rendered

ONLY = os.environ.get("ONLY", "").split()
"""Names of goals' modules, for those who work on one."""

GOALS: tuple[Callable[[Plan], Iterator[Row]], ...] = (
    click.measure,
    flat.measure,
    journal.measure,
    kills.measure,
    tokens.measure,
    turns.measure,
    callers.measure,
    outbox.measure,
    doubles.measure,
    starts.measure,
    answers.measure,
)


def main() -> None:
    quick = bool(os.environ.get("QUICK"))
    servers.BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=servers.BUILD) as folder, servers.wire() as wire:
        plan = Plan(folder=Path(folder), wire=wire, quick=quick)
        print(f"{machine(plan.folder)}; median of {plan.rounds} interleaved rounds")
        rows = [row for goal in _wanted() for row in _told(goal(plan))]
        where = f"{machine(plan.folder)}; median of {plan.rounds} interleaved rounds"
    included = " ".join(_INCLUDED.split())
    print(f"\n{rendered(rows)}\n\n{included}")
    if "--markdown" in sys.argv:
        Path(sys.argv[-1]).write_text(f"{as_markdown(rows)}\n\n{where}. {included}\n", encoding="utf-8")


def _wanted() -> Iterator[Callable[[Plan], Iterator[Row]]]:
    return (goal for goal in GOALS if not ONLY or goal.__module__.rpartition(".")[2] in ONLY)


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    """Each row is also told as soon as it is there: the whole takes minutes."""
    for row in rows:
        print(f"  {row.goal} {row.says}: {row.measured}", file=sys.stderr, flush=True)
        yield row


_INCLUDED = """
Included in a click on ours: loopback HTTP, token check (a token seen before, as most are), finding the case,
deciding, writing and syncing the decision, its log line, the new card back. Between two clicks, ours or a peer's, 6 ms
pass, in which our outbox sends the updates of the other copies. The peers check no token; the bare ones store nothing;
none of them sends updates.
"""


if __name__ == "__main__":
    main()
