"""Roles by Entra groups: who may do what follows Graph, and what holds while it cannot be asked."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import running
from bot.domain.organisation import Role
from bot.organisation.file import OrganisationError, read_file
from bot.running import at_work
from bot.settings import SHIPPED_ORGANISATION, SettingsError, read_settings
from bot.teams.connector import open_session
from bot.teams.directory import GraphDirectory
from bot.teams.graph import Graph
from bot.teams.tokens import NoCredentials
from cards.payload import _BY_VERB
from tests.fakes.files import FakeFiles
from tests.fakes.graph import FakeGraph, user
from tests.fakes.issuer import FakeIssuer
from tests.scenario.pictures import sends_files
from tests.scenario.world import MONDAY, Clock, World, a_flag, a_world, inputs, object_id, settings_for, words

ADMINS = "00000000-0000-0000-0000-0000000000a1"
REGISTRARS = "00000000-0000-0000-0000-0000000000a2"
COMMUNICATIONS = "00000000-0000-0000-0000-0000000000a3"
HEAD = "00000000-0000-0000-0000-0000000000a4"
REASON = "Grovt personangrepp mot en namngiven person."
TOO_OLD = "Boten har länge inte fått veta vilka roller som gäller"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The demonstration, its roles on Facebook and in kommunstyrelseförvaltningen left to groups."""
    text = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
    one, two, chef, comms, registrar = (f"00000000-0000-0000-0000-00000000000{n}" for n in range(1, 6))
    for old, group in (
        (f"admins: [{one}, {two}]", f"admins: {{group: {ADMINS}}}"),
        (f"registrars: [{registrar}]", f"registrars: {{group: {REGISTRARS}}}"),
        (f"members: [{comms}]", f"members: {{group: {COMMUNICATIONS}}}"),
        (f"head: {chef}", f"head:\n      group: {HEAD}"),
    ):
        assert old in text
        text = text.replace(old, group, 1)
    path = tmp_path / "organisation.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    async with FakeGraph() as fake:
        fake.groups = {
            ADMINS: [
                user(object_id("admin"), "Administratör Ett"),
                user(object_id("admin2"), "Administratör Två"),
            ],
            REGISTRARS: [user(object_id("registrator"), "Registrator Ett")],
            COMMUNICATIONS: [user(object_id("kommunikation"), "Kim Karp")],
            HEAD: [user(object_id("chef"), "Cia Chef")],
        }
        yield fake


def environ(graph: FakeGraph, file: Path) -> dict[str, Any]:
    return {"GRAPH_URL": graph.url, "ORGANISATION_FILE": str(file)}


@pytest.fixture
async def world(tmp_path: Path, graph: FakeGraph, file: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path / "data", **environ(graph, file)) as one:
        yield one


async def ask_again(world: World) -> None:
    assert world.bot.graph is not None
    await world.bot.graph.refresh()


def deleting(case: str, version: int = 1) -> dict[str, Any]:
    return {"case": case, "version": version, "kind": "delete", "ground": "personangrepp", "reason": REASON}


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


async def test_a_short_absence_of_graph_changes_nothing(world: World, graph: FakeGraph) -> None:
    case = await world.flag()
    graph.fails(500, times=None)
    world.clock.forward(hours=24)
    await ask_again(world)
    answer = await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
    assert "Ska raderas" in answer.words


