"""Contact details of administrators are kept for as long as somebody administers by them, and no longer."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.duties.viewing import load_duty
from bot.erasing import Erasing
from tests.scenario.request_stage import FORMS, a_stage, applies, form, request
from tests.scenario.test_duties import at
from tests.scenario.world import World, object_id, words

APPOINT = "Utse en administratör"
REMOVE = "Ta bort en administratör"
NOTICE = datetime(2027, 11, 22, 8, 0, tzinfo=UTC)
GIVEN = "08-606 70 01"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive("admin", "chef", "kommunikation", "registrator", "personal")
        yield one


async def decide(world: World, name: str, button: str = "Godkänn") -> None:
    await world["chef"].clicks(await world["chef"].asks_for(f"visa {name}"), button, reason="Skäl.")
    await world.settle()
    await world.later(minutes=1)


async def is_there(world: World, ref: str) -> bool:
    store = world.bot.services.store
    await Erasing(store).look()
    return await store.content(ref) is not None


async def contact_of(world: World, name: str) -> str:
    return (await request(world, name)).form.contact_ref


async def test_a_rejected_requests_details_go(world: World) -> None:
    name = await applies(world, kind=APPOINT)
    ref = await contact_of(world, name)
    assert await is_there(world, ref)
    await decide(world, name, "Avslå")
    assert not await is_there(world, ref)
    assert GIVEN not in words(await world["admin"].asks_for(f"visa {name}"))


async def test_a_withdrawn_requests_details_go(world: World) -> None:
    name = await applies(world, kind=APPOINT)
    ref = await contact_of(world, name)
    sure = await world["admin"].clicks(await world["admin"].asks_for(f"visa {name}"), "Återkalla…")
    await world["admin"].clicks(sure.card, "Återkalla ansökan", note="")
    assert not await is_there(world, ref)


async def test_details_that_were_written_anew_go(world: World) -> None:
    name = await applies(world, kind=APPOINT)
    old = await contact_of(world, name)
    asked = await world["chef"].clicks(await world["chef"].asks_for(f"visa {name}"), "Begär komplettering")
    await world["chef"].clicks(asked.card, "Begär komplettering", questions="Vilket nummer?")
    await world.settle()
    card = await world["admin"].asks_for(f"visa {name}")
    await world["admin"].clicks(card, "Skicka kompletteringen", contact="08-606 70 02")
    new = await contact_of(world, name)
    assert new != old
    assert await is_there(world, new)
    assert not await is_there(world, old)


async def given_anew(world: World) -> str:
    """The new administrator's own details, a year after the appointment; where they lie."""
    await at(world, NOTICE)
    cards = [one for one in world["personal"].cards() if "Kontaktuppgifter till kanalens" in words(one)]
    await world["personal"].clicks(cards[-1], "Spara nya uppgifter", contacts="08-606 70 03")
    record = await load_duty(world.bot.services, "contact_details/facebook-biblioteken")
    assert record is not None
    return record.duty.fulfilments[-1].texts_ref


async def test_yearly_details_take_the_place_of_those_at_the_appointment(world: World) -> None:
    name = await applies(world, kind=APPOINT)
    await decide(world, name)
    old = await contact_of(world, name)
    assert await is_there(world, old)
    new = await given_anew(world)
    assert not await is_there(world, old)
    assert await is_there(world, new)


async def test_yearly_details_go_with_the_administrator_who_gave_them(world: World) -> None:
    await decide(world, await applies(world, kind=APPOINT))
    given = await given_anew(world)
    await applies_in(world, REMOVE, admins=object_id("personal"))
    assert not await is_there(world, given)


async def applies_in(world: World, kind: str, **changes: str) -> None:
    """Next year's first request, approved."""
    await world["admin"].clicks(await form(world, "admin", kind), "Skicka in", **{**FORMS[kind], **changes})
    await world.settle()
    await decide(world, "AN-2027-0001")
