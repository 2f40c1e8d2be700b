"""An answer and what it goes on to: the section, pages to read, whether it helped; follow-ups; the list of what is missing."""

import re
from pathlib import Path

import pytest

from tests.postgres import Postgres
from tests.scenario.test_questions import ASK, NOT_THERE, asked
from tests.scenario.world import World, a_world, buttons, elements, words

REGISTERED = "Måste raderade inlägg diarieföras?"
ANSWERED = "Så står det i riktlinjen"
MISSING = "Det står inte i riktlinjen"


async def metric(world: World, name: str) -> float:
    async with world.http.get(f"{world.url}/metrics") as answer:
        found = re.search(rf"^riktlinjebot_{re.escape(name)} (\S+)$", await answer.text(), re.MULTILINE)
    assert found, name
    return float(found[1])


async def test_the_whole_section_is_shown_in_the_guidelines_words(world: World) -> None:
    card = await world["personal"].asks_for(REGISTERED)
    whole = await world["personal"].clicks(card, "Visa hela avsnittet")
    text = world.bot.services.policy.guideline.text
    shown = whole.words
    assert "Administratörens ansvar" in shown
    for line in ("1. Som administratör av något av kommunens", "7. Se till att sekretessbelagda uppgifter"):
        assert line in text
        assert line in shown
    assert "Medarbetarens ansvar" not in shown
    assert world.bot.services.policy.guideline.version[:12] in shown
    back = await world["personal"].clicks(whole.card, "Tillbaka till svaret")
    assert back.words == words(card)


async def test_pages_to_read_on_come_with_answers_from_their_place(world: World) -> None:
    card = await world["personal"].asks_for(REGISTERED)
    links = {one["url"]: one["title"] for one in elements(card) if one.get("type") == "Action.OpenUrl"}
    assert links == {"https://haninge.se": "Öppna sidan på haninge.se"}
    assert "Diarieföring, offentlighet och sekretess" in words(card)
    other = await world["personal"].asks_for("Får vi ta bort en kommentar med svordomar?")
    assert "Action.OpenUrl" not in str(other)


async def test_a_helpful_answer_is_thanked_for_and_counted_once_a_person(world: World) -> None:
    card = await world["personal"].asks_for(REGISTERED)
    assert "Hjälpte svaret?" in words(card)
    yes = world["personal"].click(card, "Ja")
    for click in (yes, yes, world["personal"].click(card, "Ja"), world["personal"].click(card, "Nej")):
        said = await world["personal"].sends(click)
        assert "Tack! Vad bra att svaret hjälpte." in said.words
        assert ANSWERED in said.words
        assert ASK not in buttons(said.card)
    assert await metric(world, 'feedback_total{helped="yes"}') == 1
    assert await metric(world, 'feedback_total{helped="no"}') == 0
    await world["admin"].clicks(card, "Ja")
    assert await metric(world, 'feedback_total{helped="yes"}') == 2
    await world["personal"].clicks(await world["personal"].asks_for(REGISTERED), "Nej")
    assert await metric(world, 'feedback_total{helped="no"}') == 1
    events = await world.bot.services.store.load("feedback")
    assert [one.data["helped"] for one in events] == [True, True, False]
    assert {one.actor for one in events} == {"system"}


async def test_an_answer_that_did_not_help_offers_communications(world: World) -> None:
    card = await world["personal"].asks_for(REGISTERED)
    assert ASK not in buttons(card)
    said = await world["personal"].clicks(card, "Nej")
    assert "Tack för att du säger till." in said.words
    assert ASK in buttons(said.card)


async def test_from_a_suggestion_one_goes_back_or_on_to_communications(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    card = await world["personal"].asks_for("och på instagram?")
    chosen = await world["personal"].clicks(card, "Visa förslag 2")
    assert "Ur riktlinjen" in chosen.words
    back = await world["personal"].clicks(chosen.card, "Tillbaka till svaret")
    assert "Visa förslag 2" in buttons(back.card)
    await world["personal"].clicks(chosen.card, ASK)
    await world["kommunikation"].waits_for("och på instagram?")


async def test_open_questions_are_counted(world: World) -> None:
    assert await metric(world, "questions_open") == 0
    card = await asked(world)
    assert await metric(world, "questions_open") == 1
    await world["kommunikation"].clicks(card, "Svara", reply="Ja.")
    assert await metric(world, "questions_open") == 0


# Follow-ups --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "then", "heading", "told"),
    [
        (
            "Vem beslutar om en ny kanal?",
            "och på instagram?",
            ANSWERED,
            "ska detta beslutas av förvaltningschef",
        ),
        (REGISTERED, "varför?", ANSWERED, "diarieföras med motivering"),
        (REGISTERED, "hur länge då?", MISSING, "Riktlinjen anger inte hur länge."),
        ("Vem beslutar om en ny kanal?", "vem då?", ANSWERED, "beslutas av förvaltningschef"),
        ("Who decides on a new channel?", "and on instagram?", ANSWERED, "beslutas av förvaltningschef"),
    ],
)
async def test_a_follow_up_leans_on_the_question_before(
    world: World, before: str, then: str, heading: str, told: str
) -> None:
    await world["personal"].says(before)
    card = await world["personal"].asks_for(then)
    assert f"{before} {then}" in words(card)
    assert heading in words(card)
    assert told in words(card)