async def test_after_a_day_only_reading_is_left_until_graph_answers(
    world: World, graph: FakeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    admin = world["admin"]
    await world.arrive("admin")
    case = await world.flag()
    graph.fails(500, times=None)
    await world.later(hours=24, seconds=1)
    with caplog.at_level(logging.INFO):
        await ask_again(world)
        answer = await admin.sends(admin.invoke("decide", deleting(case)))
    assert TOO_OLD in answer.words
    assert inputs(answer.card)["reason"]["value"] == REASON, "what was typed is kept"
    assert "roles are too old: only reading is allowed" in caplog.messages
    assert any(getattr(one, "reason", None) == "roles_out_of_date" for one in caplog.records)
    assert "Så dumt skrivet" in words(await admin.asks_for(f"visa {case}"))
    assert case in words(await admin.asks_for("kö"))

    graph.heals()
    await ask_again(world)
    answer = await admin.sends(admin.invoke("decide", deleting(case)))
    assert "Ska raderas" in answer.words


READING: dict[str, dict[str, Any]] = {
    "duty": {"duty": "screenshot/facebook-haninge"},
    "duty_file": {"duty": "screenshot/facebook-haninge", "number": 1},
    "duties": {"scope": "mine"},
    "overview": {},
    "form": {"form": "removal"},
    "show": {},
    "registration": {},
    "list": {"what": "queue"},
    "channels": {"scope": "all"},
    "flag_form": {},
    "passage": {"passage": "granskning/1"},
    "help": {},
    "apply": {},
    "apply_form": {"kind": "open_channel"},
    "request_show": {},
    "request_read": {},
    "rules": {},
    "request_form": {"show": "comment"},
    "request_item": {},
    "request_document": {},
    "requests": {"what": "requests"},
    "language": {"language": "en"},
    "section": {"passage": "administratorens-ansvar/2"},
    "answer": {"answer": "f" * 32, "question": "Varför?"},
    "question": {"question": "FR-2026-0001"},
    "learn_form": {"question": "FR-2026-0001"},
    "learned": {},
    "unanswered": {},
}
CHANGING: dict[str, dict[str, Any]] = {
    "decide": {"kind": "keep"},
    "reverse": {"kind": "keep", "reason": REASON},
    "forward": {"to": object_id("personal")},
    "applied": {},
    "verified": {},
    "abuse": {},
    "police": {"police_reference": "5000-K1", "police_date": "2026-11-23"},
    "secure": {},
    "register": {"number": "KS 2026/1"},
    "correct": {"number": "KS 2026/2"},
    "change": {"duty": "screenshot/facebook-haninge"},
    "picture": {"picture": "f" * 32, "channel": "facebook-haninge"},
    "contacts": {"duty": "contact_details/facebook-haninge", "due": "2027-11-23", "contacts": "Växeln"},
    "contacts_same": {"duty": "contact_details/facebook-haninge", "due": "2027-11-23"},
    "evaluate": {"duty": "evaluation/kommunstyrelseforvaltningen", "due": "2027-11-23"},
    "flag": {"form": "f" * 32, "channel": "facebook-haninge", "text": "Dumt", "url": "https://example.com/1"},
    "request_save": {"kind": "working_hours_use"},
    "request_submit": {"kind": "working_hours_use"},
    "request_complete": {"kind": "working_hours_use"},
    "request_opinion": {"opinion": "supports"},
    "request_decide": {"verdict": "approved"},
    "request_ask": {"questions": "Varför?"},
    "request_resume": {},
    "request_withdraw": {},
    "request_reassign": {"to": object_id("personal")},
    "request_hand_over": {"to": object_id("personal")},
    "request_comment": {"comment": "Hej"},
    "request_register": {"item": "AN-2026-0001-1", "number": "KS 2026/1"},
    "request_correct": {"item": "AN-2026-0001-1", "number": "KS 2026/2"},
    "absence_end": {},
    "rate": {"answer": "f" * 32, "helped": "no", "question": "Varför?"},
    "ask_unit": {"answer": "f" * 32, "question": "Varför?"},
    "question_reply": {"question": "FR-2026-0001", "reply": "Därför."},
    "question_gap": {"question": "FR-2026-0001"},
    "learn_propose": {"question": "FR-2026-0001", "phrasing": "Varför?"},
    "learn_accept": {"question": "FR-2026-0001", "version": 1, "phrasing": "Varför?"},
    "learn_revoke": {"question": "FR-2026-0001", "version": 1},
    "learned_revoke": {"question": "FR-2026-0001", "version": 1},
}
RULE = {"kind": "working_hours_use", "form": "e" * 32, "rule": "På rasten", "why": "Många frågar"}


async def test_every_verb_reads_or_is_refused_while_roles_are_old(world: World, graph: FakeGraph) -> None:
    assert _BY_VERB.keys() == READING.keys() | CHANGING.keys()
    case = await world.flag()
    await world["admin"].sends(world["admin"].invoke("decide", deleting(case)))
    unit = next(iter(world.bot.services.organisation.administrations))
    ask = world["admin"].invoke("request_submit", {**RULE, "administration": unit})
    await world["admin"].sends(ask)
    stream = await world.bot.services.store.load(case)
    asked = await world.bot.services.store.load("AN-2026-0001")
    assert asked
    world.clock.forward(hours=25)
    for verb, fields in {**READING, **CHANGING}.items():
        data = {"case": case, "version": 1, "item": f"{case}-1", "request": "AN-2026-0001", **fields}
        answer = await world["admin"].sends(world["admin"].invoke(verb, data))
        told = answer.words
        refused = TOO_OLD in told or "has not been told for a long time" in told
        assert refused == (verb in CHANGING), (verb, told)
    assert await world.bot.services.store.load(case) == stream
    assert await world.bot.services.store.load("AN-2026-0001") == asked
    (row,) = await world.bot.services.store.select("open_cases")
    assert row["awaits"] == "removal"


async def test_no_screenshot_is_fetched_while_roles_are_old(world: World) -> None:
    await world.later()
    async with FakeFiles() as files:
        world.clock.forward(hours=25)
        assert TOO_OLD in words(await sends_files(world["admin"], files, "a.png"))
        assert files.asked == []


async def test_nothing_is_fetched_while_roles_are_old(world: World) -> None:
    await world.arrive("admin")
    async with FakeFiles() as files:
        files.files["bild.png"] = b"picture"
        attached = [{"name": "bild.png", "content_type": "image/png", "url": f"{files.url}/bild.png"}]
        case = await world.flag({"attachments": attached})
        world.clock.forward(hours=25)
        answer = await world["admin"].sends(world["admin"].invoke("secure", {"case": case}))
        assert TOO_OLD in answer.words
        assert files.asked == []


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


async def test_a_flag_refused_in_chat_keeps_what_was_typed(world: World) -> None:
    world.clock.forward(hours=25)
    answer = await world["personal"].sends(world["personal"].invoke("flag", CHANGING["flag"]))
    assert TOO_OLD in answer.words
    assert inputs(answer.card)["text"]["value"] == "Dumt"


async def test_flags_from_systems_come_in_all_the_same(world: World) -> None:
    """They hang on no person's role, and a post that is not taken in is a duty nobody learns of."""
    await world.arrive("admin")
    world.clock.forward(hours=25)
    assert await world["admin"].waits_for(await world.flag())


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


async def test_while_graph_is_down_it_is_asked_once_a_round(world: World, graph: FakeGraph) -> None:
    graph.fails(500, times=None)
    before = len(graph.calls)
    await ask_again(world)
    assert len(graph.calls) == before + 1


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
