"""Requests that do not go as planned: people away, barred, gone or too late, and deliveries that come twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from bot.requests.effects import RequestEffects
from tests.fakes.graph import FakeGraph, user
from tests.scenario.request_stage import (
    FORMS,
    OPEN,
    RULE,
    a_stage,
    applies,
    decided_only,
    form,
    kinds,
    organisation_file,
    request,
)  # fmt: skip
from tests.scenario.world import MONDAY, Clock, World, a_world, buttons, inputs, object_id, words

EVERYBODY = (
    "admin", "admin2", "chef", "kommunikation", "kommunikation2", "registrator", "personal",
    "stallforetradare", "stallforetradare2",
)  # fmt: skip
GROUP = "00000000-0000-0000-0000-0000000000a1"
RULES = "Sociala medier på arbetstid"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive(*EVERYBODY)
        yield one


def file_with_group(folder: Path) -> str:
    """The library's channel has its administrators from an Entra group."""
    path = Path(organisation_file(folder))
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    (channel,) = [one for one in told["channels"] if one["id"] == "facebook-biblioteken"]
    channel["admins"] = {"group": GROUP}
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return str(path)


async def cards_of(world: World, who: str, name: str) -> list[str]:
    await world.settle()
    return [words(card) for card in world[who].cards() if name in words(card)]


async def test_a_lapsed_consultation_goes_to_the_head_who_must_say_how_it_took_place(world: World) -> None:
    name = await applies(world)
    assert await cards_of(world, "chef", name) == []
    await world.later(days=4)
    assert await cards_of(world, "chef", name) == [], "Friday is within the five working days"
    await world.later(days=4)
    card = await world["chef"].waits_for(name)
    assert "inget yttrande kom i tid" in words(card)
    refused = await world["chef"].clicks(card, "Godkänn", reason="Bra")
    assert "Skriv hur samrådet gick till" in refused.words
    assert inputs(refused.card)["reason"]["value"] == "Bra"
    done = await world["chef"].clicks(refused.card, "Godkänn", consultation="Möte den 25 november.")
    assert "Möte den 25 november." in done.words
    assert "bifall av" in done.words


async def test_an_opinion_that_comes_late_is_still_shown(world: World) -> None:
    name = await applies(world)
    await world.later(days=9)
    card = await world["kommunikation"].asks_for(f"visa {name}")
    form_ = await world["kommunikation"].clicks(card, "Yttra er", opinion="opposes", reason="För många")
    assert "(kom efter sista dagen)" in form_.words
    head = await world["chef"].waits_for(name)
    assert "avstyrker" in words(head)
    assert "consultation" not in inputs(head), "one that came late took place too"


async def test_an_absent_heads_requests_go_to_the_deputies(world: World) -> None:
    absent = await world["chef"].asks_for("Frånvarande till 12 januari")
    assert "Frånvarande till och med 12 jan. 2027" in words(absent)
    assert "Ställföreträdare ett, Ställföreträdare två" in words(absent)
    name = await applies(world, kind=RULES)
    assert await cards_of(world, "chef", name) == []
    card = await world["stallforetradare"].waits_for(name)
    assert "eftersom chefen är frånvarande" in words(card)
    assert (
        "bifall av Ställföreträdare ett, ställföreträdare"
        in (await world["stallforetradare"].clicks(card, "Godkänn")).words
    )


async def test_a_head_who_goes_away_leaves_what_waits_to_the_deputies_and_gets_it_back(world: World) -> None:
    name = await applies(world, kind=RULES)
    assert await cards_of(world, "stallforetradare", name) == []
    await world["chef"].asks_for("absent until 30 November")
    assert len(await cards_of(world, "stallforetradare", name)) == 1
    second = await applies(world, "admin2", kind=RULES)
    assert await cards_of(world, "chef", second) == []
    await world["chef"].asks_for("tillbaka")
    assert len(await cards_of(world, "chef", second)) == 1
    assert len(await cards_of(world, "chef", name)) == 1


async def test_an_absence_that_ends_by_its_day_gives_the_card_back(world: World) -> None:
    await world["chef"].asks_for("frånvarande till 23 november")
    name = await applies(world, kind=RULES)
    await world.later(days=1)
    assert len(await cards_of(world, "chef", name)) == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("frånvarande till påsk", "Jag förstod inte vilken dag."),
        ("absent until 2026-01-02", "Dagen ligger före i dag."),
        ("frånvarande till 2029-01-02", "Högst ett år framåt."),
    ],
)
async def test_an_absence_that_cannot_be_is_refused_in_words(world: World, said: str, told: str) -> None:
    assert told in words(await world["chef"].asks_for(said))
    assert "Frånvaro anges av förvaltningschefer" in words(
        await world["personal"].asks_for("frånvarande till 12 januari")
    )


