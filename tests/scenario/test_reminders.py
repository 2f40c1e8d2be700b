"""Cases that nobody decides: reminded of, then escalated, in office hours, once, whatever restarts in between."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.zone import STOCKHOLM
from bot.settings import SHIPPED_ORGANISATION
from tests.scenario.world import Clock, World, a_world, buttons, words

REMINDED = "Påminnelse: det här väntar fortfarande på beslut."
ESCALATED = "Nu kan även kommunikationsenheten besluta."


def reminders(world: World, who: str) -> int:
    """How many were sent, whatever the cards were updated to since."""
    sent = [one for one in world.connector.sent if one.conversation == world[who].conversation]
    return sum(REMINDED in words(one.activity) for one in sent)


async def test_after_four_office_hours_the_admins_are_reminded_once(world: World) -> None:
    await world.arrive("admin", "admin2", "kommunikation")
    await world.flag()
    await world.later(hours=3, minutes=59)
    assert reminders(world, "admin") == 0
    await world.later(minutes=1)
    await world.later(minutes=30)
    assert [reminders(world, who) for who in ("admin", "admin2", "kommunikation")] == [1, 1, 0]


async def test_after_eight_office_hours_communications_get_the_case_and_the_right(world: World) -> None:
    await world.arrive("admin", "kommunikation")
    case = await world.flag()
    await world.later(hours=8)
    await world.later(hours=1)
    cards = [card for card in world["kommunikation"].cards() if case in words(card)]
    assert len(cards) == 1
    assert any(ESCALATED in words(one.activity) for one in world.connector.sent)
    assert case in words(await world["kommunikation"].asks_for("kö"))
    decided = await world["kommunikation"].clicks(cards[0], "Behåll")
    assert "kommunikationsenheten" in decided.words
    assert "Beslutat" in words(await world["admin"].waits_for(case))


@pytest.mark.parametrize(
    ("flagged", "just_before", "due"),
    [
        ("2026-11-27T15:00", "2026-11-30T09:59", "2026-11-30T10:00"),  # Friday 15 to Monday 10
        ("2026-12-23T15:00", "2026-12-28T09:59", "2026-12-28T10:00"),  # over Christmas and a weekend
        ("2026-06-18T15:00", "2026-06-22T09:59", "2026-06-22T10:00"),  # over midsommarafton
        ("2026-11-29T22:00", "2026-11-30T11:59", "2026-11-30T12:00"),  # flagged on a Sunday night
    ],
)
async def test_only_office_hours_count(tmp_path: Path, flagged: str, just_before: str, due: str) -> None:
    clock = Clock(local(flagged))
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.arrive("admin")
        await world.flag()
        clock.now = local(just_before)
        await world.later()
        assert reminders(world, "admin") == 0
        clock.now = local(due)
        await world.later()
        assert reminders(world, "admin") == 1


def local(text: str) -> datetime:
    """A time on Stockholm's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


async def test_what_is_decided_is_not_reminded_of(world: World) -> None:
    await world.arrive("admin", "kommunikation")
    case = await world.flag()
    await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
    await world.later(hours=9)
    assert reminders(world, "admin") == 0
    assert not [card for card in world["kommunikation"].cards() if case in words(card)]


async def test_a_decision_just_before_the_reminder_leaves_makes_it_needless(world: World) -> None:
    """Due and recorded, but not sent yet."""
    await world.arrive("admin")
    case = await world.flag()
    card = await world["admin"].waits_for(case)
    world.clock.forward(hours=4)
    await world.bot.reminding.look()
    await world["admin"].clicks(card, "Behåll")
    await world.settle()
    assert reminders(world, "admin") == 0


async def test_restarts_neither_lose_nor_repeat_a_reminder(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.arrive("admin")
        await world.flag()
        await world.settle()
    clock.forward(hours=5)
    for expected in (1, 0):
        async with a_world(tmp_path / "data", clock=clock) as world:
            await world["admin"].says("hjälp")  # the service address of the fake connector is a new one
            await world.later()
            await world.later()
            assert reminders(world, "admin") == expected


async def test_two_looks_at_once_remind_once(world: World) -> None:
    await world.arrive("admin")
    await world.flag()
    world.clock.forward(hours=4)
    await asyncio.gather(*(world.bot.reminding.look() for _ in range(5)))
    await world.settle()
    assert reminders(world, "admin") == 1


async def test_the_hours_are_the_organisation_files(tmp_path: Path) -> None:
    text = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
    file = tmp_path / "organisation.yaml"
    file.write_text(text.replace("remind_after: 4", "remind_after: 1"), encoding="utf-8")
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(file)) as world:
        await world.arrive("admin")
        await world.flag()
        await world.later(hours=1)
        assert reminders(world, "admin") == 1


async def test_a_reminder_can_be_acted_on_and_all_copies_follow(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag()
    await world.later(hours=4)
    assert reminders(world, "admin") == 1
    card = await world["admin"].waits_for(case)
    await world["admin"].clicks(card, "Behåll")
    await world.settle()
    copies = [one for one in world["admin"].cards() if case in words(one)]
    assert len(copies) == 2
    assert not any("Radera" in buttons(one) for one in copies)
