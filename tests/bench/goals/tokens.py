"""P6 and P7: what the outside is asked for: tokens from Entra, and connections to the connector."""

import time
from collections.abc import Iterator
from statistics import median
from threading import Event, Thread

from tests.bench import servers
from tests.bench.clicking import Door, message
from tests.bench.people import ADMINS
from tests.bench.plan import Plan
from tests.bench.table import Row, milliseconds

_TURNS = 1_000
_PATIENCE = 30.0


def measure(plan: Plan) -> Iterator[Row]:
    """Each turn is a message answered by a card; everybody writes in turn, so that no quota holds anything up. Each
    decision in between owes updates, which the outbox sends while people go on writing."""
    decisions = plan.extent(whole=100, short=20)
    before = plan.wire.counted()
    with servers.ours(decisions, plan.folder / "tokens", plan.wire, entra=True) as ours:
        door, clicker = Door(ours.port, plan.wire.token), plan.clicker(ours)
        for number in range(_TURNS):
            _turn(door, number, plan)
            if number % (_TURNS // decisions) == 0:
                clicker.warm_up(1)
        after = _settled(plan, before.messages + _TURNS + decisions)
        yield _fetches(after.token_requests - before.token_requests, decisions)
        yield _connections(after.connections - before.connections, after.messages - before.messages)
        yield _stall(_stalls(ours, door, plan))


def _turn(door: Door, number: int, plan: Plan) -> None:
    status, _ = door.post(message("hjälp", ADMINS[number % len(ADMINS)], plan.wire.service_url))
    if status != 200:
        raise RuntimeError(f"a message was answered {status}")


def _settled(plan: Plan, messages: int) -> servers.Counted:
    """Once at least so many messages have come and no other follows for a second."""
    deadline, last = time.monotonic() + _PATIENCE, plan.wire.counted()
    while time.monotonic() < deadline:
        time.sleep(1)
        now = plan.wire.counted()
        if now == last and now.messages >= messages:
            return now
        last = now
    raise RuntimeError("the outbox does not come to rest")


def _stalls(ours: servers.Server, door: Door, plan: Plan) -> list[float]:
    """Seconds; the first is the start's own fetch, the others run while somebody's turns do."""
    over = Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            _turn(door, number, plan)
            number += 1

    writing = Thread(target=write)
    writing.start()
    for _ in range(plan.extent(whole=20, short=5)):
        ours.told("fetch")
    over.set()
    writing.join()
    stalls: list[float] = ours.told()["stalls"]
    return stalls


def _fetches(fetches: int, decisions: int) -> Row:
    return Row(
        goal="P6",
        says="token fetches from Entra in 1000 turns, the start's included",
        measured=f"{fetches} in {_TURNS} turns and {decisions} decisions",
        ratio=float(fetches),
        at_most=1.0,
    )


def _connections(opened: int, messages: int) -> Row:
    return Row(
        goal="P7",
        says="outgoing connections a message",
        measured=f"{opened} for {messages} answers and updates",
        ratio=opened / messages,
        at_most=0.01,
    )


def _stall(stalls: list[float]) -> Row:
    """The middle one of all fetches' longest: what else runs on the machine interrupts some of them."""
    usual = median(stalls)
    return Row(
        goal="P6",
        says="longest stall of the event loop while Entra takes 80 ms, in ms, beside turns",
        measured=f"{milliseconds(usual)}, median of {len(stalls)} fetches; the worst {milliseconds(max(stalls))}",
        ratio=usual * 1000,
        at_most=5.0,
    )
