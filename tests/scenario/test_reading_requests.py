"""Whoever decides, is consulted or asked can read every character of a request before it is decided."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.requests import KINDS, FieldType
from cards.untrusted import shown
from tests.scenario.request_stage import OPEN, a_stage, applies, request
from tests.scenario.world import Json, World, buttons, inputs, words
from tests.unit.card_checks import MAX_BYTES, elements, size

READ, BACK, NEXT = "Visa hela ansökan", "Tillbaka till ansökan", "Nästa sida"
PROSE = "Vi vill nå unga där de är, med korta filmer om fritid och om kommunens verksamhet. "
LETTERS = {"prose": PROSE, "emoji": "😀👍", "lines": "å\n", "controls": "a\u202eb", "unbroken": "å"}


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive("admin", "chef", "kommunikation", "personal")
        yield one


def prose(longest: int, end: str, letters: str = PROSE) -> str:
    return (letters * longest)[: longest - len(end)] + end


def longest_form(letters: str) -> dict[str, str]:
    """Every text of the form that opens a channel, as long as it may be."""
    texts = {
        one.name: prose(one.longest, f"Slut på {one.name}", letters)
        for one in KINDS["open_channel"].fields
        if one.type in {FieldType.TEXT, FieldType.CONTACT}
    }
    address = "https://www.tiktok.com/@" + "a" * 1976
    return {**texts, "name": prose(200, "Slut på namnet"), "address": address}


def said(card: Json) -> str:
    return "".join(one["text"] for one in elements(card) if one["type"] == "TextRun")


def texts_of(page: Json) -> str:
    """What stands in full on a page, without what tells which page it is."""
    return "".join(said(one) for one in elements(page) if one["type"] == "Container")


async def read(world: World, who: str, card: Json) -> str:
    """All that the card says, or the pages that "Visa hela ansökan" leads to; the last one leads back to the request."""
    if READ not in buttons(card):
        assert "avkortad" not in words(card)
        assert size(card) <= MAX_BYTES
        return said(card)
    page, told = (await world[who].clicks(card, READ)).card, ""
    while True:
        assert size(page) <= MAX_BYTES
        assert not inputs(page)
        told += texts_of(page)
        if NEXT not in buttons(page):
            break
        page = (await world[who].clicks(page, NEXT)).card
    back = (await world[who].clicks(page, BACK)).card
    assert READ in buttons(back)
    return told


@pytest.mark.parametrize("letters", LETTERS)
async def test_every_character_of_the_longest_form_is_read_before_the_decision(
    world: World, letters: str
) -> None:
    form = longest_form(LETTERS[letters])
    reason = prose(3000, "Slut på yttrandet", LETTERS[letters])
    name = await applies(world, **form)
    consulted = await world["kommunikation"].waits_for(name)
    told = {"kommunikation": await read(world, "kommunikation", consulted)}
    await world["kommunikation"].clicks(consulted, "Yttra er", opinion="opposes", reason=reason)
    told["chef"] = await read(world, "chef", await world["chef"].waits_for(name))
    told["admin"] = await read(world, "admin", await world["admin"].asks_for(f"visa {name}"))
    for who, words_read in told.items():
        missing = [
            one for one, text in form.items() if one != "name" and shown(text.strip()) not in words_read
        ]
        assert not missing, (who, missing)
    assert letters == "prose" or READ in buttons(consulted)
    assert shown(reason) in told["chef"]
    assert shown(reason) in told["admin"]
    assert (await request(world, name)).decision is None


@pytest.mark.parametrize("longest", [400, 1000, 1500])
async def test_an_ordinary_form_is_read_on_the_card_itself(world: World, longest: int) -> None:
    texts = {one: prose(longest, f"Slut på {one}") for one in ("purpose", "why_not_existing", "staffing")}
    opinion = prose(longest, "Slut på yttrandet")
    name = await applies(world, **texts)
    card = await world["kommunikation"].waits_for(name)
    await world["kommunikation"].clicks(card, "Yttra er", opinion="opposes", reason=opinion)
    card = await world["chef"].waits_for(name)
    assert [text for text in (*texts.values(), opinion) if text not in said(card)] == []
    assert "avkortad" not in words(card)
    assert READ not in buttons(card)


async def test_a_short_text_leaves_its_room_to_a_long_one(world: World) -> None:
    """All that is short stands in full, whatever else there is; what is cut says where it is read."""
    form = longest_form(LETTERS["emoji"])
    name = await applies(world, **{**form, "name": "Kort namn", "target_group": "13 till 19 år"})
    card = await world["chef"].asks_for(f"visa {name}")
    assert "Kort namn" in said(card)
    assert "13 till 19 år" in said(card)
    assert "Hela texten (2000 tecken) läser du med Visa hela ansökan." in words(card)
    assert size(card) <= MAX_BYTES


async def test_a_long_question_is_read_by_whoever_is_to_answer_it(world: World) -> None:
    questions = prose(2000, "Slut på frågan")
    name = await applies(world, **longest_form(PROSE))
    card = await world["kommunikation"].waits_for(name)
    asking = await world["kommunikation"].clicks(card, "Begär komplettering")
    await world["kommunikation"].clicks(asking.card, "Begär komplettering", questions=questions)
    card = await world["admin"].waits_for(name)
    assert inputs(card)
    assert questions in await read(world, "admin", card)


async def test_every_comment_is_read_however_many_there_are(world: World) -> None:
    name = await applies(world)
    for number in range(6):
        card = await world["kommunikation"].asks_for(f"visa {name}")
        writing = await world["kommunikation"].clicks(card, "Kommentera…")
        await world["kommunikation"].clicks(writing.card, "Kommentera", comment=f"Påpekande {number}")
    card = await world["admin"].asks_for(f"visa {name}")
    assert "Påpekande 0" not in said(card)
    told = await read(world, "admin", card)
    assert all(f"Påpekande {number}" in told for number in range(6))


async def test_a_rule_for_working_hours_is_read_in_full(world: World) -> None:
    rule = prose(4000, "Slut på regeln", LETTERS["emoji"])
    name = await applies(world, kind="Sociala medier på arbetstid", rule=rule)
    card = await world["chef"].waits_for(name)
    await world["chef"].clicks(card, "Godkänn")
    await world.settle()
    page, told = await world["personal"].asks_for("arbetstid"), ""
    while True:
        assert size(page) <= MAX_BYTES
        told += texts_of(page)
        if NEXT not in buttons(page):
            break
        page = (await world["personal"].clicks(page, NEXT)).card
    assert shown(rule) in told


async def test_who_may_not_see_a_request_reads_no_page_of_it(world: World) -> None:
    name = await applies(world, purpose="Hemligt syfte")
    asked = world["stranger"].invoke("request_read", {"request": name, "page": 1})
    told = (await world["stranger"].sends(asked)).words
    assert "Hemligt syfte" not in told
    assert OPEN["name"] not in told
