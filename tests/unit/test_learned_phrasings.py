"""What is learned answers its own words, nearly its own where nothing else does, and nothing more."""

import pytest

from bot.domain.questions import Quoted
from bot.policy.answering import Policy, Quote, load_policy, policy_of
from bot.policy.deciding import Outcome
from bot.policy.guideline import parse
from bot.questions.learned_phrasings import LearnedPhrasings, Phrasing
from cards.section_card import section_card, section_text
from tests.unit.card_checks import MAX_BYTES, size, words
from tests.unit.card_samples import scene

QUESTION = "Får jag blockera ett troll?"
PASSAGE = "administratorens-ansvar/7"


def place_of(quote: Quote) -> Quoted:
    return Quoted(passage=quote.passage, start=quote.start, end=quote.end)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="module")
def learned(policy: Policy) -> LearnedPhrasings:
    quote = policy.quote(PASSAGE)
    assert quote is not None
    one = Phrasing(question=QUESTION, language="sv", quoted=place_of(quote))
    return LearnedPhrasings(policy, [one])


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        (QUESTION, Outcome.ANSWER),
        ("far jag blockera ett troll", Outcome.ANSWER),
        ("Kan man blockera ett troll?", Outcome.ANSWER),
        ("Hur länge får jag blockera ett troll?", Outcome.DID_YOU_MEAN),
        ("Får jag anmäla ett troll?", Outcome.DID_YOU_MEAN),
        ("Vad kostar en annons på TikTok?", Outcome.NOT_IN_GUIDELINE),
    ],
)
def test_the_nearer_the_words_the_surer_the_answer(
    learned: LearnedPhrasings, question: str, outcome: Outcome
) -> None:
    answer = learned.ask(question, "sv")
    assert answer.outcome is outcome
    assert (answer.quotes[0].passage == PASSAGE) == (outcome is not Outcome.NOT_IN_GUIDELINE)
    assert len({quote.text for quote in answer.quotes}) == len(answer.quotes) <= 3


def test_what_has_an_answer_of_its_own_keeps_it(policy: Policy) -> None:
    quote = policy.quote(PASSAGE)
    assert quote is not None
    other = "Måste man diarieföra raderade inlägg?"
    line = Phrasing(question=other, language="sv", quoted=place_of(quote))
    learned = LearnedPhrasings(policy, [line])
    assert learned.ask("Måste raderade inlägg diarieföras?", "sv") == policy.ask(
        "Måste raderade inlägg diarieföras?", "sv"
    )
    assert learned.ask(other, "sv").quotes[0].passage == PASSAGE


@pytest.mark.parametrize("passage", ["foton/p1", "film/p2"])
def test_of_twins_the_one_that_was_learned_is_quoted(passage: str) -> None:
    twin = "Chefen ska alltid tillfrågas i förväg."
    text = f"# Regler\n\n## Foton\n\n{twin}\n\n## Film\n\nKameran lånas ut.\n\n{twin}\n"
    policy = policy_of(parse(text, source="twins"))
    quote = policy.quote(passage)
    assert quote is not None
    asked = "Ska chefen tillfrågas i förväg om ett troll?"
    line = Phrasing(question=asked, language="sv", quoted=place_of(quote))
    assert LearnedPhrasings(policy, [line]).ask(asked, "sv").quotes[0] == quote


def test_without_anything_learned_the_policy_answers(policy: Policy) -> None:
    for question in (QUESTION, "", "Måste raderade inlägg diarieföras?", "\x00{{"):
        assert LearnedPhrasings(policy, ()).ask(question, "sv") == policy.ask(question, "sv")


def test_a_section_that_is_too_long_says_so_and_fits() -> None:
    lines = "\n\n".join(f"Kommunen har *kanal* nummer {n} för invånare och besökare." for n in range(900))
    guideline = parse(f"# Riktlinje\n\nKort.\n\n# Kanaler\n\n{lines}\n", source="test")
    passage = guideline.passage("kanaler/p700")
    assert passage is not None
    assert section_text(guideline, passage) in guideline.text
    card = section_card(guideline, passage, scene("sv"), answer="f" * 32, question="x" * 1000).card
    assert "Avsnittet är längre än vad som får plats här." in words(card)
    assert size(card) <= MAX_BYTES
    short = guideline.passage("riktlinje/p1")
    assert short is not None
    assert "längre än" not in words(section_card(guideline, short, scene("sv")).card)