async def test_only_a_question_that_leans_by_its_form_is_joined(world: World) -> None:
    await world["personal"].says("Vem beslutar om en ny kanal?")
    for alone in (NOT_THERE, "Vad kostar en annons på TikTok?"):
        assert f"beslutar om en ny kanal? {alone}" not in words(await world["personal"].asks_for(alone))


async def test_a_follow_up_counts_for_five_minutes_and_for_the_same_person(world: World) -> None:
    await world["personal"].says(REGISTERED)
    assert REGISTERED not in words(await world["admin"].asks_for("hur länge då?"))
    world.clock.forward(minutes=5, seconds=1)
    assert REGISTERED not in words(await world["personal"].asks_for("hur länge då?"))


async def test_the_question_before_is_forgotten_by_time_and_kept_masked(world: World) -> None:
    await world["personal"].says(f"{REGISTERED} Svara 070-123 45 67.")
    (kept,) = (await world.bot.services.store.documents("last_questions")).values()
    assert "[telefonnummer]" in kept["question"]
    await world.later(minutes=4)
    assert await world.bot.services.store.documents("last_questions")
    await world.later(minutes=2)
    assert not await world.bot.services.store.documents("last_questions")


async def test_a_follow_up_reaches_another_instance(postgres: Postgres, tmp_path: Path) -> None:
    place = postgres.place()
    async with a_world(tmp_path, STORAGE_URL=place) as one, a_world(tmp_path, STORAGE_URL=place) as two:
        await one["personal"].says(REGISTERED)
        assert REGISTERED in words(await two["personal"].asks_for("hur länge då?"))


# What the guideline lacks ------------------------------------------------------------------------------------


async def test_what_has_no_answer_is_listed_by_how_often_it_is_asked(world: World) -> None:
    questions = (
        ("personal", "Vad kostar en annons på TikTok?"),
        ("personal", NOT_THERE),
        ("admin", "får man blockera troll"),
        ("chef", "Kan jag blockera ett troll som hotar?"),
        ("admin", REGISTERED),
    )
    for who, question in questions:
        world.clock.forward(minutes=1)
        await world[who].says(question)
    listed = words(await world["kommunikation"].asks_for("obesvarade frågor"))
    assert "4 frågor har inte fått svar ur riktlinjen." in listed
    assert listed.index("3 gånger") < listed.index("1 gång\n")
    order = [listed.index(question) for _, question in reversed(questions[1:4])]
    assert order == sorted(order)
    assert REGISTERED not in listed
    for who in ("Medarbetare", "Administratör", "Förvaltningschef"):
        assert who not in listed.replace("Administratörens", "").replace("Förvaltningschefens", "")


async def test_a_question_that_was_sent_on_counts_once_and_is_marked_as_a_gap(world: World) -> None:
    card = await asked(world)
    await world["kommunikation"].clicks(card, "Markera som lucka utan att svara")
    listed = words(await world["kommunikation"].asks_for("unanswered questions"))
    assert "1 fråga" in listed
    assert "Saknas i riktlinjen" in listed


async def test_an_answered_question_that_is_marked_as_a_gap_is_listed(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    answer = await world["personal"].clicks(await world["personal"].asks_for(REGISTERED), "Nej")
    await world["personal"].clicks(answer.card, ASK)
    assert "Inget har frågats" in words(await world["kommunikation"].asks_for("obesvarade frågor"))
    card = await world["kommunikation"].waits_for("Fråga om riktlinjen")
    await world["kommunikation"].clicks(card, "Markera som lucka utan att svara")
    assert REGISTERED in words(await world["kommunikation"].asks_for("obesvarade frågor"))


async def test_a_question_answered_with_a_passage_leaves_the_list(world: World) -> None:
    card = await asked(world)
    await world["kommunikation"].clicks(card, "Svara", clause="1")
    assert "Inget har frågats" in words(await world["kommunikation"].asks_for("obesvarade frågor"))


async def test_a_long_list_is_paged(world: World) -> None:
    for question in (
        NOT_THERE, "Vad kostar en annons på TikTok?", "Hur många följare bör vi ha?", "Vilket verktyg schemalägger?",
        "När öppnar badhuset?", "Hur ofta byts lösenordet?", "Vem målar skolan?", "Var köper man kaffe?",
    ):  # fmt: skip
        await world["personal"].says(question)
        world.clock.forward(days=1)
    card = await world["kommunikation"].asks_for("obesvarade frågor")
    following = await world["kommunikation"].clicks(card, "Nästa sida")
    assert "2 av 2" in following.words
    assert "Föregående sida" in buttons(following.card)


async def test_unanswered_questions_are_destroyed_after_ninety_days(world: World) -> None:
    await world["personal"].says(NOT_THERE)
    (row,) = await world.bot.services.store.select("unanswered")
    await world.later(days=45)
    await world["personal"].says("Vad kostar en annons på TikTok?")
    await world.later(days=45)
    assert await world.bot.services.store.content(row["text_ref"]) is None
    listed = words(await world["kommunikation"].asks_for("obesvarade frågor"))
    assert NOT_THERE not in listed
    assert "TikTok" in listed
