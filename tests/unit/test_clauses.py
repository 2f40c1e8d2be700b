"""A quote by its place: whatever was shown is cut from there again, lists with what leads to them and twins too."""

import pytest

from bot.policy.answering import Policy, load_policy, policy_of
from bot.policy.guideline import parse
from tests.unit.known_answers import QUESTIONS, questions_of

TWIN = "Bilder på barn kräver vårdnadshavarens samtycke."
BETWEEN = f"Kameran hämtas {'i receptionen eller ' * 24}i växeln."


@pytest.mark.parametrize(
    "body", ["region", "larkesunda", "vasterlid", "alvnas", "kusthogskolan", "brunnsverket"]
)
def test_every_quote_is_cut_again_by_its_place(body: str) -> None:
    holds(load_policy(QUESTIONS / f"{body}.md"), body)


def test_every_quote_of_the_shipped_guideline_is_cut_again_by_its_place() -> None:
    holds(load_policy(), "blind-6")


def holds(policy: Policy, questions: str) -> None:
    for one in questions_of(questions):
        for quote in policy.ask(one.question, one.language).quotes:
            assert policy.cut(quote.passage, quote.start, quote.end) == quote


def test_the_same_words_twice_in_one_passage_are_told_apart_by_their_place() -> None:
    text = f"# Bilder\n\n## Foto\n\n{TWIN} {BETWEEN} {TWIN}\n"
    policy = policy_of(parse(text, source="twins"))
    found = [one for one in policy.ask("Kräver bilder på barn samtycke?", "sv").quotes if one.text == TWIN]
    assert sorted(one.start for one in found) == [text.index(TWIN), text.rindex(TWIN)]
