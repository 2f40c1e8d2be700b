"""Typos, lost diacritics, chat Swedish, compounds and concepts."""

import pytest

from bot.policy.concepts import load_concepts
from bot.policy.normalise import LONGEST_QUESTION, clean, load_words, stem, words_of
from bot.policy.vocabulary import Vocabulary, distance

KNOWN = Vocabulary(
    "sv", ["kommentar", "falt", "facebook", "sida", "radera", "skarmdump", "diariefora", "ar", "pa", "kund"]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("skarmdmup", "skarmdump"),
        ("kommentr", "kommentar"),
        ("diarefora", "diariefora"),
        ("radrea", "radera"),
        ("pa", "pa"),
        ("hund", "hund"),
        ("x1234", "x1234"),
        ("radera", "radera"),
    ],
)
def test_a_typo_is_mended_and_another_word_is_left_alone(typed: str, meant: str) -> None:
    assert KNOWN.mended(typed) == meant


def test_compounds_come_apart_into_known_parts() -> None:
    assert KNOWN.parts("kommentarsfalt") == (stem("kommentar", "sv"), stem("falt", "sv"))
    assert KNOWN.parts("facebooksida") == (stem("facebook", "sv"), stem("sida", "sv"))
    assert KNOWN.parts("sida") == ()


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xyz", 3), ("a", "abcd", 3)],
)
def test_distance_counts_edits_and_stops_early(one: str, other: str, edits: int) -> None:
    assert distance(one, other, 2) == min(edits, 3)


def test_forms_of_a_word_share_a_stem() -> None:
    for forms in (
        ("konto", "kontot", "konton"),
        ("lista", "listan", "listor"),
        ("kommentar", "kommentarerna"),
    ):
        assert len({stem(form, "sv") for form in forms}) == 1


def test_chat_swedish_is_spelled_out() -> None:
    lists = load_words()
    assert lists.spelled_out(["nan", "pa", "fb"], "sv") == ["nagon", "pa", "facebook"]


def test_text_is_cut_folded_and_cleaned() -> None:
    assert len(clean("a" * 5000)) == LONGEST_QUESTION
    assert clean("A\u030a\x00\u202eB") == clean("Å\x00\u202eB") == "a  b"
    assert words_of("e-post haninge.se, what’s") == ["e-post", "haninge.se", "what's"]


def test_concepts_are_found_whatever_form_the_phrase_has() -> None:
    concepts = load_concepts()
    stems = [stem(word, "sv") for word in ("har", "tagit", "bort", "kommentarerna")]
    assert {"remove", "comment"} <= {found.concept for found in concepts.find(stems, "sv")}
