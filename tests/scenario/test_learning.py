"""Learning an answer: proposed, read and accepted by another click, in use at once everywhere, revoked."""

import asyncio
from pathlib import Path

from tests.postgres import Postgres
from tests.scenario.test_questions import NOT_THERE, asked, team
from tests.scenario.world import Json, World, a_world, buttons, inputs, words

LIKE = "Kan man blockera ett troll?"
ANSWERED = "Så står det i riktlinjen"
MISSING = "Det står inte i riktlinjen"


async def answered(world: World, clause: str = "2") -> Json:
    """Communications' card of a question that was answered with one of its nearest passages."""
    card = await asked(world)
    return (await world["kommunikation"].clicks(card, "Svara", clause=clause)).card


async def proposed(world: World, phrasing: str = NOT_THERE, clause: str = "2") -> Json:
    form = await world["kommunikation"].clicks(await answered(world, clause), "Lär in svaret…")
    assert inputs(form.card)["phrasing"]["value"] == NOT_THERE
    return (await world["kommunikation"].clicks(form.card, "Föreslå", phrasing=phrasing)).card


async def accepted(world: World, phrasing: str = NOT_THERE, clause: str = "2") -> Json:
    card = await proposed(world, clause=clause)
    return (await world["kommunikation"].clicks(card, "Godkänn och lär in", phrasing=phrasing)).card


def passage_of(card: Json) -> str:
    """The quoted words."""
    lines = words(card).splitlines()
    return lines[lines.index("Din fråga: ") + 2]


async def test_what_is_accepted_answers_from_then_on_without_a_restart(world: World) -> None:
    card = await proposed(world)
    assert "Förslag: lär in svaret" in words(card)
    assert MISSING in words(await world["admin"].asks_for(NOT_THERE))
    done = await world["kommunikation"].clicks(card, "Godkänn och lär in")
    assert "Svaret är inlärt" in done.words
    for question in (NOT_THERE, "får jag blockera ett TROLL", LIKE):
        got = await world["admin"].asks_for(question)
        assert ANSWERED in words(got)
        assert passage_of(got) in world.bot.services.policy.guideline.text
        assert passage_of(got) in words(card)
    assert MISSING in words(await world["admin"].asks_for("Vad kostar en annons på TikTok?"))


async def test_the_phrasing_is_edited_at_either_step_and_the_last_one_counts(world: World) -> None:
    card = await proposed(world, phrasing="Får jag stänga ute ett troll?")
    assert inputs(card)["phrasing"]["value"] == "Får jag stänga ute ett troll?"
    await world["kommunikation"].clicks(
        card, "Godkänn och lär in", phrasing="Kan ett troll spärras, 070-123 45 67?"
    )
    listed = words(await world["kommunikation"].asks_for("inlärda svar"))
    assert "Kan ett troll spärras, [telefonnummer]?" in listed
    assert "stänga ute" not in listed
    assert ANSWERED in words(await world["personal"].asks_for("Kan ett troll spärras?"))
    events = await world.bot.services.store.load("learned/FR-2026-0001")
    first, last = [await world.bot.services.store.content(one.data["texts_ref"]) for one in events]
    assert first is None
    assert last


async def test_a_phrasing_without_words_is_refused(world: World) -> None:
    form = await world["kommunikation"].clicks(await answered(world), "Lär in svaret…")
    refused = await world["kommunikation"].clicks(form.card, "Föreslå", phrasing=" ")
    assert "Skriv hur frågan kan låta." in refused.words
    assert "Föreslå" in buttons(refused.card)


async def test_only_a_passage_can_be_learned(world: World) -> None:
    card = await asked(world)
    done = await world["kommunikation"].clicks(card, "Svara", reply="Ja.")
    assert "Lär in svaret…" not in buttons(done.card)
    wish = {"question": "FR-2026-0001", "phrasing": NOT_THERE}
    made_up = world["kommunikation"].invoke("learn_propose", wish)
    assert "Bara svar som är ett stycke" in (await world["kommunikation"].sends(made_up)).words


