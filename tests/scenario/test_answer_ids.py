"""Who asked in vain, and who said what of an answer, can't be read from the ids that the journal keeps for good."""

import hashlib

from bot.contents import sealed
from bot.domain.organisation import SYSTEM
from bot.domain.questions import Asked, QuestionTexts
from bot.questions.record import question_event
from bot.questions.unanswered_record import noted_event, unanswered_stream
from tests.scenario.test_answers import REGISTERED
from tests.scenario.test_questions import ASK, NOT_THERE, asked
from tests.scenario.world import PEOPLE, Json, World, object_id, words


async def says_at_a_time(world: World, text: str) -> Json:
    """Teams' activity ids are little more than the time; the card that came."""
    message = world["personal"].activity("message", text=text, textFormat="plain")
    message["id"] = str(int(world.clock.now.timestamp() * 1000) - 437)
    await world.post(message)
    return world["personal"].cards()[-1]


def tried(world: World) -> set[str]:
    """What an id would be if it were made of what anybody can try: each person's chat, each millisecond."""
    now = int(world.clock.now.timestamp() * 1000)
    named = (f"a:{who}\0{at}\0{object_id(who)}" for who in PEOPLE for at in range(now - 2000, now + 1))
    return {hashlib.sha256(one.encode()).hexdigest()[:32] for one in named}


async def test_neither_who_asked_nor_who_rated_is_found_by_trying(world: World) -> None:
    await says_at_a_time(world, NOT_THERE)
    world.clock.forward(seconds=1)
    await world["personal"].clicks(await says_at_a_time(world, REGISTERED), "Nej")
    events = [one async for one in world.bot.services.store.events()]
    ids = {one.stream.partition("/")[2] for one in events if one.kind == "question_unanswered"}
    ids |= {one.data["answer"] for one in events if one.kind == "answer_rated"}
    assert len(ids) == 2
    assert not ids & tried(world)
    exported = str([(one.stream, one.data) for one in events])
    assert not [one for one in tried(world) if one in exported]


async def test_who_sent_a_question_on_is_not_joined_to_who_said_that_its_answer_did_not_help(
    world: World,
) -> None:
    await world.arrive("personal", "kommunikation")
    card = await says_at_a_time(world, REGISTERED)
    said = await world["personal"].clicks(card, "Nej")
    await world["personal"].clicks(said.card, ASK)
    events = [one async for one in world.bot.services.store.events()]
    (rated,) = [one for one in events if one.kind == "answer_rated"]
    (sent,) = [one for one in events if one.kind == "question_asked"]
    on_the_card = str(card).partition("'answer': '")[2][:32]
    assert len({rated.data["answer"], sent.data["answer"], on_the_card}) == 3


async def test_the_id_of_somebody_elses_unanswered_question_is_no_way_to_its_row(world: World) -> None:
    await world.arrive("personal", "kommunikation")
    await world["admin"].says("Vad kostar en annons på TikTok?")
    (row,) = await world.bot.services.store.select("unanswered")
    forged = world["personal"].invoke("ask_unit", {"answer": row["id"], "question": NOT_THERE})
    await world["personal"].sends(forged)
    await world["kommunikation"].clicks(
        await world["kommunikation"].waits_for(NOT_THERE), "Svara", clause="1"
    )
    assert await world.bot.services.store.select("unanswered") == [row]


async def test_a_delivery_repeated_is_listed_once(world: World) -> None:
    for _ in range(2):
        await says_at_a_time(world, NOT_THERE)
    assert await world.bot.services.store.count("unanswered") == 1


async def test_a_record_of_the_version_before_is_read_with_the_ids_that_it_has(world: World) -> None:
    await asked(world, "Vem köper in kameran?")
    store, old = world.bot.services.store, "0123456789abcdef" * 2
    text = sealed(QuestionTexts(text=NOT_THERE))
    event = Asked(
        asker=object_id("admin"), texts_ref=text.ref, language="sv", outcome="not_in_guideline",
        guideline=world.bot.services.policy.guideline.version, same="0" * 32, answer=old,
    )  # fmt: skip
    for stream, made in (
        (unanswered_stream(old), noted_event(text.ref, passage="", language="sv")),
        ("FR-2026-0002", question_event(event)),
    ):
        await store.append(
            stream, [made], expected_version=0, actor=SYSTEM, at=world.clock.now, contents=(text,)
        )
    assert NOT_THERE in words(await world["kommunikation"].asks_for("obesvarade frågor"))
    card = await world["kommunikation"].asks_for("visa FR-2026-0002")
    await world["kommunikation"].clicks(card, "Markera som lucka utan att svara")
    rows = {row["id"]: row["gap"] for row in await store.select("unanswered")}
    assert rows[old]
    assert len(rows) == 2
