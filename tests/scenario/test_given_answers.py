"""A click on an answer is about what was shown, whatever has changed since, and about nothing that never was."""

from pathlib import Path
from typing import Any

import pytest

from bot.policy.normalise import LONGEST_QUESTION
from bot.settings import SHIPPED_GUIDELINE
from tests.scenario.test_answers import ANSWERED, MISSING, REGISTERED, metric
from tests.scenario.test_guideline_versions import ASKED, REASON, taken_in, written
from tests.scenario.test_questions import ASK, NOT_THERE
from tests.scenario.world import Json, World, a_world, buttons, elements, words

LONG = "Frågan är lång: jag läste bara de första 1 000 tecknen."
CUT = "Frågan är förkortad"
SECTION = "Visa hela avsnittet"
UNKNOWN = "Jag känner inte igen svaret på det här kortet."
TEXT = SHIPPED_GUIDELINE.read_text(encoding="utf-8")


def carried(card: Json, title: str) -> dict[str, Any]:
    """What the button of that title carries."""
    (data,) = [one["data"] for one in elements(card) if one.get("title") == title and "data" in one][:1]
    return dict(data)


# Long questions ----------------------------------------------------------------------------------------------


async def test_one_who_writes_more_than_is_read_is_told(world: World) -> None:
    story = "Vi har haft en jobbig vecka på förskolan. " * 30
    said = await world["personal"].asks_for(f"{story}{REGISTERED}")
    assert LONG in words(said)
    assert LONG not in words(
        await world["personal"].asks_for(f"{story}"[: LONGEST_QUESTION - 50] + REGISTERED)
    )