async def test_when_all_who_may_decide_are_away_communications_are_told(world: World) -> None:
    for who in ("chef", "stallforetradare", "stallforetradare2"):
        await world[who].asks_for("frånvarande till 12 januari")
    name = await applies(world, kind=RULES)
    card = await world["kommunikation"].waits_for(name)
    assert "Ingen kan besluta just nu." in words(card)
    assert "Godkänn" not in buttons(card)
    assert len(await cards_of(world, "chef", name)) == 1, "who is only away may decide all the same"


async def test_a_head_who_asks_does_not_decide(world: World) -> None:
    name = await applies(world, "chef", RULES)
    card = await world["stallforetradare"].waits_for(name)
    assert "eftersom chefen själv berörs" in words(card)
    own = await world["chef"].asks_for(f"visa {name}")
    assert "Godkänn" not in buttons(own)
    assert "din egen" in words(own)
    version = (await request(world, name)).version
    forged = {"request": name, "version": version, "verdict": "approved"}
    answer = await world["chef"].sends(world["chef"].invoke("request_decide", forged))
    assert "En ställföreträdare gör det." in answer.words
    assert (await request(world, name)).decision is None


async def test_a_head_who_is_proposed_does_not_decide(world: World) -> None:
    name = await applies(world, kind="Utse en administratör", admins=object_id("chef"))
    assert await cards_of(world, "chef", name) == []
    assert "Godkänn" in buttons(await world["stallforetradare"].waits_for(name))


@pytest.mark.parametrize(
    "typed",
    ["förvaltningschef", "Fo\u0308rvaltnings\u200bchef.", "Förvaltningschef (chef)", object_id("chef")],
)
async def test_a_typed_name_passes_no_rule_about_people(world: World, typed: str) -> None:
    name = await applies(world, kind="Utse en administratör", admins="", typed_admins=typed)
    assert (await request(world, name)).form.people == (object_id("chef"),)
    assert await cards_of(world, "chef", name) == []


async def test_two_deputies_at_once_give_one_decision(world: World) -> None:
    name = await applies(world, "chef", RULES)
    deputies = ("stallforetradare", "stallforetradare2")
    clicks = [world[who].click(await world[who].waits_for(name), "Godkänn") for who in deputies]
    pairs = zip(deputies, clicks, strict=True)
    answers = await asyncio.gather(*(world[who].sends(click) for who, click in pairs))
    assert sum("Redan avgjord av Ställföreträdare" in one.words for one in answers) == 1
    assert (await kinds(world, name)).count("request_decided") == 1


async def test_the_head_who_presses_after_a_withdrawal_is_told_who_withdrew(world: World) -> None:
    name = await applies(world, kind=RULES)
    card = await world["chef"].waits_for(name)
    asked = await world["admin"].asks_for(f"visa {name}")
    form_ = await world["admin"].clicks(asked, "Återkalla…")
    gone = await world["admin"].clicks(form_.card, "Återkalla ansökan", note="Behövs inte")
    assert "Återkallad" in gone.words
    late = await world["chef"].clicks(card, "Godkänn")
    assert "Återkallad av Administratör ett" in late.words
    await world.settle()
    assert "Godkänn" not in buttons(await world["chef"].waits_for(name))


async def test_a_head_passes_a_request_on_to_a_deputy(world: World) -> None:
    name = await applies(world, kind=RULES)
    card = await world["chef"].waits_for(name)
    form_ = await world["chef"].clicks(card, "Till ställföreträdare…")
    await world["chef"].clicks(form_.card, "Lämna över", to=object_id("stallforetradare2"), note="Tar du?")
    assert "Lämnad över till ställföreträdare." in words(await world["stallforetradare2"].waits_for(name))
    assert await cards_of(world, "stallforetradare", name) == []


async def test_nothing_is_passed_on_to_a_deputy_who_is_away(world: World) -> None:
    await world["stallforetradare2"].asks_for("frånvarande till 12 januari")
    name = await applies(world, kind=RULES)
    form_ = await world["chef"].clicks(await world["chef"].waits_for(name), "Till ställföreträdare…")
    offered = [one["value"] for one in inputs(form_.card)["to"]["choices"]]
    assert offered == [object_id("stallforetradare")]
    to_absent = world["chef"].invoke(
        "request_reassign", {"request": name, "to": object_id("stallforetradare2")}
    )
    refused = await world["chef"].sends(to_absent)
    assert "Ställföreträdaren är frånvarande till och med 12 jan. 2027. Välj en annan." in refused.words
    assert (await request(world, name)).reassigned == ()


