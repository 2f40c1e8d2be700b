"""Who may do what follows the groups: with a role comes what it may see and decide, and with it that goes."""

import json
from pathlib import Path

import pytest

from bot.domain.organisation import Role
from tests.fakes.graph import FakeGraph, user
from tests.scenario.directory.groups import (
    ADMINS,
    COMMUNICATIONS,
    REASON,
    REGISTRARS,
    ask_again,
    deleting,
    environ,
)
from tests.scenario.world import World, a_flag, a_world, object_id, words


def leave_out(file: Path, told: str) -> None:
    """The lines that say so."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(one for one in lines if told not in one), encoding="utf-8")


async def test_the_members_of_a_group_have_its_role(world: World, graph: FakeGraph) -> None:
    await world.arrive("admin", "admin2", "registrator")
    case = await world.flag()
    card = await world["admin2"].waits_for(case)
    answer = await world["admin2"].clicks(card, "Radera", ground="personangrepp", reason=REASON)
    assert "Ska raderas" in answer.words
    await world["registrator"].waits_for(case)
    organisation = world.bot.services.organisation
    assert Role.COMMUNICATIONS in organisation.roles(object_id("kommunikation"))
    assert organisation.administrations["kommunstyrelseforvaltningen"].head == object_id("chef")
    assert len(graph.calls) == 4


async def test_a_name_in_the_file_goes_before_the_one_in_entra(world: World, graph: FakeGraph) -> None:
    newcomer = "00000000-0000-0000-0000-000000000077"
    graph.groups[ADMINS].append(user(newcomer, "Nils Ny"))
    await ask_again(world)
    assert world.bot.services.organisation.person(newcomer).name == "Nils Ny"
    assert world.bot.services.organisation.person(object_id("admin")).name == "Administratör ett"


async def test_who_leaves_the_group_loses_the_role_at_the_next_look(world: World, graph: FakeGraph) -> None:
    case = await world.flag()
    graph.groups[ADMINS] = [user(object_id("admin2"), "Administratör Två")]
    await ask_again(world)
    answer = await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
    assert "finns inte, eller så får du inte se det" in answer.words
    answer = await world["admin2"].sends(world["admin2"].invoke("decide", deleting(case)))
    assert "Ska raderas" in answer.words


@pytest.mark.parametrize(
    ("locale", "button", "told"),
    [("sv-SE", "Radera", "inte längre ditt"), ("en-US", "Delete", "no longer yours")],
)
async def test_who_may_no_longer_see_a_case_is_told_no_more_of_it(
    world: World, graph: FakeGraph, locale: str, button: str, told: str
) -> None:
    world["admin"].locale = locale
    await world.arrive("admin", "admin2", "registrator")
    flag = a_flag({"text": "Första texten"})
    case = (await world.post_flag(flag))[1]["case"]
    card = await world["admin"].waits_for(case)
    await world["admin"].clicks(card, button, ground="personangrepp", reason=REASON)
    await world.settle()
    graph.groups[ADMINS] = [user(object_id("admin2"), "Administratör Två")]
    await ask_again(world)
    sent, before = len(world.connector.sent), words(await world["admin"].asks_for("mina beslut"))
    assert case in before
    assert "Första texten" not in before
    flag["post"]["text"] = "Andra texten"
    await world.post_flag(flag)
    await world.later(hours=30)
    (card,) = (one for one in world["admin"].cards() if told in words(one))
    assert case in words(card)
    shown = json.dumps(world["admin"].cards(), ensure_ascii=False)
    assert "Första texten" not in shown
    assert "Andra texten" not in shown
    new = [one for one in world.connector.sent[sent:] if one.conversation == world["admin"].conversation]
    assert len(new) == 1, "the list that was asked for, and no reminder"
    assert "Andra texten" in words(await world["admin2"].waits_for(case))


async def test_a_registrar_who_has_left_is_told_no_more_of_an_item(world: World, graph: FakeGraph) -> None:
    await world.arrive("admin", "registrator")
    case = await world.flag({"text": "Första texten"})
    await world.settle()
    await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
    assert "Första texten" in words(await world["registrator"].waits_for(f"{case}-1"))
    graph.groups[REGISTRARS] = [user("00000000-0000-0000-0000-0000000000ee", "Ny Registrator")]
    await ask_again(world)
    again = {"case": case, "version": 2, "kind": "keep", "reason": REASON}
    await world["admin"].sends(world["admin"].invoke("reverse", again))
    card = await world["registrator"].waits_for("Ärendet är inte längre ditt")
    assert "Första texten" not in words(card)


async def test_who_a_case_was_forwarded_to_keeps_it_until_the_organisation_knows_them_no_more(
    tmp_path: Path, graph: FakeGraph, file: Path
) -> None:
    leave_out(file, "name: Medarbetare")
    expert = user(object_id("personal"), "Medarbetare")
    graph.groups[COMMUNICATIONS].append(expert)
    async with a_world(tmp_path / "data", **environ(graph, file)) as world:
        await world.arrive("admin", "personal")
        case, later = await world.flag(), await world.flag()
        for one in (case, later):
            forward = {"case": one, "version": 1, "to": expert["id"], "purpose": "answer"}
            await world["admin"].sends(world["admin"].invoke("forward", forward))
        graph.groups[COMMUNICATIONS].remove(expert)
        graph.groups[REGISTRARS].append(expert)  # another role, but still of the organisation
        await ask_again(world)
        assert later in words(await world["personal"].asks_for("kö"))
        decided = await world["personal"].sends(world["personal"].invoke("decide", deleting(case, 2)))
        assert "Ska raderas" in decided.words
        graph.groups[REGISTRARS].remove(expert)
        await ask_again(world)
        assert later not in words(await world["personal"].asks_for("kö"))
        refused = await world["personal"].sends(world["personal"].invoke("decide", deleting(later, 2)))
        assert "Ska raderas" not in refused.words
        assert [one.kind for one in await world.bot.services.store.load(later)] == ["flagged", "assigned"]
