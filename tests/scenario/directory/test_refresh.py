"""The groups are asked for again and again, and an answer that can't be right takes nobody's role away."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import running
from bot.organisation.file import read_file
from bot.running import at_work
from bot.settings import SettingsError, read_settings
from bot.teams.connector import open_session
from bot.teams.directory import GraphDirectory
from bot.teams.graph import Graph
from bot.teams.tokens import NoCredentials
from tests.fakes.graph import FakeGraph, user
from tests.fakes.issuer import FakeIssuer
from tests.scenario.directory.groups import ADMINS, COMMUNICATIONS, HEAD, ask_again, environ
from tests.scenario.world import World, object_id, settings_for


@pytest.mark.parametrize("status", [403, 404])
async def test_a_group_that_is_gone_empties_no_role_and_the_others_go_on(
    world: World, graph: FakeGraph, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    graph.fails(status, group=ADMINS, times=None)
    graph.groups[COMMUNICATIONS].append(user(object_id("personal"), "Pål"))
    await ask_again(world)
    organisation = world.bot.services.organisation
    assert organisation.channels["facebook-haninge"].admins == (object_id("admin"), object_id("admin2"))
    assert object_id("personal") in organisation.communications.members
    (record,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert (record.group, record.status) == (ADMINS, status)  # type: ignore[attr-defined]
    world.clock.forward(hours=25)
    await ask_again(world)
    assert world.bot.services.read_only, "the group heard of longest ago counts"


@pytest.mark.parametrize("members", [[], [user(object_id("chef"), "A"), user(object_id("admin"), "B")]])
async def test_a_head_is_one_person_and_the_last_one_known_holds(
    world: World, graph: FakeGraph, caplog: pytest.LogCaptureFixture, members: list[Any]
) -> None:
    graph.groups[HEAD] = members
    await ask_again(world)
    unit = world.bot.services.organisation.administrations["kommunstyrelseforvaltningen"]
    assert unit.head == object_id("chef")
    assert any(getattr(one, "group", None) == HEAD for one in caplog.records)


async def test_an_empty_group_is_what_entra_says_and_is_told(
    world: World, graph: FakeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    graph.groups[ADMINS] = []
    await ask_again(world)
    assert world.bot.services.organisation.channels["facebook-haninge"].admins == ()
    assert "a group that gives a role is empty" in caplog.messages


async def test_groups_are_asked_for_at_intervals_and_not_before_graph_allows_it(
    world: World, graph: FakeGraph, file: Path
) -> None:
    async with open_session() as session:
        directory = GraphDirectory(
            file=read_file(file),
            graph=Graph(session, NoCredentials(), url=graph.url),
            documents=world.bot.services.store,
            clock=world.clock,
            every=timedelta(seconds=0.05),
            hold=timedelta(hours=24),
        )
        await directory.start()
        graph.groups[ADMINS] = []
        running_on = asyncio.create_task(directory.run())
        async with asyncio.timeout(10):
            await graph.called(len(graph.calls) + 5)
        running_on.cancel()
        with suppress(asyncio.CancelledError):
            await running_on
        assert directory.current().channels["facebook-haninge"].admins == ()
        graph.fails(429, retry_after=40)
        assert await directory.refresh() == 40


async def test_a_bot_at_work_asks_by_itself(tmp_path: Path, graph: FakeGraph, file: Path) -> None:
    async with FakeIssuer() as issuer:
        settings = settings_for(tmp_path / "data", issuer, **environ(graph, file))
        settings = replace(settings, graph_refresh=timedelta(seconds=0.05))
        none = NoCredentials()
        async with running(settings, tokens=none, graph_tokens=none) as bot, at_work(bot):
            async with asyncio.timeout(10):
                await graph.called(3 * len(graph.groups))


async def test_local_mode_has_nobody_to_ask(file: Path, tmp_path: Path) -> None:
    settings = read_settings({"ORGANISATION_FILE": str(file), "STORAGE_URL": f"tinydb:{tmp_path / 'data'}"})
    with pytest.raises(SettingsError, match="names Entra groups"):
        async with running(settings):
            pass
