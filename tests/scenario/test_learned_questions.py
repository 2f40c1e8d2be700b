"""What is learned answers the question that was learned and no other; its words go when they should."""

import pytest

from tests.scenario.test_learning import ANSWERED, accepted, answered
from tests.scenario.test_questions import NOT_THERE
from tests.scenario.world import World, words

ASKED_BACK = "Menar du något av det här?"


@pytest.mark.parametrize(
    "question",
    [
        "får jag blockera ett troll",
        "FÅR MAN BLOCKERA TROLL?",
        "Kan vi blockera ett troll?",
        "Får jag blockera trollet?",
    ],
)
async def test_the_same_question_is_answered_however_it_is_put(world: World, question: str) -> None:
    await accepted(world)
    assert ANSWERED in words(await world["admin"].asks_for(question))


async def test_one_other_word_makes_another_question_and_is_asked_back_about_at_most(world: World) -> None:
    await accepted(world)
    for question in (
        "Får ett troll blockera mig?", "Hur blockerar jag ett troll?", "Varför får jag inte blockera ett troll?",
        "Får jag inte blockera ett troll?", "Får jag blockera ett troll med hjälp av polisen?",
        "Måste jag blockera ett troll?", "Vem får blockera ett troll?", "Kan du blockera ett troll?",
        "Får jag blockera min chef?", "Får jag mata ett troll?", "Får jag avblockera ett troll?",
        "När får jag blockera ett troll?", "Får jag bara blockera ett troll?",
    ):  # fmt: skip
        world.clock.forward(minutes=6)
        assert ANSWERED not in words(await world["admin"].asks_for(question)), question


async def test_a_question_near_a_learned_one_is_asked_back_about(world: World) -> None:
    await accepted(world)
    card = await world["admin"].asks_for("Hur blockerar jag ett troll?")
    assert ASKED_BACK in words(card)


@pytest.mark.parametrize("phrasing", ["070-123 45 67", "😀", "?!", "112", "anna@example.com"])
async def test_a_phrasing_that_has_no_words_is_neither_proposed_nor_accepted(
    world: World, phrasing: str
) -> None:
    form = await world["kommunikation"].clicks(await answered(world), "Lär in svaret…")
    refused = await world["kommunikation"].clicks(form.card, "Föreslå", phrasing=phrasing)
    assert "Skriv hur frågan kan låta." in refused.words
    card = (await world["kommunikation"].clicks(refused.card, "Föreslå", phrasing=NOT_THERE)).card
    refused = await world["kommunikation"].clicks(card, "Godkänn och lär in", phrasing=phrasing)
    assert "Skriv hur frågan kan låta." in refused.words
    assert ANSWERED not in words(await world["admin"].asks_for("🙈🙈 !!!"))
