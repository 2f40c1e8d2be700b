"""People whom the organisation file doesn't name: found by a people picker, named by Graph or by what Teams tells."""

import logging
from pathlib import Path

import pytest

from tests.fakes.graph import FakeGraph
from tests.scenario.request_stage import a_stage, applies
from tests.scenario.world import World, object_id, words

NEW = object_id("stranger")
NAME = "Ny medarbetare"
APPOINT = "Utse en administratör"


async def appointed(world: World) -> str:
    name = await applies(world, kind=APPOINT, admins=NEW)
    await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn")
    await world.settle()
    return name


async def test_who_was_picked_is_named_for_the_head_and_from_then_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeGraph(names={NEW: NAME}) as graph, a_stage(tmp_path, graph=graph.url) as world:
        await world.arrive("admin", "chef", "kommunikation", "registrator")
        name = await applies(world, kind=APPOINT, admins=NEW)
        assert NAME in words(await world["chef"].waits_for(name))
        await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn")
        await world.settle()
        assert NAME in words(await world["kommunikation"].waits_for("Kontaktuppgifter till administratörer"))
        assert NAME in words(await world["kommunikation"].asks_for("kanaler"))
        assert graph.asked_for == [NEW], "once, whatever is shown"
    async with a_stage(tmp_path) as world:
        assert NAME in words(await world["kommunikation"].asks_for("kanaler")), (
            "a start without Graph knows it"
        )
    assert not [line for line in caplog.messages if NAME in line]


async def test_a_name_that_graph_does_not_tell_holds_nothing_up_and_is_learned_from_teams(
    tmp_path: Path,
) -> None:
    async with FakeGraph(names=None) as graph, a_stage(tmp_path, graph=graph.url) as world:
        await world.arrive("admin", "chef", "kommunikation", "registrator")
        name = await appointed(world)
        assert await world.bot.services.store.documents("names") == {}
        await world["personal"].says("hjälp")
        assert f"Okänd ({NEW[:8]}…)" in words(await world["chef"].asks_for(f"visa {name}"))
        assert graph.asked_for == [NEW], "not again for every card"
        await world["stranger"].says("hjälp")
        told = words(await world["kommunikation"].asks_for("kanaler"))
        assert "stranger" in told
        assert "stranger" in words(await world["chef"].asks_for(f"visa {name}"))
        case = await world.flag(channel="facebook-biblioteken")
        assert case in words(await world["stranger"].waits_for(case))


async def test_nobody_is_asked_while_a_card_is_made(tmp_path: Path) -> None:
    """Graph was away when the form came in, and is back: the next look asks, and no reader waits for it."""
    async with a_stage(tmp_path) as world:
        await world.arrive("admin", "chef")
        name = await applies(world, kind=APPOINT, admins=NEW)
        clock = world.clock
    async with (
        FakeGraph(names={NEW: NAME}) as graph,
        a_stage(tmp_path, graph=graph.url, clock=clock) as world,
    ):
        assert f"Okänd ({NEW[:8]}…)" in words(await world["chef"].asks_for(f"visa {name}"))
        assert graph.asked_for == []
        await world.later()
        assert NAME in words(await world["chef"].asks_for(f"visa {name}"))
        assert graph.asked_for == [NEW]


async def test_nobodys_name_is_kept_because_they_wrote(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        await world["stranger"].says("hjälp")
        await world["stranger"].says("Måste raderade inlägg diarieföras?")
        assert await world.bot.services.store.documents("names") == {}
