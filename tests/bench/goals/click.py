"""P1 and P2: the click beside the obvious build's, and beside the bare invoke of two SDKs. A floor is shown with them:
what the web server, one sync and a card of that size take by themselves."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace

from tests.bench import servers
from tests.bench.clicking import Clicker, interleaved
from tests.bench.plan import Plan
from tests.bench.table import Row, milliseconds

_QUICKER = {1_000: 25.0, 10_000: 250.0}
"""Cases, and how many times quicker than the obvious build the click is to be."""

_TIMES = {
    "stock_invoke": 30,
    "agents_invoke": 100,
    "floor": 100,
    "ours 1000": 100,
    "obvious 1000": 20,
    "ours 10000": 100,
    "obvious 10000": 5,
}
_HURRIED = {"stock_invoke": 10, "agents_invoke": 40, "ours 1000": 40, "obvious 1000": 5}
"""Clicks a round: fewer where each takes long, and half of them in the short form."""
_UNTOUCHED = 700
"""The first case of 1 000 that nobody has decided when the hurried clicks begin."""


def measure(plan: Plan) -> Iterator[Row]:
    """All programs are up at once and take turns."""
    sizes = (1_000,) if plan.quick else (1_000, 10_000)
    with ExitStack() as up:
        clickers = _bare(plan, up)
        for size in sizes:
            clickers |= _at(size, plan, up)
        _in_turn(clickers, _TIMES, plan)
        hurried = {name: _hurried(one) for name, one in clickers.items() if name in _HURRIED}
        _in_turn(hurried, _HURRIED, plan)
    took = {name: one.p50 for name, one in clickers.items()}
    for size in _QUICKER:
        yield _against_obvious(size, took)
    yield _against("stock_invoke", "stock botbuilder's bare invoke", 9.0, took)
    yield _against("agents_invoke", "microsoft-agents' bare invoke", 1.0, took)
    yield _above_the_floor(took)
    yield from _shown_apart({name: one.p50 for name, one in hurried.items()})


def _above_the_floor(took: dict[str, float]) -> Row:
    ours, floor = took["ours 1000"], took["floor"]
    return Row(
        goal="P2",
        says="click, p50: times what aiohttp, one sync and a card as large take by themselves",
        measured=f"{milliseconds(ours)} against {milliseconds(floor)}",
        ratio=ours / floor,
    )


def _hurried(one: Clicker) -> Clicker:
    """The same without any pause between two clicks, over a connection of its own."""
    return replace(one, first=_UNTOUCHED, pause=0.0, rounds=[])


def _shown_apart(took: dict[str, float]) -> Iterator[Row]:
    """Here the outbox's sending of the other copies falls into the clicks."""
    ours = took.pop("ours 1000")
    for name, theirs in took.items():
        yield Row(
            goal=_GOALS_OF[name],
            says=f"click, p50, with no pause between two clicks: times quicker than {name.replace('_', ' ')}",
            measured=f"{milliseconds(ours)} against {milliseconds(theirs)}",
            ratio=theirs / ours,
        )


_GOALS_OF = {"obvious 1000": "P1", "stock_invoke": "P2", "agents_invoke": "P2"}


def _in_turn(clickers: Mapping[str, Clicker], times: Mapping[str, int], plan: Plan) -> None:
    some = {name: plan.extent(whole=one, short=one // 2) for name, one in times.items()}
    interleaved(list(clickers.values()), rounds=plan.rounds, times=some)


def _bare(plan: Plan, up: ExitStack) -> dict[str, Clicker]:
    bare = [servers.peer("stock_invoke"), servers.floor(plan.folder / "floor")]
    up_now = [up.enter_context(one) for one in bare]
    clickers = [Clicker(name=one.name, port=one.port, expects="Klart") for one in up_now]
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
