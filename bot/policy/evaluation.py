"""Figures for a file of questions with known answers: how often right, wrong or rightly silent, and how surely."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.policy.answering import Answer, Quote
from bot.policy.deciding import Outcome

_SURE = 1.96  # two-sided 95 %
_DECIMALS = 3
_NOTHING = "nothing to measure"
_MARKS = re.compile(r"[*#|_]")


class Asked(Protocol):
    def ask(self, question: str, language: str) -> Answer: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``gold``: the clauses that answer it, any of them; none for a question that the guideline doesn't answer.
    ``partial``: unanswerable, though the guideline speaks of the matter."""

    id: str
    language: str
    question: str
    gold: tuple[str, ...]
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``count`` of ``of``, with Wilson's 95 % interval."""

    count: int
    of: int

    @property
    def value(self) -> float:
        return self.count / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.of:
            return 0.0, 1.0
        share, n, z = self.value, self.of, _SURE
        middle = share + z * z / (2 * n)
        spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        whole = 1 + z * z / n
        return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)

    def __str__(self) -> str:
        if not self.of:
            return _NOTHING
        low, high = self.interval
        return f"{self.value:.1%} ({self.count}/{self.of}, {low:.1%}-{high:.1%})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """``top_1``, ``top_3``: a right quote first, or among three, whatever the outcome, of the answerable questions.
    ``coverage``: answerable questions answered rightly. ``wrong``: wrong among all answers given.
    ``recognised``: unanswerable questions told to be so. ``decided``: all questions that were answered rightly or
    rightly not at all; ``helped`` counts also those where the right clause was among the three to choose from."""

    top_1: Share
    top_3: Share
    coverage: Share
    wrong: Share
    recognised: Share
    recognised_partial: Share
    decided: Share
    helped: Share


def read_question(row: Mapping[str, Any]) -> Question:
    """``id``, ``lang``, ``question``, ``gold`` and perhaps ``partial``. Raises ``ValueError`` with the field that is missing or of another kind."""
    gold = row.get("gold")
    for field in ("lang", "question"):
        if not isinstance(row.get(field), str):
            raise ValueError(f"{field}: expected a text")
    if not isinstance(gold, list) or not all(isinstance(one, str) for one in gold):
        raise ValueError("gold: expected a list of texts")
    return Question(
        id=str(row["id"]),
        language=row["lang"],
        question=row["question"],
        gold=tuple(gold),
        partial=bool(row.get("partial")),
    )


def evaluate(policy: Asked, questions: Sequence[Question], *, language: str | None = None) -> Figures:
    """All figures, or those of the questions in one language."""
    judged = [
        _Judged(one, policy.ask(one.question, one.language))
        for one in questions
        if language in (None, one.language)
    ]
    answerable = [one for one in judged if one.question.gold]
    silent = [one for one in judged if not one.question.gold]
    partial = [one for one in silent if one.question.partial]
    return Figures(
        top_1=_share(answerable, lambda one: one.right(1)),
        top_3=_share(answerable, lambda one: one.right(3)),
        coverage=_share(answerable, lambda one: one.answered and one.right(1)),
        wrong=_share([one for one in judged if one.answered], lambda one: not one.right(1)),
        recognised=_share(silent, lambda one: one.told_absent),
        recognised_partial=_share(partial, lambda one: one.told_absent),
        decided=_share(judged, lambda one: one.well_decided),
        helped=_share(judged, lambda one: one.well_decided or one.well_asked_back),
    )


def as_line(answer: Answer, question: str, id: str) -> dict[str, Any]:
    """One answer as ``ask --json`` prints it."""
    return {
        "id": id,
        "question": question,
        "outcome": answer.outcome.value,
        "quotes": [
            {"passage": quote.passage, "section": quote.section, "text": quote.text}
            for quote in answer.quotes
        ],
        "confidence": round(answer.confidence, _DECIMALS),
    }


class _Judged:
    def __init__(self, question: Question, answer: Answer) -> None:
        self.question = question
        self._answer = answer
        self.answered = answer.outcome is Outcome.ANSWER
        self.told_absent = answer.outcome is Outcome.NOT_IN_GUIDELINE

    def right(self, among: int) -> bool:
        return any(_answers(quote, self.question.gold) for quote in self._answer.quotes[:among])

    @property
    def well_decided(self) -> bool:
        return self.answered and self.right(1) if self.question.gold else self.told_absent

    @property
    def well_asked_back(self) -> bool:
        return not self.answered and not self.told_absent and self.right(3)


def _answers(quote: Quote, gold: Sequence[str]) -> bool:
    """A quote that holds only a part of the right words is no right answer."""
    shown = _folded(quote.text)
    return any(_folded(words) in shown for words in gold)


def _folded(text: str) -> str:
    """Without the marks and the white space of the file: a sentence may be broken or emphasised there."""
    return " ".join(_MARKS.sub("", text).split())


def _share(of: Sequence[_Judged], holds: Callable[[_Judged], bool]) -> Share:
    return Share(count=sum(holds(one) for one in of), of=len(of))
