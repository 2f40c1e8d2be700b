"""Everything at once for a while: questions, lists, flags, decisions. Nothing leaks, and nobody waits for the loop."""

import asyncio
import os
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp

from storage.reading import verify
from tests.faults.extent import WHOLE
from tests.faults.lives import Lives, lives
from tests.faults.soaking import Look, figure, growth, look
from tests.faults.town import Desk, desks
from tests.scenario.world import Answer, Json, a_flag

MINUTES = float(os.environ.get("SOAK_MINUTES", "10")) if WHOLE else 0.15
EVERY = 2.0 if WHOLE else 0.5
QUIET = 3.0 if WHOLE else 1.0
"""Seconds after which nothing is under way any more; connections to Teams are kept for longer."""
LONGEST_STALL = 0.05
MOST_GROWTH = 2e6 if WHOLE else 8e6
"""Bytes from the middle third to the last beside what the record itself adds: answers that are kept for repeats, and
the allocator's moods. A hundred bytes lost in each turn would be a third of it, five hundred all."""
EVENT = 3_000
"""Bytes that an event adds until the next start settles them, with its keys, its texts' places, its rows and copies:
1.1 kB of it with 100 000 cases, measured after a start, and 2.3 to 4 kB for a question that is listed as unanswered,
which two of three are here. A question that is answered adds nothing: 4500 of them 0.2 MB, measured."""
QUESTIONS = (
    "hur snabbt ska man svara",
    "får jag radera en otrevlig kommentar",
    "kan jag dricka kaffe på facebook",
    "who decides about a new account",
    "kö",
    "mina beslut",
    "hjälp",
)
REMOVAL = {"ground": "reklam", "reason": "Reklam för en butik."}


@dataclass(kw_only=True)
class Load:
    """``world`` has connections of its own, which end with the load."""

    world: Lives
    town: list[Desk]
    until: float
    rng: random.Random
    turns: int = 0
    cases: int = 0

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.until

    async def asks(self) -> None:
        while self.goes_on:
            who = self.rng.choice(self.rng.choice(self.town).everybody)
            text = self.rng.choice(QUESTIONS)
            status, _ = await self.world.post(who.activity("message", text=text, textFormat="plain"))
            assert status == 200
            self.turns += 1
            await asyncio.sleep(self.rng.uniform(0.0, 0.2))

    async def flags_and_decides(self) -> None:
        while self.goes_on:
            desk = self.rng.choice(self.town)
            body = a_flag(channel=desk.channel)
            for _ in range(self.rng.randint(1, 3)):
                status, answer = await self.world.post_flag(body)
                assert status == 202, answer
            await asyncio.gather(*(self.decides(desk, n, answer["case"]) for n in range(2)))
            self.cases += 1
            await asyncio.sleep(self.rng.uniform(0.5, 2.5))

    async def decides(self, desk: Desk, admin: int, case: str) -> None:
        kind: Json = self.rng.choice(({"kind": "keep"}, {"kind": "delete", **REMOVAL}))
        who = desk.admins[admin]
        click = who.invoke("decide", {"case": case, "version": 1, **kind})
        status, body = await self.world.post({**click, "replyToId": None})
        assert "eslut" in Answer(status=status, body=body).words
        self.turns += 1

    async def run(self) -> list[Look]:
        work = [self.asks() for _ in range(4)] + [self.flags_and_decides() for _ in range(2)]
        tasks = [asyncio.create_task(one) for one in work]
        looks = list[Look]()
        while self.goes_on:
            await asyncio.sleep(EVERY)
            looks.append(await look(self.world))
        await asyncio.gather(*tasks)
        return looks


async def test_nothing_leaks_and_the_loop_is_never_held_up(tmp_path: Path) -> None:
    async with lives(tmp_path / "data", tidy="") as world:
        await world.born()
        await world.awake()
        town = desks(world)
        for desk in town:
            for one in desk.everybody:
                await one.installs()
        await world.settle()
        await asyncio.sleep(QUIET)
        before = await look(world)
        await world.http.post(f"{world.url}/faults/begin")
        async with aiohttp.ClientSession() as http:
            load = Load(
                world=replace(world, http=http),
                town=town,
                until=time.monotonic() + 60 * MINUTES,
                rng=random.Random(26),
            )
            looks = await load.run()
        await asyncio.sleep(QUIET)
        after = await look(world)
        async with world.http.get(f"{world.url}/metrics") as answer:
            exported = figure(await answer.text(), "riktlinjebot_loop_longest_stall_seconds")
        await world.dies()
    longest = after.longest
    print(  # noqa: T201  the figures of ``make soak``
        f"\n{MINUTES} min, {load.turns} turns, {load.cases} cases: at first {before}; at last {after}; the last third "
        f"holds {growth(looks) / 1e6:.1f} MB more than the middle one; longest turn of the loop {longest.own * 1e3:.0f} ms "
        f"({longest.work * 1e3:.0f} ms at work), and {max((one.queued for one in after.turns), default=0) * 1e3:.0f} ms "
        f"more waiting for a processor; as exported, with its start: {exported * 1e3:.0f} ms"
    )
    events = verify(tmp_path / "data").events
    assert events
    assert growth(looks) < MOST_GROWTH + EVENT * events / 3
    middle = looks[len(looks) // 3 : 2 * len(looks) // 3]
    assert after.files <= max(one.files for one in middle), "files and connections"
    assert after.tasks <= before.tasks + 1, "tasks"
    assert after.threads <= before.threads + 4
    assert longest.own <= LONGEST_STALL, after.turns
