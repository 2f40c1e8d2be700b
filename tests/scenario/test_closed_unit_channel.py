"""The Teams channel that communications' cards go to is closed to the bot: each of them gets what it should have brought."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenario.request_stage import applies
from tests.scenario.test_questions import THREAD, team
from tests.scenario.test_reaching import removed
from tests.scenario.world import World, a_world, buttons, object_id, words

UNIT = ("kommunikation", "personal")


@pytest.fixture
async def closed(tmp_path: Path) -> AsyncIterator[World]:
    file = team(tmp_path, *UNIT, cards_to=THREAD)
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        world.connector.fails(
            403, "BotNotInConversationRoster", when=lambda call: call.conversation == THREAD, times=None
        )
        yield world


async def test_an_escalated_case_is_brought_to_each_of_them_once(closed: World) -> None:
    await closed.arrive("admin", "admin2", *UNIT)
    case = await closed.flag()
    await closed.later(hours=9)
    await closed.later(hours=9)
    for who in UNIT:
        cards = [one for one in closed[who].cards() if case in words(one)]
        assert len(cards) == 1
    assert "Beslutat" in (await closed["personal"].clicks(cards[0], "Behåll")).words
    assert "Beslutat" in words(await closed["kommunikation"].waits_for(case))
    brought = [one for one in closed["admin"].cards() if case in words(one)]
    assert len(brought) == 2, "the card and its reminder, and none in the unit's place"


async def test_what_no_registrar_gets_is_brought_to_each_of_them(closed: World) -> None:
    await closed.arrive("admin", *UNIT)
    case = await removed(closed)
    for who in UNIT:
        await closed[who].waits_for(f"{case}-1")


async def test_a_decided_request_and_contact_details_are_brought_to_each_of_them(closed: World) -> None:
    await closed.arrive("admin", "chef", *UNIT)
    name = await applies(closed, kind="Utse en administratör", admins=object_id("personal"))
    await closed["chef"].clicks(await closed["chef"].waits_for(name), "Godkänn")
    for who in UNIT:
        await closed[who].waits_for("Kontaktuppgifter till administratörer")
        brought = [words(one) for one in closed[who].cards() if name in words(one)]
        assert sum("Beslut att diarieföra" in one for one in brought) == 1


async def test_a_channel_to_open_is_put_before_each_of_them(closed: World) -> None:
    await closed.arrive("admin", "chef", *UNIT)
    name = await applies(closed, admins=object_id("admin2"))  # who is named has no say
    for who in UNIT:
        assert "Yttra er" in buttons(await closed[who].waits_for(name))
