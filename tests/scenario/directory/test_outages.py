"""What holds while Graph cannot be asked: the roles as they were last heard, and for how long."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.organisation.file import OrganisationError, read_file
from bot.teams.connector import open_session
from bot.teams.directory import GraphDirectory
from bot.teams.graph import Graph
from bot.teams.tokens import NoCredentials
from tests.fakes.graph import FakeGraph
from tests.scenario.directory.groups import ADMINS, REGISTRARS, TOO_OLD, ask_again, deleting, environ
from tests.scenario.world import MONDAY, Clock, World, a_world, object_id


async def test_a_short_absence_of_graph_changes_nothing(world: World, graph: FakeGraph) -> None:
    case = await world.flag()
    graph.fails(500, times=None)
    world.clock.forward(hours=24)
    await ask_again(world)
    answer = await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
    assert "Ska raderas" in answer.words


@pytest.mark.parametrize("later", [0, 72])
async def test_roles_heard_while_the_clock_was_ahead_hold_no_longer(
    world: World, graph: FakeGraph, later: int
) -> None:
    world.clock.forward(days=300)
    await ask_again(world)
    world.clock.forward(days=-300)
    graph.fails(500, times=None)
    world.clock.forward(hours=later)
    await ask_again(world)
    assert world.bot.services.read_only
    graph.heals()
    await ask_again(world)
    assert not world.bot.services.read_only


async def test_a_clock_that_is_set_back_a_little_changes_nothing(world: World) -> None:
    world.clock.forward(seconds=-30)
    assert not world.bot.services.read_only


async def test_roles_hold_no_longer_when_the_clock_stands_still(
    world: World, graph: FakeGraph, file: Path
) -> None:
    passed = 0.0
    async with open_session() as session:
        directory = GraphDirectory(
            file=read_file(file),
            graph=Graph(session, NoCredentials(), url=graph.url),
            documents=world.bot.services.store,
            clock=world.clock,
            every=timedelta(minutes=10),
            hold=timedelta(hours=24),
            elapsed=lambda: passed,
        )
        await directory.start()
        assert directory.fresh(world.clock())
        passed += 25 * 3600
        assert not directory.fresh(world.clock())


async def test_a_restart_while_graph_is_down_still_knows_the_roles(
    tmp_path: Path, graph: FakeGraph, file: Path
) -> None:
    clock, told = Clock(MONDAY), environ(graph, file)
    async with a_world(tmp_path / "data", clock=clock, **told) as world:
        case = await world.flag()
    graph.fails(500, times=None)
    clock.forward(hours=2)
    async with a_world(tmp_path / "data", clock=clock, **told) as world:
        assert world.bot.services.organisation.person(object_id("admin")).name
        answer = await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
        assert "Ska raderas" in answer.words
        case = await world.flag()
    clock.forward(hours=23)
    async with a_world(tmp_path / "data", clock=clock, **told) as world:
        answer = await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
        assert TOO_OLD in answer.words


async def test_what_one_instance_heard_last_is_not_overwritten_by_what_another_heard_before(
    world: World, graph: FakeGraph, file: Path
) -> None:
    def elapsed() -> float:
        return (world.clock() - MONDAY).total_seconds()

    async with open_session() as session:

        def instance() -> GraphDirectory:
            return GraphDirectory(
                file=read_file(file),
                graph=Graph(session, NoCredentials(), url=graph.url),
                documents=world.bot.services.store,
                clock=world.clock,
                every=timedelta(minutes=10),
                hold=timedelta(hours=24),
                elapsed=elapsed,
            )

        behind, ahead = instance(), instance()
        await behind.start()
        await ahead.start()
        graph.groups[ADMINS] = []
        world.clock.forward(hours=1)
        await ahead.refresh()
        graph.fails(500, times=None)
        await behind.refresh()
        restarted = instance()
        await restarted.start()
        assert restarted.current().channels["facebook-haninge"].admins == ()


async def test_how_long_roles_hold_is_a_setting(tmp_path: Path, graph: FakeGraph, file: Path) -> None:
    told: dict[str, Any] = {**environ(graph, file), "ROLES_HOLD_HOURS": "1.5"}
    async with a_world(tmp_path / "data", **told) as world:
        world.clock.forward(hours=1.5)
        assert not world.bot.services.read_only
        world.clock.forward(seconds=1)
        assert world.bot.services.read_only


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_the_bot_does_not_start_with_a_role_that_nobody_knows(
    tmp_path: Path, graph: FakeGraph, file: Path, status: int
) -> None:
    graph.fails(status, group=REGISTRARS, times=None)
    with pytest.raises(OrganisationError, match=f"Entra group {REGISTRARS}: .*GroupMember.Read.All"):
        async with a_world(tmp_path / "data", **environ(graph, file)):
            pass


async def test_while_graph_is_down_it_is_asked_once_a_round(world: World, graph: FakeGraph) -> None:
    graph.fails(500, times=None)
    before = len(graph.calls)
    await ask_again(world)
    assert len(graph.calls) == before + 1
