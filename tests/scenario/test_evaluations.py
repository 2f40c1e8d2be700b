"""Duties that are done in words: the head's evaluation with its document, and contact details confirmed."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from bot.channels.register import ChannelRegister
from bot.domain.channels import Close, Open
from bot.domain.organisation import Platform
from bot.duties.viewing import load_duty
from bot.erasing import Erasing
from bot.exports.exporting import export
from storage.reading import Reading
from tests.scenario.request_stage import a_stage
from tests.scenario.test_duties import FIRST_NOTICE, at, kinds, told
from tests.scenario.world import World, a_world, buttons, elements, inputs, object_id, words

EVALUATION = {"reach": "Biblioteken når de unga på Instagram.", "staffing": "Två personer, vardagar."}
TITLE = "Årlig utvärdering av närvaron"
CONTACTS = "Kontaktuppgifter till kanalens administratörer"
SAVED = "Tack! Det är sparat och skickat till kommunikationsenheten."
UNIT = "Kultur- och fritidsförvaltningen"


@pytest.fixture
async def due(world: World) -> World:
    await world.arrive("admin", "admin2", "chef", "kommunikation")
    await world.later()
    await at(world, FIRST_NOTICE)
    return world


def card_of(world: World, who: str, title: str, name: str) -> dict[str, object]:
    """The newest card of the person's with this title, about this channel or administration."""
    found = [one for one in world[who].cards() if title in words(one) and name in words(one)]
    assert found, [words(one)[:90] for one in world[who].cards()]
    return found[-1]


async def test_the_head_evaluates_and_communications_get_it(due: World) -> None:
    card = card_of(due, "chef", TITLE, UNIT)
    done = await due["chef"].clicks(card, "Lämna utvärderingen", **EVALUATION)
    assert SAVED in done.words
    sent = words(await due["kommunikation"].waits_for("Årlig utvärdering inlämnad"))
    assert EVALUATION["reach"] in sent
    assert UNIT in sent
    await at(due, datetime(2027, 12, 7, 8, 0, tzinfo=UTC))
    assert told(due, "chef", TITLE, UNIT, "Försenad") == 0


async def test_an_evaluation_without_its_answers_is_refused_with_what_was_typed(due: World) -> None:
    card = card_of(due, "chef", TITLE, UNIT)
    refused = await due["chef"].clicks(card, "Lämna utvärderingen", reach="De unga.", staffing=" ")
    assert "Inget är sparat. Fyll i det som saknas." in refused.words
    assert inputs(refused.card)["reach"]["value"] == "De unga."
    assert (await kinds(due))["duty_fulfilled"] == 0
    done = await due["chef"].clicks(refused.card, "Lämna utvärderingen", **EVALUATION)
    assert SAVED in done.words


async def test_the_document_is_kept_opened_by_those_who_may_and_exported(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data", BOT_DOMAIN="bot.example.se") as world:
        await world.arrive("chef", "kommunikation")
        await world.later()
        await at(world, FIRST_NOTICE)
        await world["chef"].clicks(card_of(world, "chef", TITLE, UNIT), "Lämna utvärderingen", **EVALUATION)
        card = await world["kommunikation"].waits_for("Årlig utvärdering inlämnad")
        opened = await world["kommunikation"].clicks(card, "Öppna dokumentet")
        (url,) = [one["url"] for one in elements(opened.card) if one.get("type") == "Action.OpenUrl"]
        async with world.http.get(str(url).replace("https://bot.example.se", world.url)) as answer:
            assert answer.content_type == "application/pdf"
            document = await answer.read()
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)
        for said in (TITLE, UNIT, "Förvaltningschef", EVALUATION["reach"], "Haninges bibliotek på Facebook"):
            assert said in " ".join(text.split())
        (tmp_path / "out").mkdir()
        services = world.bot.services
        await export(
            Reading(tmp_path / "data"), tmp_path / "out", organisation=services.organisation, law=services.law
        )
    lines = (tmp_path / "out" / "fulfilments.jsonl").read_text("utf-8").splitlines()
    (row,) = [json.loads(line) for line in lines]
    assert EVALUATION["staffing"] in row["text"]
    assert (tmp_path / "out" / "files" / row["document_sha256"]).read_bytes() == document
    assert EVALUATION["reach"] not in (tmp_path / "data" / "journal.jsonl").read_text()


async def test_nobody_else_evaluates(due: World) -> None:
    data = {"duty": "evaluation/kultur-och-fritidsforvaltningen", "due": "2027-11-23", **EVALUATION}
    for who in ("admin", "personal", "registrator"):
        answer = await due[who].sends(due[who].invoke("evaluate", data))
        assert "Uppgiften finns inte, eller så får du inte se den." in answer.words
    assert (await kinds(due))["duty_fulfilled"] == 0


async def test_a_form_from_last_year_is_not_this_years(due: World) -> None:
    card = card_of(due, "chef", TITLE, UNIT)
    await due["chef"].clicks(card, "Lämna utvärderingen", **EVALUATION)
    other = due["kommunikation"].invoke(
        "evaluate", {"duty": "evaluation/kultur-och-fritidsforvaltningen", "due": "2027-11-23", **EVALUATION}
    )
    assert "redan gjort, av Förvaltningschef" in (await due["kommunikation"].sends(other)).words
    assert (await kinds(due))["duty_fulfilled"] == 1


