"""Answers about a guideline that was edited since the classifier was trained.

Clauses whose words are unchanged keep their classes, wherever they stand now. What is new is answered in the bare way:
when the classifier would have led to a clause that is gone, or finds no answer while the words of a new one do.
"""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from bot.policy.bare import Bare
from bot.policy.classifier import mark_of
from bot.policy.deciding import Outcome, Verdict
from bot.policy.judging import MOST_QUOTES, Judgement
from bot.policy.trained import Trained

_LOST_FROM = 0.3
_SPEAKS_FROM = 0.6
"""So likely a new clause answers that it is worth asking back, where the classifier finds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """``new``: the clauses that the classifier doesn't know."""

    trained: Trained
    bare: Bare
    new: Set[int]

    def judge(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Judgement:
        signs = self.trained.signs(question, language)
        known = self.trained.judged(signs, most=most)
        lost = self.trained.lost(signs) >= _LOST_FROM
        if not self.new or (known.verdict.outcome is Outcome.ANSWER and not lost):
            return known
        fresh = self.bare.judge(question, language, most=most)
        if not self._answers(fresh):
            return replace(known, verdict=_unsure(known.verdict)) if lost else known
        return Judgement(
            language=known.language,
            spans=(*(one for one in fresh.spans if one.best in self.new), *known.spans)[:most],
            verdict=fresh.verdict,
        )

    def _answers(self, fresh: Judgement) -> bool:
        """By a new clause, and against all others: a few clauses by themselves would seem to answer anything."""
        verdict = fresh.verdict
        speaks = verdict.outcome is Outcome.DID_YOU_MEAN and verdict.confidence >= _SPEAKS_FROM
        return (verdict.outcome is Outcome.ANSWER or speaks) and fresh.spans[0].best in self.new


def _unsure(verdict: Verdict) -> Verdict:
    """Where the clause that would have answered is gone, the next best is no answer."""
    if verdict.outcome is Outcome.NOT_IN_GUIDELINE:
        return verdict
    return replace(verdict, outcome=Outcome.DID_YOU_MEAN)


def places_of(marks: Sequence[int], texts: Sequence[str]) -> list[int | None]:
    """For each class of the classifier its place among the clauses of a guideline, None if that doesn't have it."""
    found = defaultdict[int, list[int]](list)
    for place, text in enumerate(texts):
        found[mark_of(text)].append(place)
    return [found[mark].pop(0) if found[mark] else None for mark in marks]
