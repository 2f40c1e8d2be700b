"""Yearly duties by themselves: scheduled from the register, reminded of, escalated, once, whatever restarts."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.channels import Appoint, Close
from tests.postgres import Postgres
from tests.scenario.test_channels import change, organisation
from tests.scenario.world import Clock, World, a_world, object_id, words

NOTICE = "Påminnelse: det här ska vara gjort senast 23 nov. 2027."
LAST_DAY = "Påminnelse: sista dagen är 23 nov. 2027."
LATE = "Försenad: det här skulle vara gjort 23 nov. 2027."
ESCALATED = "ingen har gjort det trots påminnelser"
SCREENSHOT = "Årlig skärmdump"
FIRST_NOTICE = datetime(2027, 10, 25, 8, 0, tzinfo=UTC)
"""Thirty days before the due day is a Sunday: nobody is reminded until the Monday."""


def told(world: World, who: str, *texts: str) -> int:
    """How many messages with all these words were sent to the person, whatever they were updated to since."""
    sent = [one for one in world.connector.sent if one.conversation == world[who].conversation]
    return sum(all(text in words(one.activity) for text in texts) for one in sent)


async def kinds(world: World) -> Counter[str]:
    return Counter([event.kind async for event in world.bot.services.store.events()])


async def at(world: World, moment: datetime) -> None:
    world.clock.now = moment
    await world.later()


async def test_each_channel_and_administration_gets_its_duties_once(tmp_path: Path) -> None:
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    for _ in range(2):
        async with a_world(tmp_path / "data", clock=clock) as world:
            await world.later(days=1)
            await world.later()
            assert (await kinds(world))["duty_scheduled"] == 4 * 2 + 2
            rows = await world.bot.services.store.select("open_duties")
            assert {row["due"] for row in rows} == {"2027-11-23"}
            assert len(await world.bot.services.store.select("open_duties/channel/facebook-haninge")) == 2


async def test_several_looks_at_once_schedule_and_remind_once(world: World) -> None:
    await world.arrive("admin")
    await asyncio.gather(*(world.bot.duties.look() for _ in range(5)))
    assert (await kinds(world))["duty_scheduled"] == 10
    world.clock.now = FIRST_NOTICE
    await asyncio.gather(*(world.bot.duties.look() for _ in range(5)))
    await world.settle()
    assert told(world, "admin", SCREENSHOT, NOTICE) == 3


async def test_admins_are_reminded_a_month_before_on_the_day_and_when_late(world: World) -> None:
    await world.arrive("admin", "admin2", "kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE - timedelta(days=1))
    assert told(world, "admin", SCREENSHOT) == 0
    for moment, said in (
        (FIRST_NOTICE, NOTICE),
        (datetime(2027, 11, 23, 8, 0, tzinfo=UTC), LAST_DAY),
        (datetime(2027, 12, 7, 8, 0, tzinfo=UTC), LATE),
    ):
        await at(world, moment)
        await at(world, moment + timedelta(hours=1))
        # Three channels have the one, two the other; the one without falls to communications.
        found = [told(world, who, SCREENSHOT, said) for who in ("admin", "admin2", "kommunikation")]
        assert found == [3, 2, 1], said


async def test_nobody_is_reminded_at_night(world: World) -> None:
    await world.arrive("admin")
    await world.later()
    await at(world, FIRST_NOTICE.replace(hour=4))
    assert told(world, "admin", SCREENSHOT) == 0
    await at(world, FIRST_NOTICE)
    assert told(world, "admin", SCREENSHOT) == 3


async def test_after_a_month_communications_are_told_once(world: World) -> None:
    await world.arrive("admin", "kommunikation")
    await world.later()
    await at(world, datetime(2027, 12, 7, 8, 0, tzinfo=UTC))
    assert told(world, "kommunikation", ESCALATED) == 0
    for hours in (0, 1):
        await at(world, datetime(2027, 12, 23, 8 + hours, 0, tzinfo=UTC))
    escalated = told(world, "kommunikation", SCREENSHOT, ESCALATED)
    assert escalated == 4
    assert told(world, "admin", ESCALATED) == 0


async def test_who_was_away_for_years_gets_the_most_urgent_reminder_alone(world: World) -> None:
    await world.arrive("admin")
    await world.later()
    await at(world, datetime(2029, 3, 1, 8, 0, tzinfo=UTC))
    assert told(world, "admin", SCREENSHOT) == told(world, "admin", SCREENSHOT, LATE) == 3


async def test_a_restart_between_the_reminder_and_its_sending_neither_loses_nor_repeats_it(
    tmp_path: Path,
) -> None:
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.arrive("admin")
        await world.later()
        clock.now = FIRST_NOTICE
        await world.bot.duties.look()  # recorded, not sent
    for expected in (3, 0):
        async with a_world(tmp_path / "data", clock=clock) as world:
            await world["admin"].says("hjälp")
            await world.later()
            await world.later()
            assert told(world, "admin", SCREENSHOT, NOTICE) == expected


async def test_an_evaluation_is_asked_of_the_head_and_of_communications_where_there_is_none_to_reach(
    world: World,
) -> None:
    await world.arrive("chef", "kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE)
    assert told(world, "chef", "Årlig utvärdering", NOTICE) == 2
    assert told(world, "kommunikation", "Årlig utvärdering") == 0


async def test_where_no_administrator_can_be_reached_communications_get_the_card(world: World) -> None:
    await world.arrive("kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE)
    await world.later()
    assert told(world, "kommunikation", SCREENSHOT, NOTICE) == 4


async def test_one_reachable_administrator_is_enough(world: World) -> None:
    await world.arrive("admin2", "kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE)
    assert told(world, "admin2", SCREENSHOT, NOTICE) == 2
    assert told(world, "kommunikation", SCREENSHOT, "Haninge kommun på Facebook") == 0


async def test_one_who_installs_late_gets_what_waits(world: World) -> None:
    await world.arrive("kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE)
    await world.arrive("admin")
    await world.settle()
    assert told(world, "admin", SCREENSHOT, "Det här väntar på dig.") == 3
    await world.arrive("admin")
    assert told(world, "admin", SCREENSHOT) == 3


async def test_a_closed_channel_owes_its_last_screenshot_and_nothing_else(world: World) -> None:
    await world.arrive("admin", "admin2")
    await world.later()
    await at(world, FIRST_NOTICE)
    await change(world, Close(channel="facebook-haninge", request="AN-2026-0003"), at=world.clock())
    await world.later(hours=1)
    await world.later()
    rows = await world.bot.services.store.select("open_duties/channel/facebook-haninge")
    assert [row["duty"] for row in rows] == ["last_screenshot/facebook-haninge"]
    for who in ("admin", "admin2"):
        assert told(world, who, "Sista skärmdump", "Haninge kommun på Facebook") == 1
        assert "Behövs inte längre" in words(world[who].cards())
    await at(world, datetime(2028, 2, 1, 8, 0, tzinfo=UTC))
    assert told(world, "admin2", SCREENSHOT, "Haninge kommun på Facebook", LATE) == 0


async def test_a_channel_that_closes_before_the_reminder_leaves_makes_it_needless(world: World) -> None:
    await world.arrive("admin2")
    await world.later()
    world.clock.now = FIRST_NOTICE
    await world.bot.duties.look()
    await change(world, Close(channel="facebook-haninge", request="AN-2026-0003"), at=world.clock())
    await world.bot.duties.look()
    await world.settle()
    assert told(world, "admin2", SCREENSHOT, "Haninge kommun på Facebook") == 0
    assert told(world, "admin2", SCREENSHOT, "Haninges bibliotek på Facebook") == 1


async def test_a_new_administrator_gets_the_next_reminder(world: World) -> None:
    await world.arrive("personal")
    await world.later()
    appoint = Appoint(channel="linkedin-haninge", person=object_id("personal"), request="AN-2026-0001")
    await change(world, appoint)
    await at(world, FIRST_NOTICE)
    assert told(world, "personal", SCREENSHOT, "Haninge kommun på LinkedIn") == 1


async def test_one_duty_that_cannot_be_brought_on_keeps_no_other_waiting(tmp_path: Path) -> None:
    """Its administration is written out of the file; the channel's admins are still asked."""
    clock = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC))
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.arrive("admin2")
        await world.later()
    moved = organisation(tmp_path, administration="kultur-och-fritidsforvaltningen")
    async with a_world(tmp_path / "data", clock=clock, ORGANISATION_FILE=moved) as world:
        await world["admin2"].says("hjälp")
        await at(world, FIRST_NOTICE)
        assert told(world, "admin2", SCREENSHOT) == 2


async def test_two_instances_on_one_database_schedule_and_remind_once(
    postgres: Postgres, tmp_path: Path
) -> None:
    clock, url = Clock(datetime(2026, 11, 23, 8, 0, tzinfo=UTC)), postgres.place()
    async with (
        a_world(tmp_path / "none", clock=clock, STORAGE_URL=url) as one,
        a_world(tmp_path / "none", clock=clock, STORAGE_URL=url) as other,
    ):
        await one.arrive("admin")
        for moment in (clock.now, FIRST_NOTICE):
            clock.now = moment
            await asyncio.gather(*(each.bot.duties.look() for each in (one, other) for _ in range(3)))
            await asyncio.gather(one.settle(), other.settle())
        assert (await kinds(one))["duty_scheduled"] == 10
        assert told(one, "admin", SCREENSHOT, NOTICE) == 3
