"""What people read around a question: who will see it, what the bot answered, who replied, and what can't be shown here."""

import pytest

from tests.scenario.test_answers import REGISTERED
from tests.scenario.test_questions import ASK, NOT_THERE
from tests.scenario.world import TENANT, World, buttons, words

WHO_SEES = "Frågar du kommunikationsenheten ser de din fråga och vem du är."
CHOOSE = "Välj ett av dem"


@pytest.mark.parametrize("question", [NOT_THERE, "och på instagram?"])
async def test_who_sees_a_question_is_told_beside_the_button_that_sends_it(
    world: World, question: str
) -> None:
    card = await world["personal"].asks_for(question)
    assert ASK in buttons(card)
    assert WHO_SEES in words(card)


async def test_it_is_told_where_an_answer_did_not_help_and_not_before(world: World) -> None:
    card = await world["personal"].asks_for(REGISTERED)
    assert WHO_SEES not in words(card)
    said = await world["personal"].clicks(card, "Nej")
    assert ASK in buttons(said.card)
    assert said.words.count(WHO_SEES) == 1


async def test_it_is_told_on_a_chosen_suggestion(world: World) -> None:
    card = await world["personal"].asks_for("och på instagram?")
    said = await world["personal"].clicks(card, "Visa förslag 1")
    assert ASK in buttons(said.card)
    assert WHO_SEES in said.words


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        (NOT_THERE, "Att det inte står i riktlinjen"),
        ("och på instagram?", "Med förslag att välja bland"),
        (REGISTERED, "Med ett stycke ur riktlinjen"),
    ],
)
async def test_communications_read_what_the_bot_answered_and_then_who_replied(
    world: World, question: str, answered: str
) -> None:
    await world.arrive("personal", "kommunikation")
    card = await world["personal"].asks_for(question)
    if ASK not in buttons(card):
        card = (await world["personal"].clicks(card, "Nej")).card
    await world["personal"].clicks(card, ASK)
    card = await world["kommunikation"].waits_for("Fråga om riktlinjen")
    assert f"Boten svarade: \n{answered}" in words(card)
    done = await world["kommunikation"].clicks(card, "Svara", reply="Skriv till oss.")
    assert "Besvarad av: " in done.words
    assert "Svarat" not in done.words


async def test_a_list_of_questions_asked_for_in_a_group_is_not_called_cases(world: World) -> None:
    group = {"id": "19:grupp@thread.v2", "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
    asks = world["kommunikation"].activity(
        "message", text="obesvarade frågor", textFormat="plain", conversation=group
    )
    await world.post(asks)
    (told,) = [one.activity["text"] for one in world.connector.sent if one.conversation == group["id"]]
    assert told == "Det visar jag bara i vår egen chatt. Skriv till mig där."


async def test_a_section_that_is_gone_is_told_as_such(world: World) -> None:
    """As on a card from before the guideline was changed."""
    somebody = world["personal"]
    gone = {"passage": "borttaget-avsnitt/1", "answer": "0" * 32, "question": REGISTERED}
    said = await somebody.sends(somebody.invoke("section", gone))
    assert "Avsnittet finns inte kvar i riktlinjen" in said.words
    assert CHOOSE not in said.words