async def test_a_question_that_is_read_in_part_goes_to_communications_whole(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    question = f"{NOT_THERE} {'Vi har fått arga ord. ' * 48}Slutfrågan är om rektor ska tillfrågas."
    assert len(question) > LONGEST_QUESTION
    answer = await world["personal"].asks_for(question)
    if ASK not in buttons(answer):
        answer = (await world["personal"].clicks(answer, "Nej")).card
    receipt = await world["personal"].clicks(answer, ASK)
    asked = words(await world["kommunikation"].waits_for("Fråga om riktlinjen"))
    assert "Slutfrågan är om rektor ska tillfrågas." in asked
    assert CUT not in asked + receipt.words


async def test_of_a_question_too_long_to_be_passed_on_both_sides_are_told_that_it_is_cut(
    world: World,
) -> None:
    await world.arrive("personal", "kommunikation")
    answer = await world["personal"].asks_for(f"{NOT_THERE} {'Vi har fått arga ord. ' * 100}Slutfrågan.")
    if ASK not in buttons(answer):
        answer = (await world["personal"].clicks(answer, "Nej")).card
    receipt = await world["personal"].clicks(answer, ASK)
    asked = words(await world["kommunikation"].waits_for("Fråga om riktlinjen"))
    assert "Slutfrågan" not in asked
    assert CUT in asked
    assert CUT in receipt.words


@pytest.mark.parametrize(
    "question",
    [
        "😀" * 600 + REGISTERED,
        f"Hej!\nJag undrar en sak.\n{REGISTERED}",
        f"{REGISTERED} {'ö ä ' * 600}",
        f"{REGISTERED} {{{{DATE(2020-01-01T00:00:00Z, SHORT)}}}} \u202e**x**",
    ],
)
async def test_a_click_keeps_the_answer_however_the_question_was_written(world: World, question: str) -> None:
    card = await world["personal"].asks_for(question)
    assert ANSWERED in words(card)
    whole = await world["personal"].clicks(card, SECTION)
    assert (await world["personal"].clicks(whole.card, "Tillbaka till svaret")).words == words(card)
    said = await world["personal"].clicks(card, "Nej")
    assert words(card).partition("Hjälpte svaret?")[0] in said.words


# Another guideline since -------------------------------------------------------------------------------------


async def test_a_click_counts_for_the_guideline_that_was_shown_and_shows_that_one(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    file.write_text(TEXT, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        person = world["personal"]
        card = await person.asks_for(ASKED)
        version = world.bot.services.policy.guideline.version
        changed = TEXT.replace("Administratörens ansvar", "Redaktörens ansvar")
        written(file, changed.replace(REASON, f"{REASON} och av vem"))
        await taken_in(world)
        assert world.bot.services.policy.guideline.version != version
        said = await person.clicks(card, "Ja")
        (rated,) = await world.bot.services.store.load("feedback")
        assert rated.data["guideline"] == version
        whole = await person.clicks(card, SECTION)
        for shown in (said.words, whole.words):
            assert version[:12] in shown
            assert REASON in shown
            assert "och av vem" not in shown
        assert "Administratörens ansvar" in whole.words
        assert "och av vem" in words(await person.asks_for(ASKED))
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        assert version[:12] in (await world["personal"].clicks(card, SECTION)).words, "also after a start"


async def test_a_question_sent_on_from_an_old_card_is_sent_with_the_passages_that_were_near(
    tmp_path: Path,
) -> None:
    file = tmp_path / "guideline.md"
    file.write_text(TEXT, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        await world.arrive("personal", "kommunikation")
        card = (await world["personal"].clicks(await world["personal"].asks_for(ASKED), "Nej")).card
        written(file, TEXT.replace(REASON, f"{REASON} och av vem"))
        await taken_in(world)
        await world["personal"].clicks(card, ASK)
        asked = words(await world["kommunikation"].waits_for("Fråga om riktlinjen"))
        assert REASON in asked
        assert "och av vem" not in asked


# Made up -----------------------------------------------------------------------------------------------------


async def test_only_an_answer_that_was_given_can_be_rated(world: World) -> None:
    person = world["personal"]
    data = carried(await person.asks_for(REGISTERED), "Ja")
    forged = [{**data, "answer": f"{number:032x}"} for number in range(5)]
    forged += [{**data, "given": ""}, {**data, "question": "Varför?"}]
    forged += [{**data, "given": data["given"].replace("answer", "not_in_guideline", 1)}]
    for one in forged:
        said = await person.sends(person.invoke("rate", one))
        assert UNKNOWN in said.words
    assert await metric(world, 'feedback_total{helped="yes"}') == 0
    again = await person.sends(person.invoke("answer", forged[0]))
    await person.sends(person.invoke("rate", carried(again.card, "Ja")))
    assert await metric(world, 'feedback_total{helped="yes"}') == 0, (
        "a forged answer gets no seal by being shown"
    )
    await person.sends(person.invoke("rate", data))
    assert await metric(world, 'feedback_total{helped="yes"}') == 1


async def test_somebody_elses_unanswered_question_stays_on_the_list(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    other = await world["admin"].asks_for("Vad kostar en annons på TikTok?")
    data = carried(other, ASK)
    (row,) = await world.bot.services.store.select("unanswered")
    person = world["personal"]
    await person.sends(person.invoke("ask_unit", {**data, "question": NOT_THERE}))
    card = await world["kommunikation"].waits_for(NOT_THERE)
    await world["kommunikation"].clicks(card, "Svara", clause="1")
    assert await world.bot.services.store.select("unanswered") == [row]


async def test_a_card_from_before_there_were_seals_still_shows_and_still_asks(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    person = world["personal"]
    data = {key: one for key, one in carried(await person.asks_for(NOT_THERE), ASK).items() if key != "given"}
    assert MISSING in (await person.sends(person.invoke("answer", data))).words
    await person.sends(person.invoke("ask_unit", data))
    await world["kommunikation"].waits_for(NOT_THERE)


# A chosen passage --------------------------------------------------------------------------------------------


async def test_a_chosen_passage_leads_to_its_section_and_is_rated_as_itself(world: World) -> None:
    person = world["personal"]
    card = await person.asks_for("och på instagram?")
    chosen = await person.clicks(card, "Visa förslag 2")
    assert SECTION in buttons(chosen.card)
    assert "Hjälpte svaret?" in chosen.words
    said = await person.clicks(chosen.card, "Nej")
    assert chosen.words.partition("Visa hela")[0] in said.words
    (rated,) = await world.bot.services.store.load("feedback")
    assert rated.data["passage"] == carried(card, "Visa förslag 2")["passage"]
    whole = await person.clicks(chosen.card, SECTION)
    assert "Menar du något" in (await person.clicks(whole.card, "Tillbaka till svaret")).words


@pytest.mark.parametrize(("times", "whole"), [(9, True), (60, False)])
async def test_a_chosen_passage_is_shown_whole_or_says_that_it_is_cut(
    tmp_path: Path, times: int, whole: bool
) -> None:
    file = tmp_path / "guideline.md"
    between = "efter samråd med närmaste chef och efter att ha fyllt i körjournalen noggrant " * times
    passage = f"Anställda får använda kommunens bilar privat {between}men aldrig på helger."
    file.write_text(f"# Bilar\n\n## Privat bruk\n\n{passage}\n", encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        person = world["personal"]
        said = (await person.sends(person.invoke("passage", {"passage": "privat-bruk/p1"}))).words
        assert ("men aldrig på helger." in said) is whole
        assert ("…\nStycket är längre än vad som får plats här." in said) is not whole
