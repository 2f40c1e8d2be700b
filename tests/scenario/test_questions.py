"""Questions to communications: sent once, answered once, brought back to the asker, whoever can be reached when."""

import asyncio
from pathlib import Path

import pytest

from tests.postgres import Postgres
from tests.scenario.world import Json, Somebody, World, a_world, buttons, inputs, object_id, words

ASK = "Fråga kommunikationsenheten"
NOT_THERE = "Får jag blockera ett troll?"
SENT = "Din fråga är skickad"
REPLIED = "Svar på din fråga"
THREAD = "19:kommunikation@thread.tacv2"


def told(world: World, who: str, *texts: str) -> int:
    """How many messages with all these words were sent to the person, whatever they were updated to since."""
    sent = [one for one in world.connector.sent if one.conversation == world[who].conversation]
    return sum(all(text in words(one.activity) for text in texts) for one in sent)


async def sends(who: Somebody, question: str = NOT_THERE) -> Json:
    """The card that tells that the question is sent."""
    answer = await who.asks_for(question)
    if "Nej" in buttons(answer):
        answer = (await who.clicks(answer, "Nej")).card
    return (await who.clicks(answer, ASK)).card


async def asked(world: World, question: str = NOT_THERE) -> Json:
    """Communications' card of a question that an employee sent."""
    await world.arrive("personal", "kommunikation")
    await sends(world["personal"], question)
    return await world["kommunikation"].waits_for(question)


# There and back ----------------------------------------------------------------------------------------------


async def test_a_question_goes_to_communications_and_the_reply_comes_back(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    receipt = await sends(world["personal"])
    assert SENT in words(receipt)
    card = await world["kommunikation"].waits_for(NOT_THERE)
    assert "Från: \nMedarbetare" in words(card)
    assert "Närmast i riktlinjen" in words(card)
    done = await world["kommunikation"].clicks(card, "Svara", reply="Ja, om hen hotar någon.")
    assert "Besvarad" in done.words
    got = await world["personal"].waits_for(REPLIED)
    for part in (NOT_THERE, "Ja, om hen hotar någon.", "Kommunikatör", "23 nov. 2026 kl. 09.00"):
        assert part in words(got)
    assert told(world, "personal", REPLIED) == 1
    assert SENT not in "".join(map(words, world["personal"].cards()))


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        (NOT_THERE, "Det står inte i riktlinjen"),
        ("och på instagram?", "Menar du något av det här?"),
        ("Måste raderade inlägg diarieföras?", "Så står det i riktlinjen"),
    ],
)
async def test_every_kind_of_answer_leads_to_communications(
    world: World, question: str, heading: str
) -> None:
    await world.arrive("personal", "kommunikation")
    assert heading in words(await world["personal"].asks_for(question))
    assert SENT in words(await sends(world["personal"], question))
    assert question in words(await world["kommunikation"].waits_for("Fråga om riktlinjen"))


async def test_communications_answer_with_one_of_the_nearest_passages(world: World) -> None:
    card = await asked(world)
    place = inputs(card)["clause"]["choices"][1]["title"].partition(": ")[2]
    await world["kommunikation"].clicks(card, "Svara", clause="2", reply="")
    got = words(await world["personal"].waits_for(f"Det står i {place}:"))
    quote = got.splitlines()[got.splitlines().index(f"Det står i {place}:") + 1]
    assert len(quote) > 20
    assert quote in world.bot.services.policy.guideline.text
    assert world.bot.services.policy.guideline.version[:12] in got


async def test_neither_words_nor_passage_is_no_answer(world: World) -> None:
    card = await asked(world)
    refused = await world["kommunikation"].clicks(card, "Svara", reply="  ")
    assert "Skriv ett svar, eller välj ett stycke ur riktlinjen." in refused.words
    await world.settle()
    assert told(world, "personal", REPLIED) == 0
    bad = world["kommunikation"].invoke("question_reply", {"question": "FR-2026-0001", "clause": "3x"})
    assert "kortet" in (await world["kommunikation"].sends(bad)).words.lower()


async def test_a_gap_is_marked_without_a_reply_and_may_still_be_answered(world: World) -> None:
    card = await asked(world)
    noted = await world["kommunikation"].clicks(card, "Markera som lucka utan att svara")
    assert "Saknas i riktlinjen" in noted.words
    await world["personal"].waits_for("Din fråga är läst")
    assert "Markera som lucka utan att svara" not in buttons(noted.card)
    await world["kommunikation"].clicks(noted.card, "Svara", reply="Nu vet jag.")
    await world["personal"].waits_for("Nu vet jag.")


async def test_a_gap_is_marked_along_with_a_reply(world: World) -> None:
    card = await asked(world)
    done = await world["kommunikation"].clicks(card, "Svara", reply="Nej.", gap="true")
    assert "Saknas i riktlinjen" in done.words
    (row,) = await world.bot.services.store.select("unanswered")
    assert row["gap"]


