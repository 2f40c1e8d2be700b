"""The clock goes backwards, or far ahead and back: nothing is lost, nothing comes twice, the chain stays whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.reading import verify
from tests.scenario.world import Json, World, a_world, words

REMOVAL = {"ground": "personangrepp", "reason": "Angriper en namngiven tjänsteman."}


def sent_cards(world: World, case: str) -> list[Json]:
    return [
        one.activity
        for one in world.connector.sent
        if any(case in words(card["content"]) for card in one.activity.get("attachments", ()))
    ]


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(hours=3), timedelta(days=400)])
async def test_a_case_goes_its_way_although_the_clock_went_back(tmp_path: Path, back: timedelta) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin", "admin2")
        case = await world.flag()
        await world.settle()
        world.clock.forward(seconds=-back.total_seconds())
        decided = await world["admin"].clicks(await world["admin"].waits_for(case), "Radera", **REMOVAL)
        assert "Ska raderas" in decided.words
        late = world["admin2"].invoke("decide", {"case": case, "version": 1, "kind": "keep"})
        assert "Redan beslutat" in (await world["admin2"].sends(late)).words
        again = await world.flag()
        await world.settle()
        assert [event.kind for event in await world.bot.services.store.load(case)].count("decided") == 1
        assert len(sent_cards(world, again)) == 2
    assert verify(tmp_path / "data").events
    async with a_world(tmp_path / "data", clock=world.clock) as world:
        assert "Ska raderas" in words(await world["admin"].asks_for(f"visa {case}"))


async def test_a_reminder_is_sent_once_although_its_time_comes_twice(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        case = await world.flag()
        await world.later(hours=5)
        once = len(sent_cards(world, case))
        world.clock.forward(hours=-5)
        await world.later(hours=5)
        assert len(sent_cards(world, case)) == once


async def test_what_was_postponed_by_a_clock_far_ahead_is_not_lost(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        world.clock.forward(days=30)
        world.connector.fails(503, times=1)
        case = await world.flag()
        await world.settle()
        world.clock.forward(days=-30)
        await world.settle()
        world.clock.forward(days=30, minutes=5)
        await world.settle()
        assert case in words(await world["admin"].waits_for(case))
