"""Teams delivers an activity several times, late, or after a newer one: the record is right, and the answer honest."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.turns import Address, Installed, Sender
from bot.welcome import Welcomes
from cards.scene import Scene
from storage.store import Store
from tests.scenario.world import APP_ID, TENANT, Json, Somebody, World, a_world, buttons, words

REMOVAL = {"ground": "personangrepp", "reason": "Hänger ut en namngiven anställd."}
SENT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path / "data") as one:
        yield one


def tells(who: Somebody, action: str, *, minute: int) -> Json:
    """An activity about the bot's coming or going, as Teams sent it in that minute."""
    return who.activity("installationUpdate", action=action, timestamp=stamp(minute))


def stamp(minute: int) -> str:
    return (SENT + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")


async def kinds(world: World, case: str) -> list[str]:
    return [event.kind for event in await world.bot.services.store.load(case)]


@pytest.mark.parametrize("times", [2, 5])
async def test_a_click_delivered_again_after_minutes_gets_its_answer_and_no_second_record(
    world: World, tmp_path: Path, times: int
) -> None:
    """The answers that are kept for repeats are gone by then: the record itself knows the click."""
    await world.arrive("admin")
    case = await world.flag()
    click = world["admin"].click(await world["admin"].waits_for(case), "Radera", **REMOVAL)
    await world["admin"].sends(click)
    first = await kinds(world, case)
    await world.bot.services.store.close()  # the folder is free for the next start
    async with a_world(tmp_path / "data") as later:
        for _ in range(times):
            again = await later["admin"].sends({**click, "serviceUrl": later.connector.url})
            assert "Beslutat" in again.words
            assert "Redan beslutat" not in again.words
        assert await kinds(later, case) == first


async def test_a_click_that_comes_after_a_newer_one_is_told_what_was_decided_meanwhile(world: World) -> None:
    await world.arrive("admin", "admin2")
    case = await world.flag()
    old = await world["admin"].waits_for(case)
    late = world["admin"].click(old, "Radera", **REMOVAL)
    assert "Beslutat" in (await world["admin2"].clicks(await world["admin2"].waits_for(case), "Behåll")).words
    await world.settle()
    decided = await world["admin2"].waits_for(case)
    assert "Radera" not in buttons(decided)
    answer = await world["admin"].sends(late)
    assert "Redan beslutat av" in answer.words
    assert (await kinds(world, case)).count("decided") == 1


async def test_a_click_on_a_text_that_has_changed_since_decides_nothing(world: World) -> None:
    await world.arrive("admin")
    case = await world.flag({"id": "p1", "text": "Den här texten är saklig."})
    late = world["admin"].click(await world["admin"].waits_for(case), "Behåll")
    await world.flag({"id": "p1", "text": "Jag ska slå ihjäl dig."})
    answer = await world["admin"].sends(late)
    assert "Beslutat" not in answer.words
    assert "Jag ska slå ihjäl dig." in answer.words
    assert "decided" not in await kinds(world, case)


@pytest.mark.parametrize("kind", ["messageUpdate", "messageDelete", "messageReaction"])
async def test_an_edit_of_a_message_is_no_command_whenever_it_comes(world: World, kind: str) -> None:
    """What was asked and answered stays so; Teams shows the edit itself."""
    await world.arrive("admin")
    case = await world.flag()
    await world["admin"].waits_for(case)
    before = (len(world.connector.sent), await kinds(world, case))
    told = {"eventType": "editMessage", "tenant": {"id": TENANT}}
    edit = world["admin"].activity(kind, text="kö", channelData=told)
    status, _ = await world.post(edit)
    assert status in {200, 202}
    assert (len(world.connector.sent), await kinds(world, case)) == before


async def test_a_removal_that_comes_after_the_newer_installation_removes_nobody(world: World) -> None:
    admin = world["admin"]
    await world.post(tells(admin, "add", minute=0))
    await world.post(tells(admin, "add", minute=9))
    await world.post(tells(admin, "remove", minute=5))
    case = await world.flag()
    assert case in words(await admin.waits_for(case))


async def test_an_installation_that_comes_after_the_newer_removal_brings_nobody_back(world: World) -> None:
    admin = world["admin"]
    await world.post(tells(admin, "add", minute=0))
    await world.post(tells(admin, "remove", minute=5))
    added = admin.activity("conversationUpdate", membersAdded=[{"id": f"28:{APP_ID}"}], timestamp=stamp(0))
    await world.post(added)
    case = await world.flag()
    await world.settle()
    assert not [one for one in admin.cards() if case in words(one)]
    await world.post(tells(admin, "add", minute=7))
    assert case in words(await admin.waits_for(case))


async def test_who_writes_after_the_removal_is_here(world: World) -> None:
    admin = world["admin"]
    await world.post(tells(admin, "add", minute=0))
    await world.post(tells(admin, "remove", minute=5))
    await world.post(admin.activity("message", text="hjälp", textFormat="plain", timestamp=stamp(6)))
    case = await world.flag()
    assert case in words(await admin.waits_for(case))


async def test_a_team_that_removed_and_added_the_bot_is_told_of_in_any_order(world: World) -> None:
    admin = world["admin"]
    place = {"id": "19:kanal@thread.tacv2", "conversationType": "channel"}
    for action, minute in (("add", 0), ("add", 9), ("remove", 5)):
        await world.post({**tells(admin, action, minute=minute), "conversation": place})
    book = await world.bot.services.store.document("addresses", "conversation:19:kanal@thread.tacv2")
    assert book
    assert book["installed"] is True


async def test_an_installation_told_twice_at_the_same_moment_is_one_welcome(world: World) -> None:
    added = world["admin"].activity("conversationUpdate", membersAdded=[{"id": f"28:{APP_ID}"}])
    await asyncio.gather(world["admin"].installs(), world.post(added))
    assert len(world["admin"].cards()) == 1


class Dying:
    """A store whose process dies instead of noting a welcome."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def add_document(self, collection: str, key: str, doc: Json) -> Json:
        raise asyncio.CancelledError


async def test_what_waits_for_a_newcomer_comes_although_the_first_welcome_died(world: World) -> None:
    case = await world.flag()
    await world.settle()
    admin, services = world["admin"], world.bot.services
    sender = Sender(object_id=admin.object_id, user="29:admin", name="")
    address = Address(
        conversation=admin.conversation, service_url=world.connector.url, tenant=TENANT, bot=f"28:{APP_ID}"
    )
    scene = Scene(language="sv", now=services.clock(), law=services.law)
    dying = Welcomes(replace(services, store=cast("Store", Dying(services.store))))
    with pytest.raises(asyncio.CancelledError):
        await dying.installed(Installed(activity="a", sender=sender, address=address), scene)
    await admin.installs()
    await world.settle()
    assert [case in words(one) for one in admin.cards()].count(True) == 1
