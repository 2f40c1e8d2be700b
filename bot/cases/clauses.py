"""Which passage of the guideline each kind of decision is made under."""

from collections.abc import Mapping

from bot.domain.cases import DecisionKind
from bot.domain.grounds import Ground
from bot.policy.finding import find_words
from bot.policy.grounds import Law
from bot.policy.guideline import Guideline

_CLAUSES: Mapping[DecisionKind, tuple[str, str]] = {
    DecisionKind.KEEP: ("administratorens-ansvar/5/b", "gallras fortlöpande"),
    DecisionKind.ANSWER: ("administratorens-ansvar/4", "svar på inlägg"),
    DecisionKind.REFER_TO_PARTIES: ("overgripande-riktlinjer/p3", "politiska frågor"),
    DecisionKind.FORWARD: ("administratorens-ansvar/4", "vidare till rätt instans"),
    DecisionKind.HAND_OVER: ("administratorens-ansvar/5/c", "upprättad handling"),
}
"""The passage where the words are looked for first, and the words that make it the clause, wherever they stand."""
_MASTERS_THE_SUBJECT = ("administratorens-ansvar/p1", "behärskar ämnesområdet")


def clause_of(kind: DecisionKind, guideline: Guideline) -> str:
    """The passage's id; empty where this guideline has no such clause."""
    return _found(*_CLAUSES[kind], guideline) if kind in _CLAUSES else ""


def clause_of_removal(ground: Ground | None, law: Law) -> str:
    """Where the ground stands in the guideline that the law is bound to; empty where it doesn't."""
    return law.ground(ground).passage if ground else ""


def clause_of_answer_by_another(guideline: Guideline) -> str:
    """Questions outside one's own field go to somebody who masters the subject."""
    return _found(*_MASTERS_THE_SUBJECT, guideline)


def _found(hint: str, words: str, guideline: Guideline) -> str:
    found = find_words(guideline, words, hint=hint)
    return found.passage if found else ""
