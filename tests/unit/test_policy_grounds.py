"""The law file: what stands in it is what people read, and a file that doesn't hold is refused with all its faults."""

from pathlib import Path

import pytest

from bot.domain.grounds import DUTY_GROUNDS, Ground
from bot.policy.answering import load_policy
from bot.policy.grounds import LAW_FILE, LawError, load_law
from bot.policy.guideline import parse


def test_every_ground_quotes_the_guideline_by_its_offsets_in_the_guidelines_order() -> None:
    law, guideline = load_law(), load_policy().guideline
    assert [*law.grounds] == [*Ground]
    starts = [law.ground(code).start for code in Ground]
    assert starts == sorted(starts)
    for text in law.grounds.values():
        assert text.passage == "administratorens-ansvar/2"
        assert guideline.text[text.start : text.end] == text.words


@pytest.mark.parametrize("code", [*Ground])
def test_each_ground_says_what_the_guideline_and_the_law_demand(code: Ground) -> None:
    text = load_law().ground(code)
    assert text.can_be_duty == (code in DUTY_GROUNDS)
    assert text.guideline_says("sv") == "Riktlinjen: ska tas bort"
    assert text.law_says("sv") == ("Lagen: plikt om uppenbart" if text.can_be_duty else "Lagen: ingen plikt")
    assert bool(text.law_reference) == text.can_be_duty
    for language in ("sv", "en"):
        assert text.name(language)
        assert text.explanation(language)
        assert text.law_in_full(language)
    for repeated in ("plikt om", "ingen plikt"):  # it stands right after the short line
        assert not text.law_in_full("sv").lower().startswith(repeated)


def test_only_two_grounds_need_the_admin_to_say_more() -> None:
    law = load_law()
    assert [one.code for one in law.grounds.values() if one.duty_needs_statement] == [Ground.PERSONANGREPP]
    assert [one.code for one in law.grounds.values() if one.law_must_be_named] == [Ground.ANNAT_LAGBROTT]


def test_child_abuse_material_goes_to_the_police_and_nothing_is_copied() -> None:
    law = load_law()
    for language in ("sv", "en"):
        assert "114 14" in law.abuse_steps(language)
        assert "112" in law.abuse_steps(language)
    assert law.abuse_reason


def test_an_unknown_language_reads_swedish() -> None:
    assert load_law().ground(Ground.REKLAM).name("fi") == "Kommersiella budskap eller reklam"


def test_all_faults_of_the_law_file_are_told_at_once(tmp_path: Path) -> None:
    text = LAW_FILE.read_text(encoding="utf-8")
    text = text.replace('words = "hets mot folkgrupp"', 'words = ""')
    text = text.replace('name.en = "Swearing or obscene words"\n', "")
    text = text.replace("[ground.reklam]", "[ground.reklamen]")
    text = text.replace("[ground.upphovsratt]\npassage = ", "[ground.upphovsratt]\nduty = 1\n#")
    broken = tmp_path / "law.toml"
    broken.write_text(text.replace("duty = 1\n", "", 1), encoding="utf-8")
    with pytest.raises(LawError) as refused:
        load_law(broken)
    said = str(refused.value)
    for fault in (
        "ground.reklamen: no such ground",
        "ground.reklam: missing",
        "hets_mot_folkgrupp.words",
        "svordomar.name.en",
        "upphovsratt.passage",
    ):
        assert fault in said


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "law.toml"
    broken.write_text("[", encoding="utf-8")
    with pytest.raises(LawError):
        load_law(broken)


def bound(text: str, ground: Ground) -> str:
    """What the guideline says of the ground, with its place."""
    found = load_law(guideline=parse(text, source="other")).ground(ground)
    return f"{found.passage}: {found.words}" if found.is_found else found.guideline_says("en")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Inlägg med Personangrepp ska raderas.", "regler/p1: Personangrepp"),
        ("Vi tar bort:\n\n- reklam\n- personangrepp", "regler/p1/b: personangrepp"),
        ("Personangrepp ska anmälas.\n\nVi raderar personangrepp.", "regler/p2: personangrepp"),
        ("Personangrepp ska anmälas.", "Guideline: does not name this ground in these words"),
        ("Bilden har rader av personangrepp.", "Guideline: does not name this ground in these words"),
        ("Inlägg raderas.", "Guideline: does not name this ground in these words"),
    ],
)
def test_a_ground_is_found_by_its_words_wherever_the_guideline_has_posts_removed(
    text: str, told: str
) -> None:
    assert bound(f"# Regler\n\n{text}\n", Ground.PERSONANGREPP) == told


def test_words_of_a_ground_may_be_broken_over_lines() -> None:
    text = "# Regler\n\nInlägg raderas om de innehåller svordomar\neller obscena ord.\n"
    assert bound(text, Ground.SVORDOMAR) == "regler/p1: svordomar\neller obscena ord"


def test_grounds_without_a_clause_are_told_of_in_the_guidelines_order() -> None:
    law = load_law(
        guideline=parse("# A\n\nReklam raderas, kommersiella budskap eller reklam.\n", source="other")
    )
    assert [one.code for one in law.unfound] == [one for one in Ground if one is not Ground.REKLAM]
    assert not load_law().unfound
