"""Any guideline will do: what it says about removals is quoted, and what it doesn't say isn't put into its mouth."""

import logging
from pathlib import Path
from typing import Any

import pytest

from bot.settings import SHIPPED_GUIDELINE
from tests.scenario.test_guideline_versions import ASKED, REASON, taken_in, written
from tests.scenario.world import World, a_world, words

TEXT = SHIPPED_GUIDELINE.read_text(encoding="utf-8")
TRAVEL = "# Riktlinjer för resor\n\n## Bokning\n\nResor bokas i resebyråns system.\n"
WEB = (
    "# Riktlinjer för webben\n\n## Administratörens ansvar\n\nWebben uppdateras varje vecka av redaktören.\n"
)
REMOVES, UNNAMED = "Riktlinjen: ska tas bort", "Riktlinjen: nämner inte grunden med dessa ord"
NOT_ALL = "the guideline does not name every ground for removal"


def file_with(text: str, tmp_path: Path) -> Path:
    file = tmp_path / "guideline.md"
    file.write_text(text, encoding="utf-8")
    return file


async def removed(world: World, ground: str) -> dict[str, Any]:
    """The decision on a comment that is removed on that ground; what its cards say as ``before`` and ``after``."""
    await world.arrive("admin")
    case = await world.flag(ground=ground)
    card = await world["admin"].waits_for(case)
    done = await world["admin"].clicks(card, "Radera", ground=ground, reason="Skälet.")
    (made,) = [one for one in await world.bot.services.store.load(case) if one.kind == "decided"]
    return {**made.data, "before": words(card).partition("Alla grunder")[0], "after": done.words}


def unnamed_grounds(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [getattr(one, "grounds", "") for one in caplog.records if one.getMessage() == NOT_ALL]


async def test_the_bot_starts_with_a_guideline_about_something_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = file_with(TRAVEL, tmp_path)
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        assert "resebyråns" in words(await world["personal"].asks_for("Hur bokas resor?"))
        (told,) = unnamed_grounds(caplog)
        assert told.split(", ")[:2] == ["personangrepp", "svordomar"]
        made = await removed(world, "svordomar")
        assert made["passage"] == ""
        assert UNNAMED in made["before"]
        assert REMOVES not in made["before"]
        assert "Lagen: ingen plikt" in made["before"]
        assert "Ur riktlinjen" not in made["after"]


@pytest.mark.parametrize(
    ("old", "new", "ground", "passage", "unnamed"),
    [
        ("Administratörens ansvar", "Redaktörens ansvar", "svordomar", "redaktorens-ansvar/2", []),
        ("svordomar", "svärord", "svordomar", "", ["svordomar"]),
        ("svordomar", "svärord", "reklam", "administratorens-ansvar/2", ["svordomar"]),
    ],
)
async def test_an_edit_near_the_grounds_is_taken_in_and_what_it_left_without_a_clause_is_told(
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    old: str,
    new: str,
    ground: str,
    passage: str,
    unnamed: list[str],
) -> None:
    file = file_with(TEXT, tmp_path)
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(file)) as world:
        assert (await removed(world, ground))["passage"] == "administratorens-ansvar/2"
        assert not unnamed_grounds(caplog)
        written(file, TEXT.replace(old, new).replace(REASON, f"{REASON} och av vem"))
        await taken_in(world)
        assert f"{REASON} och av vem" in words(await world["personal"].asks_for(ASKED))
        assert unnamed_grounds(caplog) == unnamed
        made = await removed(world, ground)
        assert made["passage"] == passage
        assert (REMOVES in made["before"]) == bool(passage)


async def test_a_document_with_the_same_heading_lends_its_words_to_no_decision(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "guidelines"
    folder.mkdir()
    (folder / "b.md").write_text(TEXT, encoding="utf-8")
    async with a_world(tmp_path / "data", GUIDELINE_FILE=str(folder)) as world:
        (folder / "a.md").write_text(WEB, encoding="utf-8")
        await taken_in(world)
        assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
        made = await removed(world, "svordomar")
        assert made["passage"] == "administratorens-ansvar-2/2"
        assert "måste raderas eller avpubliceras" in made["after"]
        case = await world.flag({"text": "Hej"})
        await world["admin"].clicks(await world["admin"].waits_for(case), "Behåll")
        (kept,) = [one for one in await world.bot.services.store.load(case) if one.kind == "decided"]
        assert kept.data["passage"] == "administratorens-ansvar-2/5/b"


async def test_text_with_the_page_breaks_of_a_pdf_is_taken_alone_and_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "guidelines"
    folder.mkdir()
    pages = (
        "Riktlinjer för resor\n\nResor bokas i resebyråns system.\n\f\nTåg\n\nVi åker tåg i första hand.\n\f"
    )
    (folder / "resor.txt").write_text(pages, encoding="utf-8")
    (folder / "webben.md").write_text(WEB, encoding="utf-8")
    for place in (folder, folder / "resor.txt"):
        async with a_world(tmp_path / f"data-{place.name}", GUIDELINE_FILE=str(place)) as world:
            assert "resebyråns" in words(await world["personal"].asks_for("Hur bokas resor?"))
            after = await world["personal"].sends(world["personal"].invoke("passage", {"passage": "tag/p1"}))
            assert "Vi åker tåg i första hand.\nTåg, stycke 1." in after.words
