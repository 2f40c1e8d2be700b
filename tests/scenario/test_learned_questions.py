"""What is learned answers the question that was learned and no other; its words go when they should."""

from pathlib import Path

import pytest

from bot.settings import SHIPPED_GUIDELINE
from storage.contents import seal
from storage.store import NewEvent
from tests.scenario.test_guideline_versions import taken_in, written
from tests.scenario.test_learning import ANSWERED, accepted, answered, proposed
from tests.scenario.test_questions import NOT_THERE, team
from tests.scenario.world import World, a_world, words

ASKED_BACK = "Menar du något av det här?"


@pytest.mark.parametrize(
    "question",
    [
        "får jag blockera ett troll",
        "FÅR MAN BLOCKERA TROLL?",
        "Kan vi blockera ett troll?",
        "Får jag blockera trollet?",
    ],
)
async def test_the_same_question_is_answered_however_it_is_put(world: World, question: str) -> None:
    await accepted(world)
    assert ANSWERED in words(await world["admin"].asks_for(question))


async def test_one_other_word_makes_another_question_and_is_asked_back_about_at_most(world: World) -> None:
    await accepted(world)
    for question in (
        "Får ett troll blockera mig?", "Hur blockerar jag ett troll?", "Varför får jag inte blockera ett troll?",
        "Får jag inte blockera ett troll?", "Får jag blockera ett troll med hjälp av polisen?",
        "Måste jag blockera ett troll?", "Vem får blockera ett troll?", "Kan du blockera ett troll?",
        "Får jag blockera min chef?", "Får jag mata ett troll?", "Får jag avblockera ett troll?",
        "När får jag blockera ett troll?", "Får jag bara blockera ett troll?",
    ):  # fmt: skip
        world.clock.forward(minutes=6)
        assert ANSWERED not in words(await world["admin"].asks_for(question)), question


async def test_a_question_near_a_learned_one_is_asked_back_about(world: World) -> None:
    await accepted(world)
    card = await world["admin"].asks_for("Hur blockerar jag ett troll?")
    assert ASKED_BACK in words(card)


@pytest.mark.parametrize("phrasing", ["070-123 45 67", "😀", "?!", "112", "anna@example.com"])
async def test_a_phrasing_that_has_no_words_is_neither_proposed_nor_accepted(
    world: World, phrasing: str
) -> None:
    form = await world["kommunikation"].clicks(await answered(world), "Lär in svaret…")
    refused = await world["kommunikation"].clicks(form.card, "Föreslå", phrasing=phrasing)
    assert "Skriv hur frågan kan låta." in refused.words
    card = (await world["kommunikation"].clicks(refused.card, "Föreslå", phrasing=NOT_THERE)).card
    refused = await world["kommunikation"].clicks(card, "Godkänn och lär in", phrasing=phrasing)
    assert "Skriv hur frågan kan låta." in refused.words
    assert ANSWERED not in words(await world["admin"].asks_for("🙈🙈 !!!"))


OWNER = "Administratörens ansvar"
LEARNED = "Det är viktigt att den som representerar kommunen endast avhandlar ämnesområden"


