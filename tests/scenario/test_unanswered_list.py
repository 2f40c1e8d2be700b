"""What communications' list of unanswered questions holds: questions, as long as nothing answers them, and all of them."""

import pytest

from tests.scenario.test_answers import ANSWERED, MISSING
from tests.scenario.test_learning import accepted
from tests.scenario.test_questions import NOT_THERE
from tests.scenario.world import World, buttons, words

EMPTY = "Inget har frågats"
LIST = "obesvarade frågor"


@pytest.mark.parametrize(
    "text",
    [
        "😀", "tack!", "ok", "okej då", "asdf", "Merci beaucoup", "...", "?!", "{{DATE()}}", "hej", "hej hej!", "vem är du?",
        "vad kan du?", "tack för hjälpen", "Tack så mycket för hjälpen!", "god morgon", "ha en bra dag", "070-123 45 67", "1234",
        "thanks", "who are you?", "varför?", "Nej, inte alls",
    ],
)  # fmt: skip
async def test_what_asks_nothing_is_not_listed(world: World, text: str) -> None:
    await world["personal"].says(text)
    assert EMPTY in words(await world["kommunikation"].asks_for(LIST))


@pytest.mark.parametrize(
    "text",
    [
        NOT_THERE, "lösenord", "troll?", "Vad kostar en annons på TikTok?", "kan jag blockera dig?", "Hej! Vem köper kameran?",
        "Kuka päättää kamerasta?", "What does an ad cost?", "tack men hur byter man lösenord",
    ],
)  # fmt: skip
async def test_what_asks_something_is_listed_however_short(world: World, text: str) -> None:
    assert MISSING in words(await world["personal"].asks_for(text))
    assert text in words(await world["kommunikation"].asks_for(LIST))


async def test_small_talk_does_not_come_between_a_question_and_its_follow_up(world: World) -> None:
    await world["personal"].says("Vem beslutar om en ny kanal?")
    await world["personal"].says("tack!")
    card = words(await world["personal"].asks_for("och på instagram?"))
    assert "Vem beslutar om en ny kanal? och på instagram?" in card


async def test_a_question_that_is_answered_by_what_was_learned_leaves_the_list(world: World) -> None:
    for question in ("får man blockera troll?", "Hur blockerar jag ett troll?"):
        await world["admin"].says(question)
        world.clock.forward(minutes=6)
    card = await accepted(world)
    assert ANSWERED in words(await world["chef"].asks_for("får man blockera troll?"))
    listed = words(await world["kommunikation"].asks_for(LIST))
    assert "får man blockera troll?" not in listed
    assert "Hur blockerar jag ett troll?" in listed
    await world["kommunikation"].clicks(card, "Ta tillbaka")
    assert "får man blockera troll?" in words(await world["kommunikation"].asks_for(LIST))


async def test_all_of_many_alike_questions_can_be_read(world: World) -> None:
    asked = [f"Vem köper in kamera nummer {number}?" for number in range(1, 19)]
    for question in asked:
        await world["personal"].says(question)
        world.clock.forward(minutes=6)
    listed = await world["kommunikation"].asks_for(LIST)
    assert "och 15 till" in words(listed)
    first = await world["kommunikation"].clicks(listed, "Visa alla")
    assert "18 gånger" in first.words
    second = await world["kommunikation"].clicks(first.card, "Nästa sida")
    shown = first.words + second.words
    assert [question for question in asked if question not in shown] == []
    back = await world["kommunikation"].clicks(second.card, "Tillbaka till listan")
    assert "Visa alla" in buttons(back.card)


async def test_what_many_ask_in_the_same_words_is_counted_and_shown_once(world: World) -> None:
    for question in (
        "Vem köper kameran?",
        "vem köper  kameran",
        "Vem köper kameran till oss?",
        "VEM KÖPER KAMERAN?",
    ):
        await world["personal"].says(question)
        world.clock.forward(minutes=6)
    listed = await world["kommunikation"].asks_for(LIST)
    assert "4 gånger" in words(listed)
    assert words(listed).casefold().count("vem köper kameran?") == 1
    assert "Vem köper kameran till oss?" in words(listed)
    assert "Visa alla" not in buttons(listed)


async def test_alike_questions_that_are_gone_lead_back_to_the_list_and_are_communications_alone(
    world: World,
) -> None:
    await world["personal"].says(NOT_THERE)
    gone = {"alike": "f" * 32}
    shown = await world["kommunikation"].sends(world["kommunikation"].invoke("unanswered", gone))
    assert NOT_THERE in shown.words
    (row,) = await world.bot.services.store.select("unanswered")
    refused = await world["admin"].sends(world["admin"].invoke("unanswered", {"alike": row["id"]}))
    assert NOT_THERE not in refused.words