async def test_contact_details_are_confirmed_as_they_are_or_given_anew(due: World) -> None:
    card = card_of(due, "admin2", CONTACTS, "Haninge kommun på Facebook")
    given = await due["admin2"].clicks(card, "Spara nya uppgifter", contacts="Telefon 08-606 70 00")
    assert "Telefon 08-606 70 00" in given.words
    await due["kommunikation"].waits_for("Telefon 08-606 70 00")
    next_year = datetime(2028, 10, 24, 8, 0, tzinfo=UTC)
    await at(due, next_year)
    again = card_of(due, "admin", CONTACTS, "Haninge kommun på Facebook")
    assert "Telefon 08-606 70 00" in words(again)
    confirmed = await due["admin"].clicks(again, "Uppgifterna stämmer")
    assert "Telefon 08-606 70 00" in confirmed.words
    assert "23 nov. 2029" in confirmed.words


async def test_contact_details_that_are_out_of_date_are_erased(due: World) -> None:
    store = due.bot.services.store
    for moment, given in (
        (FIRST_NOTICE, "08-606 70 00"),
        (datetime(2028, 10, 24, 8, 0, tzinfo=UTC), "08-606 71 11"),
    ):
        await at(due, moment)
        card = card_of(due, "admin2", CONTACTS, "Haninge kommun på Facebook")
        await due["admin2"].clicks(card, "Spara nya uppgifter", contacts=given)
    record = await load_duty(due.bot.services, "contact_details/facebook-haninge")
    assert record is not None
    old, new = [one.texts_ref for one in record.duty.fulfilments]
    await Erasing(store).look()
    assert await store.content(old) is None
    assert await store.content(new) is not None
    close = Close(channel="facebook-haninge", request="AN-2028-0001")
    register = ChannelRegister(store, due.bot.services.pepper)
    assert await register.carry_out(close, by=object_id("chef"), at=due.clock.now) is None
    await due.later()
    await Erasing(store).look()
    assert await store.content(new) is None


async def test_an_absent_heads_deputy_is_asked_for_the_evaluation(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        await world.arrive("chef", "stallforetradare", "kommunikation")
        await world.later()
        world.clock.now = FIRST_NOTICE
        await world["chef"].says("frånvarande till 30 november")
        await world.later()
        assert told(world, "chef", TITLE, UNIT) == 0
        card = card_of(world, "stallforetradare", TITLE, UNIT)
        done = await world["stallforetradare"].clicks(card, "Lämna utvärderingen", **EVALUATION)
        assert SAVED in done.words


async def test_without_channels_there_is_nothing_to_evaluate_until_there_is_one_again(due: World) -> None:
    services = due.bot.services
    register, by = ChannelRegister(services.store, services.pepper), object_id("chef")
    unit = "kultur-och-fritidsforvaltningen"
    for one in (await register.register()).of(unit):
        await register.carry_out(Close(channel=one.id, request="AN-2027-0001"), by=by, at=due.clock.now)
    await due.later()
    evaluation = await load_duty(services, f"evaluation/{unit}")
    assert evaluation is not None
    assert not evaluation.duty.is_open
    assert f"evaluation/{unit}" not in json.dumps(await due["chef"].asks_for("årshjul"))
    opened = Open(
        channel="x-an-2027-0002",
        platform=Platform.X,
        administration=unit,
        request="AN-2027-0002",
        texts_ref="",
        address_key="x",
    )
    await register.carry_out(opened, by=by, at=due.clock.now)
    await due.later()
    again = await load_duty(services, f"evaluation/{unit}")
    assert again is not None
    assert (again.duty.is_open, again.duty.due.year) == (True, 2028)


async def test_saving_no_details_is_refused(due: World) -> None:
    card = card_of(due, "admin2", CONTACTS, "Haninge kommun på Facebook")
    refused = await due["admin2"].clicks(card, "Spara nya uppgifter", contacts="  ")
    assert "Inget är sparat" in refused.words
    assert "Skriv de nya kontaktuppgifterna." in refused.words


async def test_a_press_delivered_twice_and_a_second_press_are_one(due: World) -> None:
    card = card_of(due, "admin2", CONTACTS, "Haninge kommun på Facebook")
    click = due["admin2"].click(card, "Uppgifterna stämmer")
    for activity in (click, click, due["admin2"].click(card, "Uppgifterna stämmer")):
        assert "Tack! Det är bekräftat." in (await due["admin2"].sends(activity)).words
    assert (await kinds(due))["duty_fulfilled"] == 1


async def test_long_before_the_day_nothing_is_asked(world: World) -> None:
    await world.arrive("admin2")
    await world.later()
    data = {"duty": "contact_details/facebook-haninge"}
    shown = await world["admin2"].sends(world["admin2"].invoke("duty", data))
    assert "Uppgifterna stämmer" not in buttons(shown.card)
    early = world["admin2"].invoke("contacts_same", {**data, "due": "2027-11-23"})
    assert "Det är för tidigt: nästa gång är 23 nov. 2027." in (await world["admin2"].sends(early)).words