async def test_what_is_revoked_answers_no_longer_and_its_words_are_destroyed(world: World) -> None:
    card = await accepted(world)
    assert ANSWERED in words(await world["personal"].asks_for(NOT_THERE))
    done = await world["kommunikation"].clicks(card, "Ta tillbaka")
    assert "Svaret är inlärt" not in done.words
    assert MISSING in words(await world["personal"].asks_for(NOT_THERE))
    events = await world.bot.services.store.load("learned/FR-2026-0001")
    assert [one.kind for one in events] == ["learning_proposed", "learning_accepted", "learning_revoked"]
    assert not [
        one
        for one in events
        if one.data.get("texts_ref") and await world.bot.services.store.content(one.data["texts_ref"])
    ]
    again = await world["kommunikation"].clicks(done.card, "Lär in svaret…")
    await world["kommunikation"].clicks(again.card, "Föreslå")
    assert "version 4" in words(
        await world["kommunikation"].asks_for("learned answers")
    ) or "version 4" in words(await world["kommunikation"].asks_for("inlärda svar"))


async def test_a_proposal_can_be_declined(world: World) -> None:
    card = await proposed(world)
    await world["kommunikation"].clicks(card, "Avstå")
    assert MISSING in words(await world["personal"].asks_for(NOT_THERE))
    assert "Inget svar är inlärt." in words(await world["kommunikation"].asks_for("inlärda svar"))


async def test_the_list_revokes_too(world: World) -> None:
    await accepted(world)
    listed = await world["kommunikation"].asks_for("inlärda svar")
    assert "Används" in words(listed)
    after = await world["kommunikation"].clicks(listed, "Ta tillbaka")
    assert "Inget svar är inlärt." in after.words
    assert MISSING in words(await world["personal"].asks_for(NOT_THERE))


async def test_two_who_accept_at_once_and_a_card_from_before(tmp_path: Path) -> None:
    async with a_world(
        tmp_path / "data", ORGANISATION_FILE=team(tmp_path, "kommunikation", "admin2")
    ) as world:
        await world.arrive("admin2")
        await proposed(world)
        unit = [world["kommunikation"], world["admin2"]]
        cards = [await one.waits_for(NOT_THERE) for one in unit]
        answers = await asyncio.gather(
            *(one.clicks(card, "Godkänn och lär in") for one, card in zip(unit, cards, strict=True))
        )
        assert sum("Svaret är redan inlärt." in one.words for one in answers) == 1
        assert all("Svaret är inlärt" in one.words for one in answers)
        stale = unit[0].invoke("learn_revoke", {"question": "FR-2026-0001", "version": 1})
        assert "Något har ändrats" in (await unit[0].sends(stale)).words
        assert ANSWERED in words(await world["personal"].asks_for(NOT_THERE))


async def test_what_is_learned_survives_a_restart_and_the_end_of_the_question(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        await accepted(world)
        await world.later(days=91)
        clock = world.clock
    async with a_world(tmp_path / "data", clock=clock) as world:
        assert ANSWERED in words(await world["personal"].asks_for(NOT_THERE))
        listed = await world["kommunikation"].asks_for("inlärda svar")
        assert NOT_THERE in words(listed)
        await world["kommunikation"].clicks(listed, "Ta tillbaka")
        assert MISSING in words(await world["personal"].asks_for(NOT_THERE))


async def test_another_guideline_lets_rest_what_it_has_no_words_for(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data") as world:
        third = world.bot.services.policy.ask(NOT_THERE, "sv").quotes[2].text
        await accepted(world, clause="3")
        clock, text = world.clock, world.bot.services.policy.guideline.text
    other = tmp_path / "other.md"
    other.write_text(text.replace(third, "Något annat gäller numera."), encoding="utf-8")
    async with a_world(tmp_path / "data", clock=clock, GUIDELINE_FILE=str(other)) as world:
        listed = words(await world["kommunikation"].asks_for("inlärda svar"))
        assert "Vilar: riktlinjen har ändrats" in listed
        assert third[:40] in listed


async def test_every_instance_learns_and_forgets(postgres: Postgres, tmp_path: Path) -> None:
    place = postgres.place()
    async with a_world(tmp_path, STORAGE_URL=place) as one, a_world(tmp_path, STORAGE_URL=place) as two:
        card = await accepted(one)
        for world in (one, two):
            assert ANSWERED in words(await world["admin"].asks_for(NOT_THERE))
        await one["kommunikation"].clicks(card, "Ta tillbaka")
        for world in (two, one):
            assert MISSING in words(await world["admin"].asks_for(NOT_THERE))


async def test_a_click_repeated_learns_once(world: World) -> None:
    card = await proposed(world)
    click = world["kommunikation"].click(card, "Godkänn och lär in")
    for _ in range(2):
        assert "Svaret är inlärt" in (await world["kommunikation"].sends(click)).words
    assert len(await world.bot.services.store.load("learned/FR-2026-0001")) == 2
