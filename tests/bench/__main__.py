"""``make bench``: every goal beside what is measured here, in one run. With QUICK set, what fits in a minute.

Only the ratios count: each compares programs that ran side by side, round after round. What a click on ours
includes: the token check, the case found, the decision and its texts written and synced, the new card back; and
meanwhile the outbox writing down and sending the updates of the copies, as fast as Teams' quotas let it.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench import servers
from tests.bench.goals import click, flat, journal
from tests.bench.machine import machine
from tests.bench.plan import Plan
from tests.bench.table import Row, rendered

GOALS: tuple[Callable[[Plan], Iterator[Row]], ...] = (click.measure, flat.measure, journal.measure)


def main() -> None:
    quick = bool(os.environ.get("QUICK"))
    servers.BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=servers.BUILD) as folder, servers.wire() as wire:
        plan = Plan(folder=Path(folder), wire=wire, quick=quick)
        print(f"{machine(plan.folder)}; median of {plan.rounds} interleaved rounds")
        rows = [row for goal in GOALS for row in _told(goal(plan))]
    print(f"\n{rendered(rows)}\n\n{' '.join(_INCLUDED.split())}")


def _told(rows: Iterator[Row]) -> Iterator[Row]:
    """Each row is also told as soon as it is there: the whole takes minutes."""
    for row in rows:
        print(f"  {row.goal} {row.says}: {row.measured}", file=sys.stderr, flush=True)
        yield row


_INCLUDED = """
Included in a click on ours: loopback HTTP, token check (a token seen before, as most are), finding the case,
deciding, writing decision and texts with two syncs, the new card; and beside it the outbox at work, which
writes down and sends both admins' card updates to a connector on loopback, as fast as Teams' quotas let it.
The peers check no token; the bare ones store nothing; none of them sends updates.
"""


if __name__ == "__main__":
    main()
