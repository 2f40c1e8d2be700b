"""P3: a click costs the same however many cases there are."""

from collections.abc import Iterator
from contextlib import ExitStack

from tests.bench import servers
from tests.bench.clicking import WARM_UP
from tests.bench.plan import Plan
from tests.bench.table import Row, milliseconds, p50

_FEW = 100
_SAYS = "click, p50: 100 000 cases against 100"


def measure(plan: Plan) -> Iterator[Row]:
    """Of 100 cases each is decided once, so every round has a bot of its own with few; the one with many stays."""
    if plan.quick:
        yield Row(
            goal="P3", says=_SAYS, measured="100 000 cases take minutes to bring in: not in the short form"
        )
        return
    with ExitStack() as up:
        starts = [servers.ours(_FEW, plan.folder / f"few-{n}", plan.wire) for n in range(plan.rounds)]
        few = [plan.clicker(up.enter_context(one)) for one in starts]
        many = plan.clicker(up.enter_context(servers.ours(100_000, plan.folder / "filled-100000", plan.wire)))
        for one in (*few, many):
            one.warm_up()
        for one in few:
            one.round(_FEW - WARM_UP)
            many.round(_FEW - WARM_UP)
    ours, base = many.p50, p50([one.rounds[0] for one in few])
    measured = f"{milliseconds(ours)} against {milliseconds(base)}"
    yield Row(goal="P3", says=_SAYS, measured=measured, ratio=ours / base, at_most=1.15)
