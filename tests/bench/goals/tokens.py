"""P6 and P7: what the outside is asked for: tokens from Entra, and connections to the connector."""

from collections.abc import Iterator

from tests.bench import servers
from tests.bench.clicking import Door, message
from tests.bench.people import ADMINS
from tests.bench.plan import Plan
from tests.bench.table import Row, milliseconds

_TURNS = 1_000
_QUICK_TURNS = 200
_SHORT = 301
"""Seconds that a token lasts while stalls are looked for: from the last 300 on a new one is fetched, so after one."""


def measure(plan: Plan) -> Iterator[Row]:
    """Each turn is a message answered by a card; everybody writes in turn, so that no quota holds anything up."""
    turns = _QUICK_TURNS if plan.quick else _TURNS
    with servers.ours(0, plan.folder / "tokens", plan.wire, entra=True) as ours:
        door = Door(ours.port, plan.wire.token)
        before = plan.wire.counted()
        _turns(door, turns, plan)
        after = plan.wire.counted()
        yield _fetches(1 + after.token_requests - before.token_requests, turns)
        yield _connections(after.connections - before.connections, after.messages - before.messages)
    plan.wire.tokens_last(_SHORT)
    with servers.ours(0, plan.folder / "short", plan.wire, entra=True) as ours:
        door, before = Door(ours.port, plan.wire.token), plan.wire.counted()
        ours.told()
        _turns(door, turns, plan)
        yield _stall(ours.told()["stall"], plan.wire.counted().token_requests - before.token_requests)


def _turns(door: Door, turns: int, plan: Plan) -> None:
    for number in range(turns):
        status, _ = door.post(message("hjälp", ADMINS[number % len(ADMINS)], plan.wire.service_url))
        if status != 200:
            raise RuntimeError(f"a message was answered {status}")


def _fetches(fetches: int, turns: int) -> Row:
    return Row(
        goal="P6",
        says="token fetches from Entra in 1000 turns",
        measured=f"{fetches} in {turns} turns",
        ratio=float(fetches),
        at_most=1.0,
    )


def _connections(opened: int, messages: int) -> Row:
    return Row(
        goal="P7",
        says="outgoing connections a message",
        measured=f"{opened} for {messages} messages",
        ratio=opened / messages,
        at_most=0.01,
    )


def _stall(seconds: float, fetches: int) -> Row:
    told = milliseconds(seconds) if seconds else "none over 5 ms"
    return Row(
        goal="P6",
        says="longest stall of the event loop while Entra takes 80 ms, in ms",
        measured=f"{told} in turns with {fetches} fetches",
        ratio=seconds * 1000,
        at_most=5.0,
    )