async def test_a_requester_who_leaves_hands_over_or_is_done_without(world: World) -> None:
    name = await applies(world, kind=RULES)
    card = await world["chef"].waits_for(name)
    ask = await world["chef"].clicks(card, "Begär komplettering")
    await world["chef"].clicks(ask.card, "Begär komplettering", questions="Från när?")
    shown = await world["chef"].asks_for(f"visa {name}")
    form_ = await world["chef"].clicks(shown, "Byt sökande…")
    await world["chef"].clicks(form_.card, "Byt sökande", to=object_id("personal"))
    card = await world["personal"].waits_for(name)
    assert "Du ombeds komplettera ansökan." in words(card)
    assert "Ansökan har fått en annan sökande." in words(await world["admin"].waits_for(name))
    shown = await world["chef"].asks_for(f"visa {name}")
    on = await world["chef"].clicks(shown, "Gå vidare utan svar")
    assert "Väntar på beslut" in on.words


async def test_a_head_who_is_named_does_not_get_rid_of_the_request(world: World) -> None:
    name = await applies(world, kind="Utse en administratör", admins=object_id("chef"))
    assert "Byt sökande…" not in buttons(await world["chef"].asks_for(f"visa {name}"))
    seen = (await request(world, name)).version
    hand_made = {"request": name, "version": seen, "to": object_id("personal")}
    refused = await world["chef"].sends(world["chef"].invoke("request_hand_over", hand_made))
    assert "Du kan inte besluta om en ansökan som nämner dig." in refused.words
    assert (await request(world, name)).requester == object_id("admin")


async def test_communications_are_not_made_the_requester(world: World) -> None:
    name = await applies(world)
    form_ = await world["admin"].clicks(await world["admin"].asks_for(f"visa {name}"), "Byt sökande…")
    offered = {one["value"] for one in inputs(form_.card)["to"]["choices"]}
    barred = ("admin", "chef", "stallforetradare", "kommunikation", "kommunikation2")
    assert offered.isdisjoint(map(object_id, barred))
    assert object_id("personal") in offered
    seen = (await request(world, name)).version
    hand_made = {"request": name, "version": seen, "to": object_id("kommunikation")}
    refused = await world["admin"].sends(world["admin"].invoke("request_hand_over", hand_made))
    assert "Den som är med på kommunikationsenheten kan inte ta över en ansökan" in refused.words
    assert (await request(world, name)).status == "consultation"


async def test_a_requester_who_cannot_be_reached_is_told_to_communications(world: World) -> None:
    name = await applies(world, kind=RULES)
    card = await world["chef"].waits_for(name)
    gone = world["admin"].activity("installationUpdate", action="remove")
    gone["timestamp"] = "2026-11-25T10:00:00.000Z"
    await world.post(gone)
    ask = await world["chef"].clicks(card, "Begär komplettering")
    await world["chef"].clicks(ask.card, "Begär komplettering", questions="Från när?")
    card = await world["kommunikation"].waits_for(name)
    assert "Sökanden kan inte nås." in words(card)


