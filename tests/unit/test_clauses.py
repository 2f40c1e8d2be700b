"""A quote by its place: whatever was shown is found again in the guideline, lists with what leads to them too."""

from pathlib import Path

import pytest

from bot.policy.answering import Policy, load_policy
from bot.policy.evaluation import read_questions
from bot.questions.clauses import quoted_of

QUESTIONS = Path(__file__).parents[1] / "questions"


@pytest.mark.parametrize(
    "body", ["region", "larkesunda", "vasterlid", "alvnas", "kusthogskolan", "brunnsverket"]
)
def test_every_quote_is_found_again_by_its_place(body: str) -> None:
    holds(load_policy(QUESTIONS / f"{body}.md"), body)


def test_every_quote_of_the_shipped_guideline_is_found_again_by_its_place() -> None:
    holds(load_policy(), "blind-6")


def holds(policy: Policy, questions: str) -> None:
    lines = (QUESTIONS / f"{questions}.jsonl").read_text(encoding="utf-8").splitlines()
    for one in read_questions(lines):
        for quote in policy.ask(one.question, one.language).quotes:
            place = quoted_of(quote, policy.guideline)
            assert place is not None, quote
            assert policy.cut(place.passage, place.start, place.end) == quote
