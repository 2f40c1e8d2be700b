"""The arithmetic of the bench's table, so that a goal is never called met when it is not."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.policy.guideline import parse
from bot.settings import SHIPPED_GUIDELINE
from tests.bench import tested
from tests.bench.goals import doubles, outbox
from tests.bench.goals.answers import hundred_pages
from tests.bench.machine import file_system
from tests.bench.table import Row, as_markdown, p50, percentile, rendered


@pytest.mark.parametrize(
    ("ratio", "at_least", "at_most", "met"),
    [
        (25.0, 25.0, None, True),
        (24.999, 25.0, None, False),
        (1.15, None, 1.15, True),
        (1.151, None, 1.15, False),
        (0.0, None, 0.15, True),
        (0.0, None, 0.0, True),
        (1.0, None, 0.0, False),
        (2.0, None, None, None),
        (None, 9.0, None, None),
        (None, None, None, None),
    ],
)
def test_a_goal_is_met_by_the_unrounded_ratio(
    ratio: float | None, at_least: float | None, at_most: float | None, met: bool | None
) -> None:
    row = Row(goal="P", says="", measured="", ratio=ratio, at_least=at_least, at_most=at_most)
    assert row.met is met


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (Row(goal="P", says="", measured="", ratio=9.0, at_least=9.0), "met"),
        (Row(goal="P", says="", measured="", ratio=8.0, at_least=9.0), "NOT MET"),
        (Row(goal="P", says="", measured="", ratio=8.0), "shown apart"),
        (Row(goal="P", says="", measured="no network", at_least=9.0), "left out"),
        (Row(goal="-", says="", measured="RuntimeError()", broke=True), "BROKE OFF"),
    ],
)
def test_a_verdict_is_never_met_by_default(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


def test_the_median_of_medians_shrugs_off_a_disturbed_round() -> None:
    assert p50([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0], [90.0, 100.0, 110.0]]) == 2.0


@pytest.mark.parametrize(
    ("values", "part", "expected"),
    [(range(1, 101), 0.99, 99), (range(1, 251), 0.99, 248), ([3.0], 0.99, 3.0), ([2.0, 1.0], 0.5, 1.0)],
)
def test_a_percentile_is_one_of_the_values_and_never_below_its_part(
    values: Sequence[float], part: float, expected: float
) -> None:
    assert percentile(values, part) == expected


ROWS = [
    Row(goal="P1", says="25x quicker", measured="1.00 ms against 30.00 ms", ratio=30.0, at_least=25.0),
    Row(goal="P3", says="flat", measured="too slow"),
    Row(goal="P5", says="lost", measured="0 of 9", ratio=0.0, at_most=0.0),
    Row(goal="P8", says="time", measured="1 µs against 2 µs", ratio=0.5, at_most=0.1),
]


def test_the_table_stands_in_columns_and_says_what_was_left_out() -> None:
    assert rendered(ROWS).splitlines() == [
        "goal  what it says  measured                  ratio  wanted  verdict",
        "----  ------------  ------------------------  -----  ------  --------",
        "P1    25x quicker   1.00 ms against 30.00 ms  30     >= 25   met",
        "P3    flat          too slow                                 left out",
        "P5    lost          0 of 9                    0      0       met",
        "P8    time          1 µs against 2 µs         0.5    <= 0.1  NOT MET",
    ]


def test_the_readmes_table_says_the_same() -> None:
    assert as_markdown(ROWS[:1]).splitlines() == [
        "| goal | what it says | measured | ratio | wanted | verdict |",
        "| --- | --- | --- | --- | --- | --- |",
        "| P1 | 25x quicker | 1.00 ms against 30.00 ms | 30 | >= 25 | met |",
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/data/store", "ext4"), ("/database", "overlay"), ("/memory/x", "tmpfs")],
)
def test_data_lies_on_the_innermost_mount_that_holds_it(path: str, kind: str) -> None:
    mounts = [("/", "overlay"), ("/data", "xfs"), ("/data", "ext4"), ("/memory", "tmpfs")]
    assert file_system(Path(path), mounts) == kind


def test_a_guideline_of_a_hundred_pages_is_one() -> None:
    text = hundred_pages(SHIPPED_GUIDELINE.read_text(encoding="utf-8"))
    assert len(text) >= 250_000
    assert len(list(parse(text, source="x").passages())) > 500
    assert text == hundred_pages(SHIPPED_GUIDELINE.read_text(encoding="utf-8")), "the same every time"


# Tests that hold a goal ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("summary", "verdict"),
    [
        ("2 passed in 31.20s", "met"),
        ("===== 2 passed, 1 warning in 31.20s =====", "met"),
        ("1 failed, 1 passed in 9.00s", "NOT MET"),
        ("1 failed, 1 skipped in 9.00s", "NOT MET"),
        ("2 errors in 9.00s", "NOT MET"),
        ("1 passed, 1 skipped in 9.00s", "left out"),
        ("no tests ran in 0.10s", "left out"),
        ("", "left out"),
    ],
)
def test_a_goal_held_by_tests_is_met_only_if_all_were_run_and_passed(summary: str, verdict: str) -> None:
    assert tested.judged("P5", "says", f"..\n{summary}\n").verdict == verdict


# Double clicks ------------------------------------------------------------------------------------------------

WON, LOST, NOTHING = "Beslutat av: Ett", "Redan beslutat av Ett", ""


@pytest.mark.parametrize(
    ("one", "other", "right"),
    [
        ([WON] * 3, [LOST] * 3, True),
        ([LOST] * 3, [WON] * 3, True),
        ([WON] * 3, [WON] * 3, False),
        ([LOST] * 3, [LOST] * 3, False),
        ([WON] * 3, [LOST, LOST, NOTHING], False),
        ([WON, WON, LOST], [LOST] * 3, False),
        ([WON] * 3, [NOTHING] * 3, False),
        ([WON, WON, f"{WON} igen"], [LOST] * 3, False),
    ],
)
def test_a_double_click_is_one_decision_and_one_refusal_however_often_it_is_delivered(
    one: list[str], other: list[str], right: bool
) -> None:
    assert doubles.judged(one, other).right is right


@pytest.mark.parametrize(
    ("decided", "refused", "wrong"), [(2, 2, 0.0), (3, 2, 1.0), (1, 2, 1.0), (2, 0, 2.0), (3, 1, 2.0)]
)
def test_what_is_on_record_must_be_what_was_answered(decided: int, refused: int, wrong: float) -> None:
    pairs = [doubles.judged([WON] * 3, [LOST] * 3)] * 2
    assert doubles.row(pairs, decided, refused).ratio == wrong


# The outbox ---------------------------------------------------------------------------------------------------

MARKED = f"kort {outbox.MARK}"
CALLED = [0.0, 0.02, 0.04, 0.06, 0.08, 0.1]


@pytest.mark.parametrize(
    ("said", "lost", "unknown", "faults"),
    [
        ({"a": ["kort"], "b": ["kort"]}, [], 0, 0),
        ({"a": ["kort"], "b": ["kort", MARKED]}, ["b"], 1, 0),
        ({"a": ["kort"]}, [], 0, 1),
        ({"a": ["kort"], "b": []}, [], 0, 1),
        ({"a": ["kort"], "b": ["kort", MARKED]}, [], 0, 1),
        ({"a": ["kort"], "b": ["kort", "kort"]}, ["b"], 1, 1),
        ({"a": ["kort"], "b": ["kort", MARKED, MARKED]}, ["b"], 1, 1),
        ({"a": ["kort"], "b": ["kort", MARKED]}, ["b"], 0, 1),
        ({"a": ["kort", "kort"]}, [], 0, 2),
    ],
)
def test_a_card_comes_twice_only_marked_and_counted_after_a_lost_answer(
    said: dict[str, list[str]], lost: list[str], unknown: int, faults: int
) -> None:
    outcome = outbox.judged(
        people=["a", "b"], said=said, lost=lost, called_at=CALLED, breaches=0, unknown=unknown
    )
    assert outcome.faults == faults


def test_a_broken_quota_is_a_fault_and_the_rate_is_that_of_all_calls() -> None:
    outcome = outbox.judged(
        people=["a"], said={"a": ["kort"]}, lost=[], called_at=CALLED, breaches=2, unknown=0
    )
    assert outcome.faults == 2
    assert outcome.rate == pytest.approx(50.0)
