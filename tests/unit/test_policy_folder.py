"""Several guidelines in a folder: each read as if alone, and every quote still an exact slice of the whole."""

from pathlib import Path

import pytest

from bot.policy.folder import BOUNDARY, FolderError, parse_whole, read_folder
from bot.policy.guideline import GuidelineError, parse
from bot.policy.shipped import DEFAULT_GUIDELINE, load_guideline

MAIL = "# Riktlinjer för e-post\n\n## Definition av sociala medier\n\nE-post är inget socialt medium.\n\n1. Svara inom ett dygn.\n2. Gallra."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "1.md").write_bytes(DEFAULT_GUIDELINE.read_bytes())
    (tmp_path / "2.txt").write_text(MAIL, encoding="utf-8")
    (tmp_path / "3.pdf").write_bytes(b"%PDF")
    (tmp_path / ".4.md.swp").write_text("", encoding="utf-8")
    return tmp_path


def test_each_document_is_cut_as_it_is_alone(folder: Path) -> None:
    whole = read_folder(folder)
    alone = [load_guideline(), parse(MAIL, source="2.txt")]
    expected = [one.words(passage) for one in alone for passage in one.passages()]
    assert [whole.words(passage) for passage in whole.passages()] == expected
    assert whole.name == ", ".join(one.name for one in alone)
    ids = [one.id for one in whole.passages()]
    assert len(set(ids)) == len(ids)
    assert whole.passage("administratorens-ansvar/5/a") is not None, "the first one's ids stay"
    assert "definition-av-sociala-medier-2/1" in ids


def test_what_the_record_holds_is_read_as_the_folder_was(folder: Path) -> None:
    whole = read_folder(folder)
    again = parse_whole(whole.text, source=folder.name)
    assert again == whole
    assert BOUNDARY in whole.text


def test_every_problem_is_told_with_its_file_and_line(folder: Path) -> None:
    (folder / "2.txt").write_text("Rubrik\n\n\x07", encoding="utf-8")
    (folder / "0.md").write_bytes(b"caf\xe9")
    with pytest.raises(FolderError) as told:
        read_folder(folder)
    assert str(told.value).splitlines() == [
        "0.md:1: not UTF-8: byte 0xe9 at 4",
        "2.txt:3: forbidden character U+0007",
    ]


def test_an_empty_folder_is_no_guideline(tmp_path: Path) -> None:
    with pytest.raises(GuidelineError, match=r"expected files that end in \.md or \.txt"):
        read_folder(tmp_path)
