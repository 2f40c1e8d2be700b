"""Which passage of the guideline each kind of decision is made under."""

from collections.abc import Mapping

from bot.domain.cases import DecisionKind
from bot.policy.guideline import Guideline

_CLAUSES: Mapping[DecisionKind, str] = {
    DecisionKind.DELETE: "administratorens-ansvar/2",
    DecisionKind.UNPUBLISH: "administratorens-ansvar/2",
    DecisionKind.KEEP: "administratorens-ansvar/5/b",
    DecisionKind.ANSWER: "administratorens-ansvar/4",
    DecisionKind.REFER_TO_PARTIES: "overgripande-riktlinjer/p3",
    DecisionKind.FORWARD: "administratorens-ansvar/4",
    DecisionKind.HAND_OVER: "administratorens-ansvar/5/c",
}
_MASTERS_THE_SUBJECT = "administratorens-ansvar/p1"


def clause_of(kind: DecisionKind, guideline: Guideline) -> str:
    """The passage's id; empty where this guideline has no such passage."""
    return _known(_CLAUSES[kind], guideline)


def clause_of_answer_by_another(guideline: Guideline) -> str:
    """Questions outside one's own field go to somebody who masters the subject."""
    return _known(_MASTERS_THE_SUBJECT, guideline)


def _known(passage: str, guideline: Guideline) -> str:
    return passage if guideline.passage(passage) else ""
