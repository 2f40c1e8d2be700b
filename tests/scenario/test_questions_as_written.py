"""A question reaches the record as it was written, and the cards as what can't act."""

import json

import pytest

from tests.scenario.test_questions import asked
from tests.scenario.world import World, words


@pytest.mark.parametrize(
    "question",
    [
        "Får jag blockera ett troll {{DATE}} \u202eabc?",
        "Får jag blockera ett troll\nsom skriver **x** <at>y</at> varje dag?",
        "Får jag blockera\u200b ett 👨\u200d👩\u200d👧-troll?",
    ],
)
async def test_the_record_keeps_what_was_written_and_the_card_shows_it_harmless(
    world: World, question: str
) -> None:
    await asked(world, "Får jag blockera en kanin?")
    answer = await world["personal"].asks_for(question)
    await world["personal"].clicks(answer, "Fråga kommunikationsenheten")
    events = [one async for one in world.bot.services.store.events() if one.kind == "question_asked"]
    content = await world.bot.services.store.content(events[-1].data["texts_ref"])
    assert content
    assert json.loads(content)["text"] == question
    card = await world["kommunikation"].waits_for("blockera")
    assert "{{DATE" not in words(card)
    assert "\u202e" not in words(card)
