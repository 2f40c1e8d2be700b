"""What people write to the bot and what it answers: commands, welcome, language, questions, and everything else."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import Postgres
from tests.scenario.world import APP_ID, PEOPLE, TENANT, Somebody, World, a_world, buttons, words

# The queue -------------------------------------------------------------------------------------------------


async def test_the_queue_lists_what_i_may_decide_oldest_first(world: World) -> None:
    await world.arrive("admin", "admin2", "kommunikation")
    older = await world.flag()
    world.clock.forward(minutes=5)
    newer = await world.flag(channel="instagram-haninge")
    await world.flag(channel="linkedin-haninge")
    mine = words(await world["admin"].asks_for("kö"))
    assert mine.index(older) < mine.index(newer)
    assert "SM-2026-0003" not in mine
    assert newer not in words(await world["admin2"].asks_for("kö"))
    assert "SM-2026-0003" in words(await world["kommunikation"].asks_for("kö"))
    assert "SM-2026" not in words(await world["personal"].asks_for("kö"))


async def test_a_long_queue_is_paged_and_every_case_is_on_one_page(world: World) -> None:
    cases = [await world.flag() for _ in range(19)]
    card = await world["admin"].asks_for("kö")
    seen = words(card)
    assert "Föregående sida" not in buttons(card)
    while "Nästa sida" in buttons(card):
        card = (await world["admin"].clicks(card, "Nästa sida")).card
        seen += words(card)
    assert [seen.count(f"{case}\n") for case in cases] == [1] * 19
    assert words(await world["admin"].asks_for("kö 3")) == words(card)


async def test_a_case_is_shown_from_the_list(world: World) -> None:
    case = await world.flag({"text": "Läs mig"})
    shown = await world["admin"].clicks(await world["admin"].asks_for("queue"), "Visa")
    assert case in shown.words
    assert "Läs mig" in shown.words
    assert "Radera" in buttons(shown.card)


async def test_from_a_decided_case_one_goes_on_with_the_queue(world: World) -> None:
    """In the same place; and what happens to the case later does not turn the list into its card."""
    await world.arrive("admin", "admin2")
    other, case = await world.flag(), await world.flag()
    listed = await world["admin"].asks_for("kö")
    shown = await world["admin"].clicks(listed, "Visa")
    decided = await world["admin"].clicks(shown.card, "Behåll")
    again = await world["admin"].clicks(decided.card, "Väntar på mig")
    assert other in again.words
    assert case not in again.words
    await world.settle()
    place = world["admin"].answered[-1][1]
    before = len([one for one in world.connector.updates if one.id == place])
    card = await world["admin2"].asks_for(f"visa {case}")
    form = await world["admin2"].clicks(card, "Ompröva beslutet…")
    await world["admin2"].clicks(
        form.card, "Fatta nytt beslut", kind="delete", ground="reklam", reason="Reklam."
    )
    await world.settle()
    assert len([one for one in world.connector.updates if one.id == place]) == before


@pytest.mark.parametrize("said", ["visa SM-2026-0001", "VISA sm-2026-1", "show SM 2026 0001", "SM-2026-0001"])
async def test_a_case_is_shown_by_its_designation(world: World, said: str) -> None:
    case = await world.flag()
    assert case in words(await world["admin"].asks_for(said))


async def test_a_case_that_is_none_of_mine_looks_like_one_that_is_not_there(world: World) -> None:
    await world.flag({"text": "Hemligt"})
    forbidden = words(await world["personal"].asks_for("visa SM-2026-0001"))
    assert "Hemligt" not in forbidden
    missing = words(await world["personal"].asks_for("visa SM-2026-0077"))
    assert forbidden.replace("0001", "0077") == missing
    refusals = await world.bot.services.store.load("refusals")
    assert [one.data["subject"] for one in refusals] == ["SM-2026-0001", "SM-2026-0077"]


@pytest.mark.parametrize("who", ["chef", "kommunikation", "registrator"])
async def test_who_may_read_a_case_sees_it_without_inputs_and_gets_its_updates(
    world: World, who: str
) -> None:
    await world.arrive("admin", "kommunikation", "registrator")
    case = await world.flag()
    if who == "registrator":
        await world["admin"].clicks(
            await world["admin"].waits_for(case), "Radera", ground="reklam", reason="Ja."
        )
    card = await world[who].asks_for(f"visa {case}")
    assert "Radera" not in buttons(card)
    if who != "registrator":
        await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
        assert "Beslutat" in words(await world[who].waits_for(case))


async def test_my_decisions_are_mine(world: World) -> None:
    await world.arrive("admin", "admin2")
    case = await world.flag()
    await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
    assert case in words(await world["admin"].asks_for("mina beslut"))
    assert case not in words(await world["admin2"].asks_for("my decisions"))


# Welcome and help --------------------------------------------------------------------------------------------

MAY: list[tuple[str, set[str], set[str]]] = [
    ("admin", {"kö", "visa", "mina beslut", "flagga"}, {"oregistrerat"}),
    ("kommunikation", {"kö", "visa", "oregistrerat"}, set()),
    ("registrator", {"oregistrerat", "flagga"}, {"kö"}),
    ("personal", {"flagga", "hjälp"}, {"kö", "oregistrerat"}),
]


@pytest.mark.parametrize(("who", "told", "untold"), MAY)
async def test_the_welcome_says_what_this_person_can_do(
    world: World, who: str, told: set[str], untold: set[str]
) -> None:
    await world[who].installs()
    (welcome,) = world[who].cards()
    lines = set(words(welcome).splitlines())
    assert told <= lines
    assert not untold & lines


async def test_installing_is_told_twice_by_teams_and_welcomed_once(world: World) -> None:
    await world["admin"].installs()
    added = world["admin"].activity(
        "conversationUpdate", membersAdded=[{"id": f"28:{APP_ID}"}, {"id": "29:admin"}]
    )
    await world.post(added)
    assert len(world["admin"].cards()) == 1


async def test_two_tellings_at_once_to_two_instances_are_one_welcome(
    postgres: Postgres, tmp_path: Path
) -> None:
    place = postgres.place()
    async with a_world(tmp_path, STORAGE_URL=place) as one, a_world(tmp_path, STORAGE_URL=place) as two:
        for who in PEOPLE:
            here, there = one[who], replace(one[who], world=two)
            added = there.activity("conversationUpdate", membersAdded=[{"id": f"28:{APP_ID}"}])
            await asyncio.gather(here.installs(), two.post(added))
            assert len(here.cards()) + len(there.cards()) == 1


async def test_who_removes_the_bot_and_comes_back_is_welcomed_again(world: World) -> None:
    await world["admin"].installs()
    await world.post(world["admin"].activity("installationUpdate", action="remove"))
    await world["admin"].installs()
    assert len(world["admin"].cards()) == 2


async def test_in_a_channel_personal_things_stay_unsaid(world: World) -> None:
    """What a case says is not for everybody in a team."""
    case = await world.flag({"text": "Hemligt"})
    for text in ("kö", f"visa {case}", "mina beslut", "oregistrerat"):
        said = world["admin"].activity("message", text=text)
        said["conversation"] = {"id": "19:team", "conversationType": "channel", "tenantId": TENANT}
        await world.post(said)
    told = json.dumps([one.activity for one in world.connector.sent], ensure_ascii=False)
    assert "Hemligt" not in told
    assert case not in told


async def test_help_in_a_team_offers_what_everybody_can_do(world: World) -> None:
    said = world["admin"].activity("message", text="hjälp")
    said["conversation"] = {"id": "19:team", "conversationType": "channel", "tenantId": TENANT}
    await world.post(said)
    (card,) = world.cards_in("19:team")
    assert "Flagga" in buttons(card)
    assert not {"Väntar på mig", "Mina beslut", "Ska diarieföras"} & set(buttons(card))
    assert "administratör" not in words(card)


# Questions ---------------------------------------------------------------------------------------------------


async def test_a_question_is_answered_in_the_guidelines_own_words(world: World) -> None:
    told = words(await world["personal"].asks_for("Måste raderade inlägg diarieföras?"))
    quote = (
        "Avpublicerat och raderat material ska diarieföras med motivering till varför inlägget tagits bort."
    )
    assert quote in told
    assert quote in world.bot.services.policy.guideline.text
    assert "Administratörens ansvar, punkt 5 a" in told
    assert world.bot.services.policy.guideline.version[:12] in told


async def test_what_the_guideline_does_not_say_is_said_plainly(world: World) -> None:
    told = words(await world["personal"].asks_for("Hur länge ska skärmdumparna sparas?"))
    assert "Riktlinjen svarar inte" in told or "står inte i riktlinjen" in told


async def test_a_situation_that_begins_like_a_command_is_a_question(world: World) -> None:
    card = await world["personal"].asks_for("visa hur man tar bort en kommentar med svordomar")
    assert "SM-" not in words(card)
    assert "Du frågade" in words(card) or "Din fråga" in words(card)


@pytest.mark.parametrize(
    "text",
    ["", " ", "?!", "\u202e\u200f", "<at>x</at>", "{{DATE(2026-01-01)}} [a](https://ont.example)", "å" * 20_000,
     "\ud83d", "DROP TABLE cases; --", "asdf qwer zxcv"],
)  # fmt: skip
async def test_anything_else_gets_a_sensible_answer(world: World, text: str) -> None:
    answer: Any = await world["personal"].says(text)
    told = json.dumps(answer, ensure_ascii=False)
    assert "Traceback" not in told
    assert "{{DATE" not in words(answer), "a button may carry it: nobody reads that"
    assert len(told.encode("utf-8", "replace")) < 26_000


# Languages ---------------------------------------------------------------------------------------------------


async def test_english_teams_gets_english_and_the_quote_with_an_unofficial_gloss(world: World) -> None:
    visitor = Somebody(world=world, who="personal", locale="en-US")
    told = words(await visitor.asks_for("Do deleted posts have to be registered?"))
    assert "Avpublicerat och raderat material ska diarieföras" in told
    assert "unofficial" in told.lower()
    assert "flag" in words(await visitor.asks_for("help"))


async def test_the_outbox_speaks_each_recipients_language(world: World) -> None:
    world.people["admin2"] = Somebody(world=world, who="admin2", locale="en-GB")
    await world.arrive("admin", "admin2")
    case = await world.flag()
    assert "Radera" in buttons(await world["admin"].waits_for(case))
    assert "Delete" in buttons(await world["admin2"].waits_for(case))


async def test_ones_own_choice_goes_before_the_locale(world: World) -> None:
    await world["admin"].asks_for("english")
    assert "queue" in words(await world["admin"].asks_for("hjälp")).splitlines()
    await world["admin"].asks_for("svenska")
    assert "kö" in words(await world["admin"].asks_for("help")).splitlines()


@pytest.mark.parametrize(
    ("locale", "told"), [("sv-SE", "Något gick fel hos mig"), ("en-GB", "Something went wrong on my side")]
)
async def test_a_fault_is_told_in_the_language_of_the_senders_locale(
    world: World, locale: str, told: str
) -> None:
    admin = world["admin"]
    admin.locale = locale
    spoilt = {"tongue": "en"}  # the choice of language cannot be read, and so no turn of theirs handled
    await world.bot.services.store.put_document("languages", admin.object_id, spoilt)
    assert (await admin.says("kö"))["text"].startswith(told)
    answer = await admin.sends(admin.invoke("help", {}))
    assert answer.body["value"]["message"].startswith(told)