def suggested(world: World) -> str:
    """The number of the suggestion that has those words."""
    quotes = world.bot.services.policy.ask(NOT_THERE, "sv").quotes
    return str(next(number for number, one in enumerate(quotes, start=1) if one.text.startswith(LEARNED)))


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        (f"{OWNER}\n\nBara den som är utsedd skriver i kanalen.", f"{OWNER}, stycke 2"),
        ("Redaktörens ansvar", "Redaktörens ansvar, stycke 1"),
        (f"Redaktörens ansvar\n\n{{passage}}\n\n{OWNER}", f"{OWNER}, stycke 1"),
        (f"{OWNER}\n\n{{passage}}\n\nRedaktörens ansvar", f"{OWNER}, stycke 1"),
    ],
)
async def test_in_an_edited_guideline_what_was_learned_stays_with_its_words(
    tmp_path: Path, changed: str, place: str
) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    passage = next(line for line in text.splitlines() if line.startswith(LEARNED))
    file.write_text(text, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        await accepted(world, clause=suggested(world))
        assert f"{OWNER}, stycke 1" in words(await world["admin"].asks_for(NOT_THERE))
        written(file, text.replace(f"\n{OWNER}\n", f"\n{changed.format(passage=passage)}\n"))
        await taken_in(world)
        got = words(await world["admin"].asks_for(NOT_THERE))
        assert ANSWERED in got
        assert LEARNED in got
        assert place in got
        assert "Används" in words(await world["kommunikation"].asks_for("inlärda svar"))


async def unreadable(world: World, question: str, data: bytes) -> None:
    """Something learned whose text is none."""
    store, version = world.bot.services.store, world.bot.services.policy.guideline.version
    content = seal(data)
    quoted = {"passage": "upphovsratt/p1", "start": 0, "end": 9}
    told = {"by": "x", "texts_ref": content.ref, "language": "sv", "guideline": version, "quoted": quoted}
    made = [
        NewEvent(kind="learning_proposed", data=told),
        NewEvent(kind="learning_accepted", data={"by": "y", "texts_ref": content.ref}),
    ]
    stream, at = f"learned/{question}", world.clock()
    await store.append(stream, made, expected_version=0, actor="x", at=at, contents=(content,))


async def test_what_cannot_be_read_keeps_nothing_else_that_was_learned_from_a_changed_guideline(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        await accepted(world, clause=suggested(world))
        await unreadable(world, "FR-2026-0901", b'{"text": 1, "secret": "Hemlig fr\xc3\xa5ga"}')
        await unreadable(world, "FR-2026-0902", b"\xff\xfe")
        assert ANSWERED in words(await world["admin"].asks_for(NOT_THERE))
        written(file, text.replace(f"\n{OWNER}\n", "\nRedaktörens ansvar\n"))
        await taken_in(world)
        got = words(await world["admin"].asks_for(NOT_THERE))
        assert LEARNED in got
        assert "Redaktörens ansvar, stycke 1" in got
        told = [one for one in caplog.records if "cannot be read" in one.getMessage()]
        assert {getattr(one, "question", "") for one in told} == {"FR-2026-0901", "FR-2026-0902"}
        assert "Hemlig" not in caplog.text


# How long its words are there --------------------------------------------------------------------------------


async def kept_of(world: World) -> list[bytes | None]:
    store = world.bot.services.store
    events = await store.load("learned/FR-2026-0001")
    return [await store.content(one.data["texts_ref"]) for one in events if "texts_ref" in one.data]


async def test_a_proposal_that_nobody_accepted_goes_with_the_words_of_its_question(world: World) -> None:
    await proposed(world)
    listed = await world["kommunikation"].asks_for("inlärda svar")
    assert NOT_THERE in words(listed)
    await world.later(days=89)
    assert all(await kept_of(world))
    await world.later(days=1, minutes=1)
    assert await kept_of(world) == [None]
    assert NOT_THERE not in words(world["kommunikation"].cards())
    await world.later(days=1)
    assert len(await world.bot.services.store.load("learned/FR-2026-0001")) == 2


async def test_what_is_revoked_leaves_the_lists_of_all_who_were_shown_them(tmp_path: Path) -> None:
    file = team(tmp_path, "kommunikation", "admin2")
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        await world.arrive("kommunikation", "admin2")
        card = await accepted(world)
        assert NOT_THERE in words(await world["admin2"].asks_for("inlärda svar"))
        await world["kommunikation"].clicks(card, "Ta tillbaka")
        listed = await world["admin2"].waits_for("Inlärda svar")
        assert NOT_THERE not in words(listed)
        assert "Inget svar är inlärt." in words(listed)


async def test_who_leaves_communications_keeps_neither_list(tmp_path: Path) -> None:
    file = team(tmp_path, "kommunikation", "admin2")
    async with a_world(tmp_path / "data", ORGANISATION_FILE=file) as world:
        await world.arrive("kommunikation", "admin2")
        await accepted(world)
        await world["admin"].says("Vem köper in kameran?")
        assert NOT_THERE in words(await world["admin2"].asks_for("inlärda svar"))
        assert "kameran" in words(await world["admin2"].asks_for("obesvarade frågor"))
        clock = world.clock
    async with a_world(tmp_path / "data", clock=clock) as world:
        await world.arrive("admin2")
        await world.later(minutes=1)
        for emptied in ("Inget svar är inlärt.", "Inget har frågats"):
            await world["admin2"].waits_for(emptied)
        before = len(world.connector.calls)
        await world.later(minutes=1)
        assert len(world.connector.calls) == before
