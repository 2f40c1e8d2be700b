"""The arithmetic of the bench's table, so that a goal is never called met when it is not."""

from pathlib import Path

import pytest

from bot.policy.guideline import parse
from bot.settings import SHIPPED_GUIDELINE
from tests.bench.goals.answers import hundred_pages
from tests.bench.machine import file_system
from tests.bench.table import Row, as_markdown, p50, rendered


@pytest.mark.parametrize(
    ("ratio", "at_least", "at_most", "met"),
    [
        (25.0, 25.0, None, True),
        (24.999, 25.0, None, False),
        (1.15, None, 1.15, True),
        (1.151, None, 1.15, False),
        (0.0, None, 0.15, True),
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
    ],
)
def test_a_verdict_is_never_met_by_default(row: Row, verdict: str) -> None:
    assert row.verdict == verdict


def test_the_median_of_medians_shrugs_off_a_disturbed_round() -> None:
    assert p50([[1.0, 2.0, 3.0], [2.0, 2.0, 2.0], [90.0, 100.0, 110.0]]) == 2.0


def test_the_table_stands_in_columns_and_says_what_was_left_out() -> None:
    rows = [
        Row(goal="P1", says="25x quicker", measured="1.00 ms against 30.00 ms", ratio=30.0, at_least=25.0),
        Row(goal="P3", says="flat", measured="too slow"),
    ]
    assert rendered(rows).splitlines() == [
        "goal  what it says  measured                  ratio  verdict",
        "----  ------------  ------------------------  -----  --------",
        "P1    25x quicker   1.00 ms against 30.00 ms  30     met",
        "P3    flat          too slow                         left out",
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/data/store", "ext4"), ("/database", "overlay"), ("/memory/x", "tmpfs")],
)
def test_data_lies_on_the_innermost_mount_that_holds_it(path: str, kind: str) -> None:
    mounts = [("/", "overlay"), ("/data", "xfs"), ("/data", "ext4"), ("/memory", "tmpfs")]
    assert file_system(Path(path), mounts) == kind


def test_the_readmes_table_says_the_same() -> None:
    rows = [Row(goal="P1", says="25x quicker", measured="1 ms against 30 ms", ratio=30.0, at_least=25.0)]
    assert as_markdown(rows).splitlines()[-1] == "| P1 | 25x quicker | 1 ms against 30 ms | 30 | met |"


def test_a_guideline_of_a_hundred_pages_is_one() -> None:
    text = hundred_pages(SHIPPED_GUIDELINE.read_text(encoding="utf-8"))
    assert len(text) >= 250_000
    assert len(list(parse(text, source="x").passages())) > 500
    assert text == hundred_pages(SHIPPED_GUIDELINE.read_text(encoding="utf-8")), "the same every time"
