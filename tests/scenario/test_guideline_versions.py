"""A decision keeps the guideline's words as they were when it was taken."""

import logging
import os
from pathlib import Path

import pytest

from bot.guidelines.watch import GuidelineWatch
from bot.settings import SHIPPED_GUIDELINE
from tests.scenario.world import World, a_world, words

OLD = "måste raderas eller avpubliceras"
NEW = "ska genast raderas eller avpubliceras"


async def decided(world: World) -> str:
    await world.arrive("admin")
    case = await world.flag()
    typed = {"ground": "svordomar", "reason": "Könsord."}
    await world["admin"].clicks(await world["admin"].waits_for(case), "Radera", **typed)
    return case


async def test_what_was_decided_under_an_older_guideline_quotes_that_one(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    assert OLD in text
    file.write_text(text, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        first = await decided(world)
    file.write_text(text.replace(OLD, NEW), encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        second = await decided(world)
        before = words(await world["admin"].asks_for(f"visa {first}"))
        after = words(await world["admin"].asks_for(f"visa {second}"))
        assert OLD in before
        assert NEW not in before
        assert NEW in after
        (old,) = [one for one in await world.bot.services.store.load(first) if one.kind == "decided"]
        assert old.data["guideline"][:12] in before


async def test_a_guideline_without_the_clause_is_decided_under_no_clause(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    file.write_text(text[: text.index("3. Skriva inlägg")], encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        await world.arrive("admin")
        case = await world.flag()
        kept = await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
        (made,) = [one for one in await world.bot.services.store.load(case) if one.kind == "decided"]
        assert made.data["passage"] == ""
        assert "Ur riktlinjen" not in kept.words


# Changed while the bot runs --------------------------------------------------------------------------------

ASKED = "Måste raderade inlägg diarieföras?"
REASON = "med motivering till varför inlägget tagits bort"


def written(file: Path, text: str) -> None:
    """As editors save: another file takes its place, and its time is another."""
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    later = fresh.stat().st_mtime + 5
    os.utime(fresh, (later, later))
    fresh.replace(file)


async def taken_in(world: World) -> None:
    """Two looks: a change counts once both saw the same."""
    for _ in range(2):
        await world.later(seconds=30)


async def test_a_changed_guideline_is_in_force_without_a_start_and_the_old_one_stays_quotable(
    tmp_path: Path,
) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        first = await decided(world)
        assert REASON in words(await world["personal"].asks_for(ASKED))
        written(file, text.replace(OLD, NEW).replace(REASON, f"{REASON} och av vem"))
        await taken_in(world)
        assert f"{REASON} och av vem" in words(await world["personal"].asks_for(ASKED))
        second = await decided(world)
        assert OLD in words(await world["admin"].asks_for(f"visa {first}"))
        assert NEW in words(await world["admin"].asks_for(f"visa {second}"))
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        assert OLD in words(await world["admin"].asks_for(f"visa {first}")), "also after a start"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("", "guideline.md:0: the guideline is empty"),
        ("Riktlinjer\n\nEn regel.\n\n\x07", "guideline.md:5: forbidden character U+0007"),
    ],
)
async def test_a_broken_guideline_is_refused_with_its_line_and_the_one_before_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, broken: str, told: str
) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        await world.arrive("personal")
        written(file, broken)
        for _ in range(3):
            await world.later(minutes=1)
        assert REASON in words(await world["personal"].asks_for(ASKED))
        problems = [getattr(one, "problem", "") for one in caplog.records if one.levelno == logging.ERROR]
        assert problems == [told], "once, not at every look"
        file.unlink()
        await taken_in(world)
        assert REASON in words(await world["personal"].asks_for(ASKED))
        written(file, text.replace(REASON, f"{REASON} och av vem"))
        await taken_in(world)
        assert f"{REASON} och av vem" in words(await world["personal"].asks_for(ASKED))


async def test_a_folder_of_guidelines_is_asked_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "guidelines"
    folder.mkdir()
    (folder / "1-sociala-medier.md").write_text(
        SHIPPED_GUIDELINE.read_text(encoding="utf-8"), encoding="utf-8"
    )
    (folder / ".hidden.md").write_text("", encoding="utf-8")
    (folder / "notes.docx").write_bytes(b"no guideline")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(folder)) as world:
        await world.arrive("personal")
        (folder / "2-e-post.md").write_text(
            "# Riktlinjer för e-post\n\n## Bilagor\n\nBilagor som är större än 20 megabyte skickas inte med e-post.\n",
            encoding="utf-8",
        )
        await taken_in(world)
        mail = words(await world["personal"].asks_for("Får jag skicka stora bilagor med e-post?"))
        assert "Bilagor som är större än 20 megabyte skickas inte med e-post." in mail
        assert "Bilagor" in mail
        assert REASON in words(await world["personal"].asks_for(ASKED))


async def test_what_changed_while_the_bot_started_is_not_missed(tmp_path: Path) -> None:
    file = tmp_path / "guideline.md"
    text = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        at = world.bot.services
        file.write_text(text.replace(REASON, f"{REASON} och av vem"), encoding="utf-8")
        watch = GuidelineWatch(file, at.in_force, at.guidelines, at.store, at.clock)
        for _ in range(2):
            await watch.look()
        assert f"{REASON} och av vem" in words(await world["personal"].asks_for(ASKED))


async def test_a_guideline_that_is_written_in_pieces_is_in_force_once_it_is_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "guidelines"
    folder.mkdir()
    file, text = folder / "1.md", SHIPPED_GUIDELINE.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    changed = (
        f"{text.replace(REASON, f'{REASON} och av vem')}\n\nSist\n\nDet här är hela riktlinjen.\n".encode()
    )
    places = range(0, len(changed), len(changed) // 5 + 1)
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(folder)) as world:
        await taken_in(world)
        version = world.bot.services.policy.guideline.version
        with file.open("wb") as being_written:
            for place in places:
                being_written.write(changed[place : place + places.step])
                being_written.flush()
                await world.later(seconds=30)
                answer = words(await world["personal"].asks_for(ASKED))
                assert version[:12] in answer
                assert f"{REASON} och av vem" not in answer
        await world.later(seconds=30)
        assert f"{REASON} och av vem" in words(await world["personal"].asks_for(ASKED))
        assert "Det här är hela riktlinjen." in world.bot.services.policy.guideline.text
        assert len(await world.bot.services.store.load("guideline")) == 2, "no half one is on record"
        assert not [one for one in caplog.records if one.levelno >= logging.ERROR]