async def test_an_administrator_who_cannot_be_reached_is_told_to_communications(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        await world.arrive(*(one for one in EVERYBODY if one != "personal"))
        name = await applies(world, kind="Utse en administratör")
        await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn")
        card = await world["kommunikation"].waits_for("Den nya administratören kan inte nås")
        assert name in words(card)
        channel = world.bot.services.organisation.channels["facebook-biblioteken"]
        assert object_id("personal") in channel.admins, "the role is there all the same"


async def test_an_unreachable_heads_requests_go_to_the_deputies(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        await world.arrive(*(one for one in EVERYBODY if one != "chef"))
        name = await applies(world, kind=RULES)
        card = await world["stallforetradare"].waits_for(name)
        assert "Chefen har inte svarat" in words(card)
        assert "bifall av" in (await world["stallforetradare"].clicks(card, "Godkänn")).words


async def test_who_turns_up_later_gets_what_waits(tmp_path: Path) -> None:
    async with a_stage(tmp_path, deputies=[]) as world:
        await world.arrive("admin", "kommunikation")
        name = await applies(world, kind=RULES)
        assert "Ingen som ska svara kan nås." in words(await world["kommunikation"].waits_for(name))
        await world.arrive("chef")
        assert "Godkänn" in buttons(await world["chef"].waits_for(name))


async def test_nobody_is_appointed_twice(world: World) -> None:
    card = await form(world, "admin", "Utse en administratör")
    twice = {**FORMS["Utse en administratör"], "admins": object_id("admin2")}
    answer = await world["admin"].clicks(card, "Skicka in", **twice)
    assert "administrerar redan kanalen" in answer.words


async def test_two_requests_for_the_same_administrator_end_in_one_role(world: World) -> None:
    first = await applies(world, kind="Utse en administratör")
    second = await applies(world, kind="Utse en administratör")
    cards = [await world["chef"].asks_for(f"visa {name}") for name in (first, second)]
    for card in cards:
        last = await world["chef"].clicks(card, "Godkänn")
    assert "administrerar redan kanalen" in last.words


async def test_of_two_the_one_who_is_no_administrator_yet_is_appointed(world: World) -> None:
    both = f"{object_id('personal')},{object_id('registrator')}"
    first = await applies(world, kind="Utse en administratör", admins=both)
    second = await applies(world, kind="Utse en administratör")
    await world["chef"].clicks(await world["chef"].asks_for(f"visa {second}"), "Godkänn")
    third = await applies(world, kind="Utse en administratör", admins=object_id("registrator"))
    done = await world["chef"].clicks(await world["chef"].asks_for(f"visa {first}"), "Godkänn")
    assert "bifall av" in done.words
    await world.settle()
    decision = (await request(world, first)).decision
    assert decision is not None
    assert {one.person for one in decision.made.effects} == {object_id("registrator"), ""}
    admins = world.bot.services.organisation.channels["facebook-biblioteken"].admins
    assert {object_id("personal"), object_id("registrator")} <= set(admins)
    shown = await world["chef"].asks_for(f"visa {third}")
    assert "Registrator administrerar redan kanalen" in words(shown)
    assert "Godkänn" not in buttons(shown)


async def test_who_administers_by_a_group_is_removed_in_the_group(tmp_path: Path) -> None:
    path = file_with_group(tmp_path)
    async with FakeGraph() as graph:
        graph.groups[GROUP] = [user(object_id("admin2"), "Administratör två")]
        async with a_world(tmp_path / "data", ORGANISATION_FILE=path, GRAPH_URL=graph.url) as world:
            await world.arrive("admin", "admin2", "chef", "kommunikation")
            card = await form(world, "admin", "Ta bort en administratör")
            answer = await world["admin"].clicks(card, "Skicka in", **FORMS["Ta bort en administratör"])
            assert "Administratör två administrerar kanalen genom en grupp i Entra ID." in answer.words
            assert "administrerar inte kanalen" not in answer.words


async def test_one_in_the_register_and_in_the_group_is_told_what_still_holds(tmp_path: Path) -> None:
    async with a_stage(tmp_path):
        pass  # the file's administrators are taken into the register
    path = file_with_group(tmp_path)
    async with FakeGraph() as graph:
        graph.groups[GROUP] = [user(object_id("admin2"), "Administratör två")]
        async with a_world(tmp_path / "data", ORGANISATION_FILE=path, GRAPH_URL=graph.url) as world:
            await world.arrive(*EVERYBODY)
            name = await applies(world, kind="Ta bort en administratör")
            await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn")
            told = words(
                await world["admin2"].waits_for("Du administrerar fortfarande kanalen genom en grupp")
            )
            assert name in told
            told = words(await world["kommunikation"].waits_for("Kontaktuppgifter till administratörer"))
            assert "Den som sköter gruppen tar bort dem där:\nAdministratör två" in told
            assert "Administrerar inte längre" not in told


async def test_communications_are_told_who_was_removed(world: World) -> None:
    name = await applies(world, kind="Ta bort en administratör")
    await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn")
    told = words(await world["kommunikation"].waits_for("Kontaktuppgifter till administratörer"))
    assert "Administrerar inte längre: \nAdministratör två" in told


async def test_closing_a_channel_tells_its_administrators_that_the_role_has_ended(world: World) -> None:
    name = await applies(world, kind="Avsluta en kanal")
    await world.later(days=9)
    await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn", consultation="Per telefon.")
    told = words(await world["admin2"].waits_for("Du administrerar inte längre kanalen"))
    assert "Kanalen är avslutad, så rollen har upphört." in told
    assert "Haninges bibliotek" in told
    assert name in told


async def test_a_channel_that_is_there_already_is_not_opened_again(world: World) -> None:
    card = await form(world, "admin", "Öppna en kanal")
    there = {**OPEN, "address": "https://facebook.com/HaningeBibliotek/"}
    answer = await world["admin"].clicks(card, "Skicka in", **there)
    assert "finns redan i registret" in answer.words
    assert inputs(answer.card)["purpose"]["value"] == OPEN["purpose"]


async def test_a_double_click_on_the_form_is_one_request(world: World) -> None:
    card = await form(world, "admin", RULES)
    answers = await asyncio.gather(*(world["admin"].clicks(card, "Skicka in", **RULE) for _ in range(3)))
    assert all("AN-2026-0001" in one.words for one in answers)
    doc = await world.bot.services.store.get("request_counters", "2026")
    assert doc == {"last": 1}


async def test_a_decision_delivered_again_gets_the_same_answer_and_no_second_record(world: World) -> None:
    name = await applies(world, kind=RULES)
    click = world["chef"].click(await world["chef"].waits_for(name), "Godkänn")
    answers = [await world["chef"].sends(click) for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert (await kinds(world, name)).count("request_decided") == 1


async def test_a_repeat_of_somebody_elses_click_is_not_answered_as_theirs(world: World) -> None:
    name = await applies(world, kind=RULES)
    click = world["chef"].click(await world["chef"].waits_for(name), "Godkänn")
    await world["chef"].sends(click)
    stolen = {**click, "from": world["personal"].activity("message")["from"]}
    assert RULE["rule"] not in str((await world["personal"].sends(stolen)).body)


async def test_an_opinion_that_was_not_chosen_is_none(world: World) -> None:
    name = await applies(world)
    card = await world["kommunikation"].waits_for(name)
    assert "value" not in inputs(card)["opinion"], "nobody is led to one"
    refused = await world["kommunikation"].clicks(card, "Yttra er", opinion="", reason="Det är en bra idé.")
    assert "Välj tillstyrker, avstyrker eller ingen erinran." in refused.words
    assert inputs(refused.card)["reason"]["value"] == "Det är en bra idé."
    assert "opinion_given" not in "".join(await kinds(world, name))


async def test_a_request_that_one_may_not_see_is_as_unknown_as_one_that_is_not_there(world: World) -> None:
    name = await applies(world, kind=RULES)
    hidden = words(await world["personal"].asks_for(f"visa {name}"))
    unknown = words(await world["personal"].asks_for("visa AN-2026-0999"))
    assert hidden.replace(name, "X") == unknown.replace("AN-2026-0999", "X")


async def test_who_is_silent_is_reminded_then_deputies_are_called_then_communications_told(
    world: World,
) -> None:
    name = await applies(world, kind=RULES)
    await world.later(days=2, hours=1)
    assert any("Påminnelse" in one for one in await cards_of(world, "chef", name))
    await world.later(days=5)
    assert "Chefen har inte svarat" in (await cards_of(world, "stallforetradare", name))[-1]
    await world.later(days=9)
    assert "har stått still länge" in (await cards_of(world, "kommunikation", name))[-1]
    before = len(world.connector.sent)
    await world.later(hours=1)
    assert len(world.connector.sent) == before, "each once"


async def test_a_bot_that_dies_between_decision_and_effect_carries_it_out_at_the_next_look(
    tmp_path: Path,
) -> None:
    clock = Clock(MONDAY)
    async with a_stage(tmp_path, clock=clock) as world:
        await world.arrive(*EVERYBODY)
        name = await applies(world, kind="Utse en administratör")
        await decided_only(world, name)
        owed = (await request(world, name)).effects_left
    async with a_stage(tmp_path, clock=clock) as world:
        await world.later(minutes=1)
        await world.later(minutes=1)
        admins = world.bot.services.organisation.channels["facebook-biblioteken"].admins
        assert admins.count(object_id("personal")) == 1
        assert (await request(world, name)).effects_left == ()
        events = [event.kind async for event in world.bot.services.store.events()]
        assert events.count("admin_appointed") == 1
        assert events.count("request_effect_carried_out") == len(owed)


async def test_an_effect_that_was_done_but_not_noted_is_found_to_be_so(tmp_path: Path) -> None:
    """As after a death between the register's event and the request's."""
    async with a_stage(tmp_path) as world:
        await world.arrive(*EVERYBODY)
        name = await applies(world)
        await world.later(days=9)
        card = await world["chef"].waits_for(name)
        await world["chef"].clicks(card, "Godkänn", consultation="Per telefon.")
        effects = RequestEffects(world.bot.services)
        before = await request(world, name)
        (opening, *_) = before.decision.made.effects if before.decision else ()
        again = await effects._one(opening, before)
        assert again is not None
        assert again.noted.outcome == "needless"
