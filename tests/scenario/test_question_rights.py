"""Every command about a question by everybody: who may see it, who may answer, and that no other learns that it is there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.deliveries import Update
from bot.questions.notices import QuestionNotices
from bot.questions.owing import list_refreshes, question_cards, question_refreshes
from bot.questions.viewing import load_question
from cards.question_payload import QUESTION_WISHES
from tests.scenario.test_questions import NOT_THERE, asked
from tests.scenario.world import World, words

UNKNOWN = "Frågan finns inte, eller så får du inte se den."
FORBIDDEN = "Du har inte rätt att göra det här."
QUESTION = "FR-2026-0001"

WHO = """
                 sees  answers
kommunikation    yes   yes
personal         yes   no       asked it
admin            no    no
chef             no    no
registrator      no    no
"""
RIGHTS = {
    row.split()[0]: tuple(one == "yes" for one in row.split()[1:3]) for row in WHO.strip().splitlines()[1:]
}
ABOUT_ONE: Mapping[str, dict[str, Any]] = {
    "question": {},
    "learn_form": {},
    "question_reply": {"reply": "Ja."},
    "question_gap": {},
    "learn_propose": {"phrasing": NOT_THERE},
    "learn_accept": {"version": 1, "phrasing": NOT_THERE},
    "learn_revoke": {"version": 1},
    "learned_revoke": {"version": 1},
}
SEEING = {"question", "learn_form"}
OF_THE_UNIT = {"unanswered", "learned"}
EVERYBODYS: Mapping[str, dict[str, Any]] = {
    "passage": {"passage": "administratorens-ansvar/2"},
    "section": {"passage": "administratorens-ansvar/2"},
    "answer": {"answer": "f" * 32, "question": "Varför?"},
    "rate": {"answer": "f" * 32, "helped": "no", "question": "Varför?"},
    "ask_unit": {"answer": "f" * 32, "question": "Varför?"},
}


def test_the_tables_are_whole() -> None:
    assert ABOUT_ONE.keys() | OF_THE_UNIT | EVERYBODYS.keys() == QUESTION_WISHES.keys()


@pytest.mark.parametrize("verb", ABOUT_ONE)
@pytest.mark.parametrize("who", RIGHTS)
async def test_who_may_do_what_with_a_question(world: World, who: str, verb: str) -> None:
    await asked(world)
    before = await world.bot.services.store.load(QUESTION)
    sees, answers = RIGHTS[who]
    shown = await world[who].sends(world[who].invoke(verb, {"question": QUESTION, **ABOUT_ONE[verb]}))
    if verb == "learned_revoke":  # whose answer is the list
        assert (FORBIDDEN in shown.words) is not answers
    elif not sees:
        assert UNKNOWN in shown.words
        assert NOT_THERE not in shown.words
    elif answers or verb in SEEING:
        assert NOT_THERE in shown.words
        assert FORBIDDEN not in shown.words
    else:
        assert FORBIDDEN in shown.words
    if not answers:
        assert await world.bot.services.store.load(QUESTION) == before
        assert not await world.bot.services.store.load(f"learned/{QUESTION}")


@pytest.mark.parametrize("verb", sorted(ABOUT_ONE.keys() - {"learned_revoke"}))
async def test_a_question_that_is_not_there_is_answered_as_a_forbidden_one(world: World, verb: str) -> None:
    await asked(world)
    nowhere = {"question": "FR-2026-0099", **ABOUT_ONE[verb]}
    told = await world["kommunikation"].sends(world["kommunikation"].invoke(verb, nowhere))
    data = {"question": QUESTION, **ABOUT_ONE[verb]}
    forbidden = await world["admin"].sends(world["admin"].invoke(verb, data))
    assert told.words == forbidden.words


@pytest.mark.parametrize("verb", EVERYBODYS)
async def test_what_hangs_on_no_question_is_open_to_everybody(world: World, verb: str) -> None:
    told = {who: (await world[who].sends(world[who].invoke(verb, EVERYBODYS[verb]))).words for who in RIGHTS}
    assert not [who for who, said in told.items() if FORBIDDEN in said or UNKNOWN in said]


@pytest.mark.parametrize("who", [*RIGHTS, "admin2"])
async def test_the_lists_are_communications_alone(world: World, who: str) -> None:
    await asked(world)
    for verb, said in (("unanswered", "obesvarade frågor"), ("learned", "inlärda svar")):
        for card in (
            await world[who].asks_for(said),
            (await world[who].sends(world[who].invoke(verb, {}))).card,
        ):
            assert (FORBIDDEN in words(card)) is (who != "kommunikation")
            assert (NOT_THERE in words(card)) is (who == "kommunikation" and verb == "unanswered")


async def test_a_question_is_shown_by_its_designation_to_those_who_may_see_it(world: World) -> None:
    await asked(world)
    assert "Din fråga är skickad" in words(await world["personal"].asks_for("visa fr-2026-1"))
    assert "Närmast i riktlinjen" in words(await world["kommunikation"].asks_for("show FR-2026-0001"))
    assert UNKNOWN in words(await world["admin"].asks_for("FR-2026-0001"))


async def test_who_has_left_communications_gets_no_more_of_it(world: World) -> None:
    """What is there loses its words; what would come new does not come."""
    await asked(world)
    record = await load_question(world.bot.services, QUESTION)
    assert record
    (refresh, *_) = question_refreshes(record, world.bot.services.organisation, cause="x")
    (card,) = question_cards(QUESTION, [refresh.to])
    notices, former = QuestionNotices(world.bot.services), f"person:{world['admin'].object_id}"
    shown = await notices.render(replace(refresh, to=former), repeated=False)
    assert isinstance(shown, Update)
    assert "Du hör inte längre till dem som besvarar frågor." in words(shown.card)
    assert NOT_THERE not in words(shown.card)
    assert await notices.render(replace(card, to=former), repeated=False) is None
    (listed,) = list_refreshes("x", [world["admin"].object_id])
    emptied = await notices.render(listed, repeated=False)
    assert emptied
    assert NOT_THERE not in words(emptied.card)


@pytest.mark.parametrize(
    "data",
    [
        {"answer": "f" * 32, "question": "x" * 1401},
        {"answer": "någons namn", "question": "Varför?"},
        {"question": "Varför?"},
        {"answer": "f" * 32, "question": 7},
    ],
)
async def test_no_card_data_by_hand_sends_anything(world: World, data: dict[str, Any]) -> None:
    told = await world["personal"].sends(world["personal"].invoke("ask_unit", data))
    assert "kortet" in told.words.lower()
    assert await world.bot.services.store.count("questions") == 0


async def test_an_empty_question_is_not_sent(world: World) -> None:
    told = await world["personal"].sends(
        world["personal"].invoke("ask_unit", {"answer": "f" * 32, "question": " \u200b "})
    )
    assert "Det finns ingen fråga att skicka." in told.words
    assert await world.bot.services.store.count("questions") == 0
