"""Everything at once for a while: questions, flags, decisions, lists. Nothing leaks, and nobody waits for the loop."""

import asyncio
import os
import random
import time
from pathlib import Path

import pytest

from storage.reading import verify
from tests.faults.extent import WHOLE
from tests.faults.soaking import Look, figure, growth, look
from tests.scenario.served import Served, served, surroundings
from tests.scenario.world import a_flag

MINUTES = float(os.environ.get("SOAK_MINUTES", "10")) if WHOLE else 0.2
EVERY = 2.0 if WHOLE else 0.5
LONGEST_STALL = 0.05
MOST_GROWTH = 8e6
"""Bytes from the middle third to the last: what the cases themselves add, and the allocator's moods."""
_BETWEEN_FLAGS = 5.0 if WHOLE else 0.5
"""Seconds. Two flag at once, and each case takes an admin's chat up to three messages: twice as many as Teams' quotas
let through in the long run would only fill the outbox."""
QUESTIONS = (
    "hur snabbt ska man svara",
    "får jag radera en otrevlig kommentar",
    "kan jag dricka kaffe på facebook",
    "who decides about a new account",
    "kö",
    "mina beslut",
    "hjälp",
)


async def asks(world: Served, until: float, rng: random.Random) -> None:
    while time.monotonic() < until:
        who = world[rng.choice(("admin", "admin2", "chef", "personal", "registrator"))]
        status, _ = await world.post(who.activity("message", text=rng.choice(QUESTIONS), textFormat="plain"))
        assert status == 200
        await asyncio.sleep(0.02)


async def flags_and_decides(world: Served, until: float, rng: random.Random) -> None:
    while time.monotonic() < until:
        status, answer = await world.post_flag(a_flag())
        assert status == 202, answer
        who = world[rng.choice(("admin", "admin2"))]
        data = {"case": answer["case"], "version": 1, "kind": rng.choice(("keep", "delete"))}
        data |= {"ground": "reklam", "reason": "Reklam för en butik."} if data["kind"] == "delete" else {}
        assert "Beslut" in (await who.sends(who.invoke("decide", data))).words
        await asyncio.sleep(_BETWEEN_FLAGS)


@pytest.mark.parametrize("seed", [26])
async def test_nothing_leaks_and_the_loop_is_never_held_up(tmp_path: Path, seed: int) -> None:
    async with surroundings() as around, served(tmp_path / "data", around) as world:
        await world.until(200)
        for who in ("admin", "admin2", "chef", "personal", "registrator"):
            await world[who].installs()
        await asyncio.sleep(1)
        before = await look(world.process.pid, world.http, world.url)
        until, rng = time.monotonic() + 60 * MINUTES, random.Random(seed)
        work = [asyncio.create_task(asks(world, until, rng)) for _ in range(4)]
        work += [asyncio.create_task(flags_and_decides(world, until, rng)) for _ in range(2)]
        looks = await watched(world, until)
        await asyncio.gather(*work)
        await asyncio.sleep(1)
        after = await look(world.process.pid, world.http, world.url)
        async with world.http.get(f"{world.url}/metrics") as answer:
            stalls = figure(await answer.text(), "riktlinjebot_loop_stall_seconds_count")
        world.told_to_stop()
        assert await world.ended() == 0
    print(  # noqa: T201  the figures of ``make soak``
        f"\n{MINUTES} min: {before.resident / 1e6:.1f} MB at first, {after.resident / 1e6:.1f} MB at last, growth of "
        f"the last third {growth(looks) / 1e6:.1f} MB; files {before.files} -> {after.files}; longest stall "
        f"{after.stall * 1000:.0f} ms ({before.stall * 1000:.0f} ms of it at the start), turns over 5 ms: {stalls:.0f}"
    )
    assert growth(looks) < MOST_GROWTH
    middle = looks[len(looks) // 3 : 2 * len(looks) // 3]
    assert after.files <= max(one.files for one in middle) + 8, "kept connections alone"
    assert after.threads <= before.threads + 4
    assert after.stall <= max(LONGEST_STALL, before.stall)
    assert verify(tmp_path / "data").events


async def watched(world: Served, until: float) -> list[Look]:
    looks = []
    while time.monotonic() < until:
        looks.append(await look(world.process.pid, world.http, world.url))
        await asyncio.sleep(EVERY)
    return looks
