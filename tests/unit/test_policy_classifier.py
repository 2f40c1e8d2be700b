"""The trained classifier: the shipped file belongs to what it was made of, and adds up as it should."""

import math
import tomllib
from pathlib import Path

import pytest

from bot.policy.bank import load_bank
from bot.policy.classifier import CLASSIFIER_FILE, ZERO, Classifier, Head, load_classifier, mark_of, packed
from bot.policy.deciding import CALIBRATION_FILE
from bot.policy.passages import clauses_of
from bot.policy.shipped import load_guideline
from bot.policy.signs import Kind, Signs, load_sign_reader
from bot.policy.speller import SPELLER_FILE, load_speller


def signs(*words: int) -> Signs:
    return Signs(
        language="sv",
        asked=frozenset(),
        of={kind: frozenset(words if kind is Kind.WORD else ()) for kind in Kind},
    )


def small(tmp_path: Path, rows: dict[int, list[int]], outer: tuple[float, ...] = (0.0, 0.0)) -> Classifier:
    """``rows``: sign -> a step for each of three classes and one hidden unit; ``outer``: what the unit makes of the
    first class."""
    head = Head(
        guideline="g",
        clauses=(1, 2),
        made_of="m",
        constants=(0.5, 0.5, 0.5),
        hidden=(0.25,),
        outer=(outer, (0.0, 0.0), (0.0, 0.0)),
        steps=((0.1, 0.2),) * len(Kind),
    )
    told = b"".join(
        bytes([ZERO + first | ZERO + second << 4, ZERO + third | ZERO + unit << 4])
        for first, second, third, unit in (rows[key] for key in sorted(rows))
    )
    path = tmp_path / "classifier.bin"
    path.write_bytes(packed(head, sorted(rows), told))
    return load_classifier(path)


def shares(*totals: float) -> list[float]:
    powers = [math.exp(total / 2) for total in totals]
    return [power / sum(powers) for power in powers]


def test_the_shipped_classifier_was_made_of_the_shipped_bank_and_guideline() -> None:
    """``make fit`` after every change of the guideline, the bank or the word lists."""
    made_of = pytest.importorskip("bot.policy.fitting").made_of
    head, guideline = load_classifier().head, load_guideline()
    assert head.guideline == guideline.version
    assert head.made_of == made_of()
    clauses = clauses_of(guideline)
    assert head.classes == len(clauses) + 1
    assert head.clauses == tuple(mark_of(guideline.text[one.start : one.end]) for one in clauses)


def test_the_marks_of_what_the_guideline_says_twice_are_those_of_the_shipped_guideline() -> None:
    """After a change of the guideline they are written anew, by hand: so are the shares."""
    guideline = load_guideline()
    clauses = reversed(clauses_of(guideline))  # the first one of a passage counts
    marks = {one.passage.id: mark_of(guideline.text[one.start : one.end]) for one in clauses}
    told = tomllib.loads(CALIBRATION_FILE.read_text(encoding="utf-8"))["trained"]
    assert told["marks"] == {name: marks[name] for name in told["marks"]}
    assert {name for twin in told["twin"] for name in (twin["clause"], twin["other"])} == set(told["marks"])


def test_probabilities_are_the_mean_of_both_models(tmp_path: Path) -> None:
    rows = {7: [5, -6, 0, 5], 9: [-7, 7, 3, 1], 4_000_000_000: [1, 2, 3, -4]}
    classifier = small(tmp_path, rows, outer=(0.125, 2.0))
    worth = 1 / math.sqrt(3)
    unit = math.tanh(0.25 + 0.2 * worth * 1)
    first, *others = (0.1 * worth * total for total in (6, -4, 3))
    expected = shares(first + 0.125 + 2 * unit, *others)
    assert classifier.probabilities(signs(7, 4_000_000_000, 8)) == pytest.approx(expected)


def test_as_many_signs_as_a_long_question_has_do_not_spill_over(tmp_path: Path) -> None:
    many = range(1, 1001)
    classifier = small(tmp_path, {key: [7, -7, -7, 0] for key in many})
    worth = 7 * 0.1 * math.sqrt(1000)
    assert classifier.probabilities(signs(*many)) == pytest.approx(shares(worth, -worth, -worth))


def test_signs_that_nothing_knows_say_nothing(tmp_path: Path) -> None:
    classifier = small(tmp_path, {7: [1, 2, 3, 4]})
    assert classifier.probabilities(signs(8)) == pytest.approx([1 / 3] * 3)
    assert classifier.knows(signs(7, 8), Kind.WORD) == 0.5
    assert classifier.knows(signs(), Kind.WORD) == 0


def test_the_shipped_speller_was_made_of_the_shipped_bank() -> None:
    spelling = pytest.importorskip("bot.policy.fitting.spelling").spelling
    assert SPELLER_FILE.read_bytes() == spelling(load_bank())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("komentarerna", "kommentarerna"),
        ("kommenttarer", "kommentarer"),
        ("kommenatrer", "kommentarer"),
        ("kommentater", "kommentarer"),
        ("kommentarer", "kommentarer"),
        ("qommentarer", "qommentarer"),
        ("kxyzzy", "kxyzzy"),
        ("åäö", "åäö"),
        ("p" * 40, "p" * 40),
    ],
)
def test_a_slip_of_the_finger_is_mended_and_nothing_else(typed: str, meant: str) -> None:
    assert load_speller().mended(typed) == meant


def test_the_classifier_takes_the_memory_that_it_was_allowed() -> None:
    assert CLASSIFIER_FILE.stat().st_size <= 2_600_000


def test_a_question_has_the_same_signs_without_diacritics() -> None:
    reader = load_sign_reader()
    for one in load_bank()[::97]:
        if one.language == "sv":
            bare = one.question.translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))
            assert reader.signs(bare, "sv").of == reader.signs(one.question, "sv").of
