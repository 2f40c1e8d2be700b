"""The event loop is blocked for real, and the watch tells how long."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from bot.stalls import LONG, LoopWatch, WatchedLoop

NAME = "riktlinjebot_loop_stall_seconds"


def watched(work: Callable[[LoopWatch], Coroutine[Any, Any, None]]) -> CollectorRegistry:
    """What was measured while ``work`` ran in a loop of its own."""
    registry = CollectorRegistry()

    async def main() -> None:
        watch = LoopWatch(registry)
        watch.start()
        await work(watch)
        watch.stop()

    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(main())
    return registry


def over(registry: CollectorRegistry, seconds: float) -> float:
    """How many turns of the loop took longer."""
    within = registry.get_sample_value(f"{NAME}_bucket", {"le": str(seconds)})
    return (registry.get_sample_value(f"{NAME}_count") or 0) - (within or 0)


def test_each_time_the_loop_is_blocked_is_measured_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def blocks(_: LoopWatch) -> None:
        for seconds in (0.06, 0.15):
            await asyncio.sleep(0.001)
            time.sleep(seconds)  # noqa: ASYNC251  this is what must not be done
        await asyncio.sleep(0.001)

    caplog.set_level("INFO")
    registry = watched(blocks)
    assert over(registry, LONG) >= 2
    longest = registry.get_sample_value("riktlinjebot_loop_longest_stall_seconds")
    assert longest is not None
    assert longest >= 0.15
    told = [one for one in caplog.records if one.getMessage() == "The event loop was held up"]
    assert len(told) == over(registry, LONG)
    assert max(vars(one)["milliseconds"] for one in told) == round(longest * 1000)


def test_many_short_callbacks_that_nobody_gets_between_are_one_stall() -> None:
    async def crowd(_: LoopWatch) -> None:
        await asyncio.gather(*(briefly() for _ in range(20)))

    async def briefly() -> None:
        time.sleep(0.004)  # noqa: ASYNC251

    assert over(watched(crowd), LONG) >= 1


def test_waiting_is_no_stall() -> None:
    async def waits(_: LoopWatch) -> None:
        await asyncio.sleep(0.3)

    registry = watched(waits)
    assert (registry.get_sample_value("riktlinjebot_loop_longest_stall_seconds") or 0) < 0.3


def test_a_watch_that_is_stopped_measures_nothing() -> None:
    async def blocks(watch: LoopWatch) -> None:
        watch.stop()
        time.sleep(0.3)  # noqa: ASYNC251
        await asyncio.sleep(0)
        watch.start()

    assert over(watched(blocks), 0.25) == 0


def test_watching_costs_an_idle_bot_nothing_and_a_turn_of_the_loop_little() -> None:
    """Half a percent of a core is the goal for both."""

    async def idle(_: LoopWatch) -> None:
        began = time.process_time()
        await asyncio.sleep(1)
        assert time.process_time() - began < 0.005

    watched(idle)
    turns = 20_000

    async def busy() -> float:
        began = time.process_time()
        for _ in range(turns):
            await asyncio.sleep(0)
        return (time.process_time() - began) / turns

    with asyncio.Runner(loop_factory=WatchedLoop) as with_watch, asyncio.Runner() as without:
        rounds = [with_watch.run(busy()) - without.run(busy()) for _ in range(5)]
    assert sorted(rounds)[2] < 5e-6
