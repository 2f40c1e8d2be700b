"""Both admins decide in the same millisecond, and each click is delivered three times: one decision, one polite no."""

import asyncio
from pathlib import Path

from storage.reading import verify
from tests.faults.extent import extent
from tests.scenario.world import Answer, World, a_world

CASES = extent(whole=1000, short=30)
AT_ONCE = 10
DELIVERIES = 3
REMOVAL = {"kind": "delete", "version": 1, "ground": "personangrepp", "reason": "Hänger ut en anställd."}
KEEP = {"kind": "keep", "version": 1}


async def test_each_double_click_is_one_decision_and_one_polite_refusal(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        cases = list[str]()
        while len(cases) < CASES:
            some = [await world.flag() for _ in range(AT_ONCE)]
            await asyncio.gather(*(double_click(world, case) for case in some))
            cases += some
        for case in cases:
            kinds = [event.kind for event in await world.bot.services.store.load(case)]
            assert kinds.count("decided") == 1, case
    verify(tmp_path / "data")


async def double_click(world: World, case: str) -> None:
    answers = await asyncio.gather(
        *(deliveries(world, "admin", {"case": case, **REMOVAL})),
        *deliveries(world, "admin2", {"case": case, **KEEP}),
    )
    refused = ["Redan beslutat" in answer.words for answer in answers]
    assert refused in ([False] * DELIVERIES + [True] * DELIVERIES, [True] * DELIVERIES + [False] * DELIVERIES)
    assert len({answer.words for answer in answers[:DELIVERIES]}) == 1
    assert len({answer.words for answer in answers[DELIVERIES:]}) == 1


def deliveries(world: World, who: str, data: dict[str, object]) -> list[asyncio.Task[Answer]]:
    somebody = world[who]
    click = somebody.invoke("decide", data)
    return [asyncio.create_task(somebody.sends(click)) for _ in range(DELIVERIES)]
