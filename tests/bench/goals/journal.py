"""P4: what durability costs: the journal's append beside a bare one of the same bytes, and syncs a decision."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter

from storage.journal import Journal
from storage.lines import encode, instant
from tests.bench import servers
from tests.bench.clicking import together
from tests.bench.people import ADMINS
from tests.bench.plan import Plan
from tests.bench.table import Row, microseconds, p50

_APPENDS = 200
_DECIDERS = 16

Append = Callable[[], object]


def measure(plan: Plan) -> Iterator[Row]:
    yield from _appends(plan)
    yield _syncs(plan)


class _Chain:
    """The journal as a commit of one event uses it: line and hash made, written, synced, taken note of."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def append(self) -> None:
        line, digest = self.line()
        self._journal.file.append(line)
        self._journal.landed([line], digest)

    def line(self) -> tuple[bytes, str]:
        head = self._journal.head
        return encode({**_BODY, "seq": head.seq + 1, "prev": head.hash})


_BODY = {
    "stream": "SM-2026-0001",
    "version": 2,
    "at": instant(datetime(2026, 11, 24, 8, 0, tzinfo=UTC)),
    "actor": ADMINS[0].object_id,
    "kind": "decided",
    "data": {"number": 1, "kind": "keep", "by_name": "Administratör 1", "texts_ref": "0" * 64},
    "keys": [f"activity:{'0' * 64}", f"command:{ADMINS[0].object_id}:SM-2026-0001:decide.keep:1"],
    "owes": [
        {"id": f"refresh/SM-2026-0001/2/{to}", "to": to, "kind": "refresh", "subject": "SM-2026-0001"}
        for to in (f"person:{one.object_id}" for one in ADMINS[:2])
    ],
    "left": 0,
}
"""A decision's event as the bot stores it."""


def _appends(plan: Plan) -> Iterator[Row]:
    with closing(Journal(plan.folder / "journal.jsonl")) as journal:
        chain = _Chain(journal)
        took = _timed(plan.rounds, chain, plan.folder / "bare.jsonl")
    bare, ours, handed = (p50([one[kind] for one in took]) for kind in range(3))
    beside = f"against {microseconds(bare)}"
    yield Row(
        goal="P4",
        says="the journal's append against a bare append + fdatasync",
        measured=f"{microseconds(ours)} {beside}",
        ratio=ours / bare,
        at_most=1.3,
    )
    yield Row(
        goal="P4",
        says="the same in a thread that is waited for, as a commit is written",
        measured=f"{microseconds(handed)} {beside}",
        ratio=handed / bare,
    )


def _timed(rounds: int, chain: _Chain, path: Path) -> list[Sequence[list[float]]]:
    """Each round's bare, chained and handed-over appends, one of each in turn: the disk has moods too."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    line = chain.line()[0]

    def bare() -> None:
        os.write(fd, line)
        os.fdatasync(fd)

    try:
        with ThreadPoolExecutor(1) as thread:
            return [_round((bare, chain.append, _handed_over(chain.append, thread))) for _ in range(rounds)]
    finally:
        os.close(fd)


def _handed_over(append: Append, thread: ThreadPoolExecutor) -> Append:
    return lambda: thread.submit(append).result()


def _round(appends: Sequence[Append]) -> Sequence[list[float]]:
    took = [list[float]() for _ in appends]
    for _ in range(_APPENDS):
        for append, times in zip(appends, took, strict=True):
            began = perf_counter()
            append()
            times.append(perf_counter() - began)
    return took


def _syncs(plan: Plan) -> Row:
    """The store counts the syncs of its appends, the decisions' texts included; the median of the rounds."""
    times = plan.extent(whole=20, short=10)
    clicks, each = _DECIDERS * times, times * plan.rounds
    with servers.ours(clicks * plan.rounds, plan.folder / "deciders", plan.wire) as ours:
        deciders = [plan.clicker(ours, first=1 + each * n) for n in range(_DECIDERS)]
        counts = [ours.told()["syncs"]]
        for _ in range(plan.rounds):
            together(deciders, times)
            counts.append(ours.told()["syncs"])
    syncs = median(after - before for before, after in pairwise(counts))
    return Row(
        goal="P4",
        says=f"syncs a decision with {_DECIDERS} deciding at once over HTTP",
        measured=f"{syncs:.0f} for {clicks} decisions",
        ratio=syncs / clicks,
        at_most=0.15,
    )