async def test_a_gap_may_be_marked_after_the_reply(world: World) -> None:
    card = await asked(world)
    done = await world["kommunikation"].clicks(card, "Svara", reply="Nej.")
    marked = await world["kommunikation"].clicks(done.card, "Markera som lucka i riktlinjen")
    assert "Saknas i riktlinjen" in marked.words
    await world.settle()
    assert told(world, "personal", REPLIED) == 1
    assert told(world, "personal", "Din fråga är läst") == 0


# Once --------------------------------------------------------------------------------------------------------


async def test_the_same_open_question_is_not_sent_twice(world: World) -> None:
    await asked(world)
    again = await sends(world["personal"], f"  {NOT_THERE.upper()}")
    assert "FR-2026-0001" in words(again)
    await world.settle()
    assert told(world, "kommunikation", "Fråga om riktlinjen") == 1
    card = await world["kommunikation"].waits_for(NOT_THERE)
    await world["kommunikation"].clicks(card, "Svara", reply="Ja.")
    assert "FR-2026-0002" in words(await sends(world["personal"]))
    assert "FR-2026-0003" in words(await sends(world["admin"]))


async def test_two_clicks_at_once_send_one_question(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    answer = await world["personal"].asks_for(NOT_THERE)
    clicks = [world["personal"].click(answer, ASK) for _ in range(5)]
    await asyncio.gather(*(world["personal"].sends(one) for one in [*clicks, clicks[0]]))
    await world.settle()
    assert told(world, "kommunikation", "Fråga om riktlinjen") == 1


def team(folder: Path, *members: str, cards_to: str = "") -> str:
    """The demonstration's file with these in communications; its path."""
    source = Path("bot/demo/organisation.yaml").read_text(encoding="utf-8")
    before = f"members: [{object_id('kommunikation')}]"
    assert before in source
    after = f"members: [{', '.join(object_id(one) for one in members)}]"
    after += f"\n  cards_to: {cards_to}" if cards_to else ""
    path = folder / "organisation.yaml"
    path.write_text(source.replace(before, after), encoding="utf-8")
    return str(path)


async def test_two_who_reply_at_once_are_one_reply_and_one_courteous_no(tmp_path: Path) -> None:
    file = team(tmp_path, "kommunikation", "admin2")
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        await world.arrive("personal", "kommunikation", "admin2")
        await sends(world["personal"])
        unit = [world["kommunikation"], world["admin2"]]
        cards = [await one.waits_for(NOT_THERE) for one in unit]
        answers = await asyncio.gather(
            *(
                one.clicks(card, "Svara", reply=f"Svar av {one.who}")
                for one, card in zip(unit, cards, strict=True)
            )
        )
        refused = [one for one in answers if "har redan svarat" in one.words]
        assert len(refused) == 1
        assert "Ditt svar skickades inte." in refused[0].words
        await world.settle()
        assert told(world, "personal", REPLIED) == 1
        (reply,) = [
            one
            for one in await world.bot.services.store.load("FR-2026-0001")
            if one.kind == "question_replied"
        ]
        assert world.bot.services.organisation.person(reply.actor).name in refused[0].words
        for one in unit:  # every copy tells the same
            assert "Svara" not in buttons(await one.waits_for(NOT_THERE))


async def test_a_click_repeated_is_the_same_reply(world: World) -> None:
    card = await asked(world)
    click = world["kommunikation"].click(card, "Svara", reply="Ja.")
    again = world["kommunikation"].click(card, "Svara", reply="Ja.")
    for one in (click, click, again):
        assert "har redan svarat" not in (await world["kommunikation"].sends(one)).words
    await world.settle()
    assert told(world, "personal", REPLIED) == 1


# Out of reach ------------------------------------------------------------------------------------------------


async def test_an_asker_who_is_gone_gets_the_reply_when_back(world: World) -> None:
    card = await asked(world)
    await world.post(world["personal"].activity("installationUpdate", action="remove"))
    await world["kommunikation"].clicks(card, "Svara", reply="Ja.")
    waiting = await world["kommunikation"].waits_for("Den som frågade kan inte nås")
    assert "Besvarad" in words(waiting)
    await world.arrive("personal")
    assert told(world, "personal", REPLIED, "Ja.") == 1
    assert "kan inte nås" not in words(await world["kommunikation"].waits_for(NOT_THERE))
    await world.arrive("personal")
    assert told(world, "personal", REPLIED) == 1


async def test_where_nobody_of_the_unit_is_reached_the_asker_is_told_and_the_question_waits(
    world: World,
) -> None:
    await world.arrive("personal")
    await sends(world["personal"])
    await world["personal"].waits_for("Ingen där kan nås i Teams just nu.")
    await world.arrive("kommunikation")
    card = await world["kommunikation"].waits_for("Det här väntar på dig.")
    assert NOT_THERE in words(card)
    assert "kan nås" not in words(await world["personal"].waits_for(SENT))


async def test_where_the_units_conversation_is_closed_each_member_gets_the_card(tmp_path: Path) -> None:
    file = team(tmp_path, "kommunikation", "admin2", cards_to=THREAD)
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        await world.arrive("personal", "kommunikation", "admin2")
        world.connector.fails(
            403, "BotNotInConversationRoster", when=lambda call: call.conversation == THREAD
        )
        await sends(world["personal"])
        for who in ("kommunikation", "admin2"):
            assert NOT_THERE in words(await world[who].waits_for("Fråga om riktlinjen"))
        assert "kan nås" not in words(await world["personal"].waits_for(SENT))


async def test_in_the_units_conversation_its_members_answer_and_nobody_else(tmp_path: Path) -> None:
    file = team(tmp_path, "kommunikation", "admin2", cards_to=THREAD)
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        await world.arrive("personal", "kommunikation", "admin2", "admin")
        await sends(world["personal"])
        await world.settle()
        (card,) = world.cards_in(THREAD)
        assert NOT_THERE in words(card)
        refused = await world["admin"].clicks(card, "Svara", reply="Jag vet.")
        assert "Frågan finns inte, eller så får du inte se den." in refused.words
        await world["admin2"].clicks(card, "Svara", reply="Ja.")
        await world["personal"].waits_for("Ja.")
        (card,) = world.cards_in(THREAD)
        assert "Besvarad" in words(card)
        assert "Svara" not in buttons(card)


# Privacy -----------------------------------------------------------------------------------------------------


async def test_numbers_and_addresses_are_masked_before_a_question_is_kept(world: World) -> None:
    asked_with = "Får jag blockera trollet 19121212-1212, 070-123 45 67, troll@example.com?"
    await world.arrive("personal", "kommunikation")
    await sends(world["personal"], asked_with)
    card = words(await world["kommunikation"].waits_for("Får jag blockera trollet"))
    assert "[personnummer], [telefonnummer], [e-postadress]" in card
    events = [one async for one in world.bot.services.store.events()]
    refs = [value for one in events for key, value in one.data.items() if key in {"texts_ref", "text_ref"}]
    for ref in refs:
        kept = await world.bot.services.store.content(ref) or b""
        assert b"1212" not in kept
        assert b"example.com" not in kept
    assert "blockera" not in str([one.data for one in events])


async def test_after_ninety_days_the_words_are_destroyed_and_the_cards_lose_them(world: World) -> None:
    card = await asked(world)
    await world["kommunikation"].clicks(card, "Svara", reply="Ja, om hen hotar.")
    await world["personal"].waits_for("Ja, om hen hotar.")
    listed = await world["kommunikation"].asks_for("obesvarade frågor")
    assert NOT_THERE in words(listed)
    await world.later(days=89)
    assert NOT_THERE in words(world["kommunikation"].cards())
    await world.later(days=1, minutes=1)
    for who in ("kommunikation", "personal"):
        await world[who].waits_for("Frågor sparas i högst 90 dagar.")
        sent = [
            one for one in world[who].cards() if "FR-2026-0001" in words(one) or "Obesvarade" in words(one)
        ]
        assert sent
        assert NOT_THERE not in words(sent)
        assert "hotar" not in words(sent)
    events = [one async for one in world.bot.services.store.events()]
    refs = [value for one in events for key, value in one.data.items() if key in {"texts_ref", "text_ref"}]
    (guideline,) = [one.data["text_ref"] for one in events if one.kind == "guideline_adopted"]
    asked_refs = [one for one in refs if one != guideline]
    kept = [one for one in asked_refs if await world.bot.services.store.content(one)]
    names = {
        ref
        for one in events
        if one.kind.startswith(("channel", "duty"))
        for ref in map(str, one.data.values())
    }
    assert not [one for one in kept if one not in names]
    assert "Inget har frågats" in words(await world["kommunikation"].asks_for("obesvarade frågor"))


async def test_a_question_that_nobody_answered_is_told_to_be_deleted(world: World) -> None:
    await asked(world)
    await world.later(days=90)
    for who in ("personal", "kommunikation"):
        assert NOT_THERE not in words(await world[who].waits_for("Raderad obesvarad"))
    wish = {"question": "FR-2026-0001", "reply": "För sent."}
    refused = await world["kommunikation"].sends(world["kommunikation"].invoke("question_reply", wish))
    assert "så den går inte att besvara" in refused.words
    assert await world.bot.services.store.count("open_questions") == 0


async def test_two_instances_send_and_answer_one_question_once(postgres: Postgres, tmp_path: Path) -> None:
    place = postgres.place()
    async with a_world(tmp_path, STORAGE_URL=place) as one, a_world(tmp_path, STORAGE_URL=place) as two:
        for who in ("personal", "kommunikation"):
            await one.arrive(who)
        answer = await one["personal"].asks_for(NOT_THERE)
        here, there = one["personal"], Somebody(world=two, who="personal")
        clicks = [here.click(answer, ASK) for _ in range(2)]
        await asyncio.gather(here.sends(clicks[0]), there.sends(clicks[1]))
        assert await one.bot.services.store.count("questions") == 1
