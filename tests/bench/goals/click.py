"""P1 and P2: the click beside the obvious build's, and beside the bare invoke of two SDKs."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress

from tests.bench import servers
from tests.bench.clicking import Clicker, interleaved
from tests.bench.plan import Plan
from tests.bench.table import Row, milliseconds

_QUICKER = {1_000: 25.0, 10_000: 250.0}
"""Cases, and how many times quicker than the obvious build the click is to be."""

_OURS = 100
_OBVIOUS = {1_000: 20, 10_000: 5}
_BARE = {"stock_invoke": 30, "agents_invoke": 100}
"""Clicks a round: fewer where each takes long."""


def measure(plan: Plan) -> Iterator[Row]:
    """All programs are up at once and take turns."""
    sizes = (1_000,) if plan.quick else (1_000, 10_000)
    with ExitStack() as up:
        clickers = {**_bare(up)}
        times = dict(_BARE)
        for size in sizes:
            clickers |= _at(size, plan, up)
            times |= {f"ours {size}": _OURS, f"obvious {size}": _OBVIOUS[size]}
        interleaved(list(clickers.values()), rounds=plan.rounds, times=times)
        hurried = clickers["ours 1000"].hurried(_OURS)
    took = {name: one.p50 for name, one in clickers.items()}
    for size in _QUICKER:
        yield _against_obvious(size, took)
    yield _against("stock_invoke", "stock botbuilder's bare invoke", 9.0, took)
    yield _against("agents_invoke", "microsoft-agents' bare invoke", 1.0, took)
    yield Row(
        goal="P2",
        says="the click with no pause between clicks, the outbox at work on the same core",
        measured=f"{milliseconds(hurried)} against {milliseconds(took['ours 1000'])} with pauses",
        ratio=hurried / took["ours 1000"],
    )


def _bare(up: ExitStack) -> dict[str, Clicker]:
    stock = up.enter_context(servers.peer("stock_invoke"))
    clickers = [Clicker(name=stock.name, port=stock.port, expects="Klart")]
    with suppress(servers.Unavailable):
        agents = up.enter_context(servers.agents())
        clickers.append(Clicker(name=agents.name, port=agents.port, expects="Klart"))
    return {one.name: one for one in clickers}


def _at(size: int, plan: Plan, up: ExitStack) -> dict[str, Clicker]:
    """Both builds with so many open cases."""
    ours = up.enter_context(servers.ours(size, plan.folder / f"filled-{size}", plan.wire))
    obvious = up.enter_context(servers.obvious(size, plan.folder / f"obvious-{size}"))
    theirs = Clicker(name=f"obvious {size}", port=obvious.port, expects="Beslutat: keep")
    return {one.name: one for one in (plan.clicker(ours, name=f"ours {size}"), theirs)}


def _against_obvious(size: int, took: dict[str, float]) -> Row:
    goal = f"{_QUICKER[size]:.0f}x quicker than the obvious build, {size} cases"
    ours, theirs = took.get(f"ours {size}"), took.get(f"obvious {size}")
    return _row("P1", goal, _QUICKER[size], ours, theirs, "too slow for the short form")


def _against(name: str, whose: str, at_least: float, took: dict[str, float]) -> Row:
    goal = f"{at_least:.0f}x quicker than {whose}" if at_least > 1 else f"not slower than {whose}"
    return _row("P2", goal, at_least, took["ours 1000"], took.get(name), "it could not be installed")


def _row(goal: str, says: str, at_least: float, ours: float | None, theirs: float | None, why: str) -> Row:
    says = f"click, p50: {says}"
    if ours is None or theirs is None:
        return Row(goal=goal, says=says, measured=why)
    measured = f"{milliseconds(ours)} against {milliseconds(theirs)}"
    return Row(goal=goal, says=says, measured=measured, ratio=theirs / ours, at_least=at_least)
