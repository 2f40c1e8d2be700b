"""A guideline that nothing was trained on: numbered headings, tables, questions with answers; and how well it is read."""

import time
from pathlib import Path

import pytest

from bot.policy.answering import Policy, load_policy, policy_of
from bot.policy.evaluation import evaluate, read_questions
from bot.policy.guideline import Guideline, parse
from bot.policy.passages import clauses_of
from tests.bench.goals.answers import hundred_pages

QUESTIONS = Path(__file__).parents[1] / "questions"

PLAIN = """Riktlinje för e-post

1 Inledning

Riktlinjen gäller alla.

1.1 Syfte

Den ska göra e-posten säker.

2. Inkorgen

1. Läs e-posten varje dag.
2. Slå på autosvar vid frånvaro.

3. Fler regler

1) Skriv aldrig ut e-post i onödan.

2) Spara inget lokalt.
"""

TABLE = """# Roller

| Roll | Utses av |
|---|:--|
| Redaktör | Chefen |
| Reserv | Redaktören |

Efter tabellen.
"""

ANSWERED = """# Frågor och svar

**Får jag läsa e-post hemma?**

Nej. Bara på arbetet. Fråga chefen om undantag.

Fråga: Vem svarar?
Svar: Registratorn.

## Gäller det även konsulter?

Ja.
Det gäller alla.
"""


def quotes(guideline: Guideline) -> list[str]:
    return [guideline.text[clause.start : clause.end] for clause in clauses_of(guideline)]


@pytest.fixture(scope="module")
def region() -> Policy:
    return load_policy(QUESTIONS / "region.md")


def test_numbered_lines_between_blank_ones_are_headings_unless_they_are_a_list() -> None:
    guideline = parse(PLAIN, source="plain")
    assert [section.title for section in guideline.sections] == [
        "Riktlinje för e-post",
        "1 Inledning",
        "1.1 Syfte",
        "2. Inkorgen",
        "3. Fler regler",
    ]
    assert [len(section.passages) for section in guideline.sections] == [0, 1, 1, 2, 2]


def test_a_row_of_a_table_is_a_passage_under_its_columns() -> None:
    guideline = parse(TABLE, source="table")
    assert [(one.id, one.label) for one in guideline.passages()] == [
        ("roller/r1", "Roll | Utses av"),
        ("roller/r2", "Roll | Utses av"),
        ("roller/p1", ""),
    ]
    assert quotes(guideline)[0] == "| Redaktör | Chefen |"


def test_an_answer_is_quoted_with_its_question() -> None:
    first, more, second, third = quotes(parse(ANSWERED, source="answered"))
    assert first == "**Får jag läsa e-post hemma?**\n\nNej. Bara på arbetet."
    assert more == "Fråga chefen om undantag."
    assert second == "Fråga: Vem svarar?\nSvar: Registratorn."
    assert third == "Ja.\nDet gäller alla."


def test_another_bodys_guideline_is_answered_as_well_as_it_was_when_it_came_in(region: Policy) -> None:
    """Reached when the weights were fitted, these questions among others: 82.8 % first, 96.6 % among three, 3 of 53
    answers wrong."""
    lines = (QUESTIONS / "region.jsonl").read_text(encoding="utf-8").splitlines()
    figures = evaluate(region, read_questions(lines))
    assert figures.top_1.value >= 0.80, figures.top_1
    assert figures.top_3.value >= 0.93, figures.top_3
    assert figures.wrong.value <= 0.10, figures.wrong


def test_a_hundred_pages_are_read_in_a_moment(region: Policy) -> None:
    text = hundred_pages(region.guideline.text)
    started = time.process_time()
    policy = policy_of(parse(text, source="long"))
    assert time.process_time() - started < 4  # the goal is 2 s; twice that on a machine that others use too
    assert policy.ask("Hur långt lösenord krävs?", "sv").quotes
