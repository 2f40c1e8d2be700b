"""``make bench``: every goal beside what is measured here, in one run. With QUICK set, what fits in a minute.

Only the ratios count: each compares programs that ran side by side, round after round. ``--markdown FILE`` also writes
the table as it stands in the README; ``--only click,flat`` measures those goals' modules alone, for who works on one.
"""

import argparse
import logging
import os
import sys
import tempfile
import time
import traceback
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

Goal = Callable[[Plan], Iterator[Row]]
GOALS: dict[str, Goal] = {
    "click": click.measure,
    "flat": flat.measure,
    "journal": journal.measure,
    "kills": kills.measure,
    "tokens": tokens.measure,
    "turns": turns.measure,
    "callers": callers.measure,
    "outbox": outbox.measure,
    "doubles": doubles.measure,
    "starts": starts.measure,
    "answers": answers.measure,
}


def main() -> int:
    given = _arguments()
    logging.basicConfig(handlers=[logging.NullHandler()])  # what the bot logs in this process is not measured
    servers.BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=servers.BUILD) as folder, servers.wire() as wire:
        plan = Plan(folder=Path(folder), wire=wire, quick=bool(os.environ.get("QUICK")))
        where = f"{machine(plan.folder)}; median of {plan.rounds} interleaved rounds"
        print(where, flush=True)
        rows = [row for name in given.only for row in _told(name, plan)]
    included = " ".join(_INCLUDED.split())
    print(f"\n{rendered(rows)}\n\n{included}")
    if given.markdown:
        given.markdown.write_text(f"{as_markdown(rows)}\n\n{where}. {included}\n", encoding="utf-8")
    return int(any(row.broke for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    parser.add_argument("--only", type=_names, default=tuple(GOALS), metavar="NAME,NAME")
    return parser.parse_args()


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - GOALS.keys():
        raise argparse.ArgumentTypeError(f"no goal's module: {', '.join(sorted(unknown))}")
    return names


def _told(name: str, plan: Plan) -> Iterator[Row]:
    """Each row is also told as soon as it is there: the whole takes minutes."""
    began = time.monotonic()
    for row in _rows(name, plan):
        told = f"  {row.goal} {row.says}: {row.measured}"
        print(f"{told} ({time.monotonic() - began:.0f} s)", file=sys.stderr, flush=True)
        yield row


def _rows(name: str, plan: Plan) -> Iterator[Row]:
    """One goal that cannot be measured must not take the others' figures along."""
    try:
        yield from GOALS[name](plan)
    except Exception as error:
        traceback.print_exc()
        yield Row(goal="-", says=f"tests/bench/goals/{name}.py", measured=repr(error), broke=True)


_INCLUDED = """
The figure under "ratio" is the measured number itself where a goal is absolute; the verdict is by the unrounded one.
Included in a click on ours: loopback HTTP, token check (a token seen before, as most are), finding the case,
deciding, writing and syncing the decision, its log line, the new card back. Between two clicks, ours or a peer's, 6 ms
pass, in which our outbox sends the updates of the other copies, which belong to no click; the rows "with no pause" are
the same clicks back to back. The peers check no token; the bare ones store nothing; none of them sends updates.
Tokens are fetched from an Entra on loopback that takes 80 ms, over TLS; stalls are told by a ticker of 1 ms in the bot's
loop, nothing subtracted. Processor time is that of the whole process: of ours with the token check and a card for an
answer, of the peers' without and with a text. A token checked again: in one process, stock's `ChannelValidation` with its
keys fetched. Outbox and double clicks: the bot with its real store, in real time. A start: `python app.py` for Teams from
its being spawned to 200 at /readyz, the file cache warm and its modules compiled; MB are millions of bytes, half a second later. A policy answer:
in process, with connections forbidden; the hundred pages are words of the shipped guideline in another order.
"""


if __name__ == "__main__":
    sys.exit(main())
