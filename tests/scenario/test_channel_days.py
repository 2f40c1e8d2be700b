"""A channel's first and last day: what the public sees, and who is told that it nears its end."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scenario.request_stage import a_stage, applies
from tests.scenario.test_duties import at
from tests.scenario.world import World, buttons, words

NAME = "Haninge ungdom"
TOLD = "Kanalens sista dag"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive("admin", "chef", "kommunikation", "registrator", "personal")
        yield one


async def opened(world: World, **days: str) -> str:
    name = await applies(world, **days)
    await world["kommunikation"].clicks(
        await world["kommunikation"].asks_for(f"visa {name}"), "Yttra er", opinion="no_objection"
    )
    await world.settle()
    await world["chef"].clicks(await world["chef"].asks_for(f"visa {name}"), "Godkänn")
    await world.settle()
    return name


async def listed(world: World) -> str:
    async with world.http.get(f"{world.url}/sociala-medier") as answer:
        return await answer.text()


async def test_a_channel_is_public_from_its_first_day(world: World) -> None:
    await opened(world, starts="2027-02-01")
    assert NAME not in await listed(world)
    assert NAME in words(await world["kommunikation"].asks_for("kanaler")), "it is there to be made ready"
    world.clock.now = datetime(2027, 1, 31, 23, 30, tzinfo=UTC)  # in Stockholm the day has begun
    assert NAME in await listed(world)


async def test_those_concerned_are_told_of_the_last_day_a_month_before_and_on_it(world: World) -> None:
    name = await opened(world, ends="2027-03-31")
    everybody = ("personal", "chef", "kommunikation")

    def told(who: str) -> int:
        return sum(TOLD in words(card) for card in world[who].cards())

    await at(world, datetime(2027, 2, 26, 9, 0, tzinfo=UTC))
    assert [told(who) for who in everybody] == [0, 0, 0]
    for moment, times in (
        (datetime(2027, 3, 1, 9, 0, tzinfo=UTC), 1),
        (datetime(2027, 3, 31, 9, 0, tzinfo=UTC), 2),
    ):
        for _ in range(2):
            await at(world, moment)
            assert [told(who) for who in everybody] == [times] * 3
    card = await world["personal"].waits_for(TOLD)
    assert "31 mars 2027" in words(card)
    assert name in words(card)
    assert "Avsluta en kanal" in buttons(card)
    assert NAME in await listed(world), "closing is a decision"
