"""The clock goes backwards, or far ahead and back: nothing is lost, nothing comes twice, the chain stays whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.reading import verify
from tests.fakes.connector import into
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


async def test_what_was_postponed_by_a_clock_far_ahead_comes_once_the_clock_is_right(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        world.clock.forward(days=30)
        world.connector.fails(503, when=into("a:admin"), times=1)
        case = await world.flag()
        await world.settle()
        world.clock.forward(days=-30)
        another = await world.flag()
        await world.settle()
        for one in (case, another):
            assert len(sent_cards(world, one)) == 1


async def test_a_wait_that_teams_asks_for_is_kept_and_no_longer_than_an_hour(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        world.connector.fails(429, retry_after=86400, when=into("a:admin"), times=1)
        case = await world.flag()
        await world.settle()
        world.clock.forward(minutes=59)
        await world.settle()
        assert not sent_cards(world, case)
        world.clock.forward(minutes=1)
        await world.settle()
        assert len(sent_cards(world, case)) == 1


async def test_events_keep_what_the_clock_said_and_their_own_order(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        flagged_at = world.clock.now
        case = await world.flag()
        await world.settle()
        world.clock.forward(hours=-2)
        card = await world["admin"].waits_for(case)
        assert "nyss" in words(card), "a case from the future is a new one"
        await world["admin"].clicks(card, "Behåll")
        events = await world.bot.services.store.load(case)
        assert [(event.kind, event.at) for event in events] == [
            ("flagged", flagged_at),
            ("decided", flagged_at - timedelta(hours=2)),
        ]
        assert [event.seq for event in events] == sorted(event.seq for event in events)


async def test_tokens_signatures_and_kept_answers_do_not_hang_on_the_bots_clock(tmp_path: Path) -> None:
    """They are checked by the machine's, which a wrong one fails: a flag from the future is sent again later."""
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin")
        case = await world.flag({"id": "p1"})
        click = world["admin"].click(await world["admin"].waits_for(case), "Behåll")
        first = await world["admin"].sends(click)
        world.clock.forward(days=-2)
        assert (await world["admin"].sends(click)).words == first.words
        assert await world.flag({"id": "p1"}) == case
