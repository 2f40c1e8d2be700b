"""Which passage of the guideline each kind of decision is made under."""

from collections.abc import Mapping

from bot.domain.cases import DecisionKind

CLAUSES: Mapping[DecisionKind, str] = {
    DecisionKind.DELETE: "administratorens-ansvar/2",
    DecisionKind.UNPUBLISH: "administratorens-ansvar/2",
    DecisionKind.KEEP: "administratorens-ansvar/5/b",
    DecisionKind.ANSWER: "administratorens-ansvar/4",
    DecisionKind.REFER_TO_PARTIES: "overgripande-riktlinjer/p3",
    DecisionKind.FORWARD: "administratorens-ansvar/4",
    DecisionKind.HAND_OVER: "administratorens-ansvar/5/c",
}
