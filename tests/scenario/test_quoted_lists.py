"""A list is quoted with what leads to it, and stays whole through every click on its answer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenario.test_answers import ANSWERED
from tests.scenario.test_guideline_versions import taken_in, written
from tests.scenario.test_questions import ASK
from tests.scenario.world import Json, World, a_world, words

TEXT = (Path(__file__).parents[1] / "questions" / "alvnas.md").read_text(encoding="utf-8")
QUESTION = "Vad är förbjudet att publicera, till exempel personnummer eller reklam för företag?"
LEAD = "Publicera aldrig:"
ITEMS = (
    "sekretessbelagda uppgifter",
    "personnummer, adresser eller uppgifter om hälsa",
    "reklam för enskilda företag eller produkter",
    "partipolitiska budskap",
    "tävlingar där deltagaren måste dela eller gilla ett inlägg",
)
SECTION = "Visa hela avsnittet"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    file = tmp_path / "guideline.md"
    file.write_text(TEXT, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as one:
        await one.arrive("personal", "kommunikation")
        yield one


async def answer(world: World) -> Json:
    card = await world["personal"].asks_for(QUESTION)
    assert ANSWERED in words(card)
    assert is_whole(words(card))
    return card


def is_whole(shown: str) -> bool:
    """The lead and each item after it, in their order."""
    places = [shown.find(one) for one in (LEAD, *ITEMS)]
    return -1 not in places and places == sorted(places)


async def test_the_whole_section_of_a_quoted_list_leads_back_to_the_list(world: World) -> None:
    card = await answer(world)
    section = await world["personal"].clicks(card, SECTION)
    assert is_whole(section.words)
    back = await world["personal"].clicks(section.card, "Tillbaka till svaret")
    assert back.words == words(card)


async def test_a_quoted_list_that_did_not_help_stays_and_goes_to_communications_and_back_whole(
    world: World,
) -> None:
    card = await answer(world)
    said = await world["personal"].clicks(card, "Nej")
    assert words(card).partition("Hjälpte svaret?")[0] in said.words
    await world["personal"].clicks(said.card, ASK)
    asked = await world["kommunikation"].waits_for("Fråga om riktlinjen")
    assert is_whole(words(asked))
    await world["kommunikation"].clicks(asked, "Svara", clause="1", reply="")
    await world.settle()
    assert is_whole(words(await world["personal"].waits_for("Svar på din fråga")))


async def test_a_list_that_was_quoted_is_shown_as_it_was_after_an_edit(world: World, tmp_path: Path) -> None:
    card = await answer(world)
    written(tmp_path / "guideline.md", TEXT.replace(f"- {ITEMS[3]}\n", ""))
    await taken_in(world)
    assert ITEMS[3] not in words(await world["personal"].asks_for(QUESTION))
    for click in ("Ja", SECTION):
        assert is_whole((await world["personal"].clicks(card, click)).words)
