"""Questions that communications leave unanswered: reminded of once, in office hours, and not once there is nothing to do."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.questions.reminding import QuestionReminding
from tests.postgres import Postgres
from tests.scenario.test_questions import ASK, NOT_THERE, THREAD, asked, sends, team, told
from tests.scenario.test_reminders import local
from tests.scenario.world import Clock, World, a_world, buttons, words

REMINDED = "Påminnelse: frågan väntar fortfarande på svar."


def reminders(world: World, who: str = "kommunikation") -> int:
    return told(world, who, REMINDED)


async def test_after_two_working_days_communications_are_reminded_once(world: World) -> None:
    await asked(world)
    await world.later(days=2, minutes=-1)
    assert reminders(world) == 0
    await world.later(minutes=1)
    for _ in range(3):
        await world.later(days=3)
    assert [reminders(world, who) for who in ("kommunikation", "personal")] == [1, 0]


@pytest.mark.parametrize(
    ("sent", "just_before", "due"),
    [
        ("2026-11-27T15:00", "2026-12-01T14:59", "2026-12-01T15:00"),  # Friday to Tuesday
        ("2026-12-23T15:00", "2026-12-29T14:59", "2026-12-29T15:00"),  # over Christmas and a weekend
        ("2026-11-29T22:00", "2026-12-02T07:59", "2026-12-02T08:00"),  # sent on a Sunday night
    ],
)
async def test_only_office_hours_count(tmp_path: Path, sent: str, just_before: str, due: str) -> None:
    clock = Clock(local(sent))
    async with a_world(tmp_path / "data", clock=clock) as world:
        await asked(world)
        for moment, expected in ((just_before, 0), (due, 1)):
            clock.now = local(moment)
            await world.later()
            assert reminders(world) == expected


async def test_a_bot_that_was_down_when_it_was_due_waits_for_the_morning(world: World) -> None:
    await asked(world)
    world.clock.now = local("2026-11-26T03:00")
    await world.later()
    assert reminders(world) == 0
    await world.later(hours=5)
    assert reminders(world) == 1


async def test_what_is_answered_or_marked_is_not_reminded_of(world: World) -> None:
    card = await asked(world)
    await world["kommunikation"].clicks(card, "Svara", reply="Ja.")
    marked = await asked(world, "Vad kostar en annons på TikTok?")
    await world["kommunikation"].clicks(marked, "Markera som lucka utan att svara")
    await world.later(days=10)
    assert reminders(world) == 0


async def test_what_is_destroyed_is_not_reminded_of(tmp_path: Path) -> None:
    """The bot was down for all the time that the question was kept."""
    async with a_world(tmp_path / "data") as world:
        await asked(world)
        clock = world.clock
    clock.forward(days=91, hours=1)
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world["kommunikation"].says("hjälp")  # the service address of the fake connector is a new one
        await world.later()
        await world.later(days=3)
        assert reminders(world) == 0


async def test_a_reply_just_before_the_reminder_leaves_makes_it_needless(world: World) -> None:
    """Due and recorded, but not sent yet."""
    card = await asked(world)
    world.clock.forward(days=2)
    await world.bot.reminding.look()
    await world["kommunikation"].clicks(card, "Svara", reply="Ja.")
    await world.settle()
    assert reminders(world) == 0


async def test_a_reminder_is_answered_and_all_copies_follow(world: World) -> None:
    await asked(world)
    await world.later(days=2)
    card = await world["kommunikation"].waits_for(REMINDED)
    await world["kommunikation"].clicks(card, "Svara", reply="Ja.")
    await world["personal"].waits_for("Ja.")
    copies = [one for one in world["kommunikation"].cards() if NOT_THERE in words(one)]
    assert len(copies) == 2
    assert not any("Svara" in buttons(one) for one in copies)


async def test_the_unit_is_reminded_where_it_has_its_cards(tmp_path: Path) -> None:
    file = team(tmp_path, "kommunikation", "admin2", cards_to=THREAD)
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        await world.arrive("personal", "kommunikation", "admin2")
        await sends(world["personal"])
        await world.later(days=2)
        assert sum(REMINDED in words(one) for one in world.cards_in(THREAD)) == 1
        assert [reminders(world, who) for who in ("kommunikation", "admin2")] == [0, 0]


async def test_where_the_units_conversation_is_closed_each_member_is_reminded(tmp_path: Path) -> None:
    file = team(tmp_path, "kommunikation", "admin2", cards_to=THREAD)
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        await world.arrive("personal", "kommunikation", "admin2")
        world.connector.fails(
            403, "BotNotInConversationRoster", when=lambda call: call.conversation == THREAD
        )
        await sends(world["personal"])
        await world.settle()
        await world.later(days=2)
        assert [reminders(world, who) for who in ("kommunikation", "admin2")] == [1, 1]


async def test_who_joined_the_unit_since_is_reminded_too(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await asked(world)
        clock = world.clock
    file = team(tmp_path, "kommunikation", "admin2")
    async with a_world(tmp_path / "data", clock=clock, ORGANISATION_FILE=file) as world:
        await world["kommunikation"].says("hjälp")
        clock.forward(days=2)
        await world.bot.reminding.look()
        await world.arrive("admin2")
        assert [reminders(world, who) for who in ("kommunikation", "admin2")] == [1, 1]


async def test_two_looks_at_once_and_a_restart_remind_once(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await asked(world)
        world.clock.forward(days=2)
        await asyncio.gather(*(QuestionReminding(world.bot.services).look() for _ in range(5)))
        await world.settle()
        assert reminders(world) == 1
        clock = world.clock
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world["kommunikation"].says("hjälp")
        await world.later(days=1)
        assert reminders(world) == 0


async def test_of_two_instances_one_reminds(postgres: Postgres, tmp_path: Path) -> None:
    place = postgres.place()
    async with a_world(tmp_path, STORAGE_URL=place) as one, a_world(tmp_path, STORAGE_URL=place) as two:
        await one.arrive("personal", "kommunikation")
        await one["personal"].clicks(await one["personal"].asks_for(NOT_THERE), ASK)
        await one.settle()
        for world in (one, two):
            world.clock.now += timedelta(days=2)
        await asyncio.gather(*(world.bot.reminding.look() for world in (one, two) for _ in range(3)))
        await asyncio.gather(one.settle(), two.settle())
        assert reminders(one) + reminders(two) == 1
        kinds = [event.kind async for event in one.bot.services.store.events()]
        assert kinds.count("question_reminded") == 1
