"""P8: the processor time of a normal turn, a message in and an answer out, beside the same of two SDKs."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from statistics import median

from tests.bench import servers
from tests.bench.clicking import Door, message
from tests.bench.people import ADMINS
from tests.bench.plan import Plan
from tests.bench.table import Row, microseconds

_TURNS = {"ours": 300, "stock_message": 60, "agents_message": 300}
_SHORT_TURNS = {"ours": 100, "stock_message": 20, "agents_message": 100}
"""Turns a round."""


def measure(plan: Plan) -> Iterator[Row]:
    with ExitStack() as up:
        programs = {
            "ours": up.enter_context(servers.ours(0, plan.folder / "turns", plan.wire)),
            "stock_message": up.enter_context(servers.peer("stock_message")),
        }
        with suppress(servers.Unavailable):
            programs["agents_message"] = up.enter_context(servers.agents("agents_message"))
        doors = {
            name: Door(one.port, plan.wire.token if name == "ours" else "") for name, one in programs.items()
        }
        turns = _SHORT_TURNS if plan.quick else _TURNS
        rounds: dict[str, list[float]] = {name: [] for name in programs}
        for number in range(plan.rounds + 1):
            for name, program in programs.items():
                took = _round(program, doors[name], turns[name], plan.wire)
                rounds[name] += [took] if number else []  # the first warms up
    took_of = {name: median(one) for name, one in rounds.items()}
    yield _row("stock botbuilder's", 0.1, took_of["ours"], took_of["stock_message"])
    yield _row("microsoft-agents'", 0.75, took_of["ours"], took_of.get("agents_message"))


def _round(program: servers.Server, door: Door, turns: int, wire: servers.Wire) -> float:
    """Seconds of processor time a turn, each of which must have brought an answer to the connector."""
    before, messages = program.cpu, wire.counted().messages
    for number in range(turns):
        status, _ = door.post(message("hjälp", ADMINS[number % len(ADMINS)], wire.service_url))
        if status >= 300:
            raise RuntimeError(f"{program.name} answered {status}")
    took = program.cpu - before
    if (brought := wire.counted().messages - messages) < turns:
        raise RuntimeError(f"{program.name} sent {brought} answers in {turns} turns")
    return took / turns


def _row(whose: str, at_most: float, ours: float, theirs: float | None) -> Row:
    says = f"processor time of a normal turn against {whose}"
    if theirs is None:
        return Row(goal="P8", says=says, measured="it could not be installed")
    measured = f"{microseconds(ours)} against {microseconds(theirs)}"
    return Row(goal="P8", says=says, measured=measured, ratio=ours / theirs, at_most=at_most)
