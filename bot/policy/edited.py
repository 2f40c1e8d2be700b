"""Answers about a guideline that was edited since the classifier was trained.

Clauses whose words are unchanged keep their classes, wherever they stand now. What is new is answered in the bare way:
when the classifier would have led to a clause that is gone, when it finds no answer while the words of a new one do, and
when the new one is far ahead of the one that it would answer with, as in a folder with another guideline beside this one.
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
_CLEARLY_AHEAD = 3.0
_AHEAD = 2.0
"""Scores by which a new clause must lead, read in the bare way, over the one that the classifier answers with: to answer
in its place, or to be asked back about with it. In a folder with another guideline half of what the classifier answered
was the shipped one's word on something else; by this a tenth, measured on five."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """``new``: the clauses that the classifier doesn't know."""

    trained: Trained
    bare: Bare
    new: Set[int]

    def judge(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Judgement:
        signs = self.trained.signs(question, language)
        known = self.trained.judged(signs, most=most)
        if not self.new:
            return known
        lost = self.trained.lost(signs) >= _LOST_FROM
        answered = known.verdict.outcome is Outcome.ANSWER and not lost
        clause = known.spans[0].best if known.spans else None
        fresh, lead = self.bare.compared(question, language, clause, most=most)
        if not fresh.spans or fresh.spans[0].best not in self.new:
            speaks = False  # a few clauses by themselves would seem to answer anything
        elif answered:
            speaks = fresh.verdict.outcome is not Outcome.NOT_IN_GUIDELINE and lead >= _AHEAD
        else:
            speaks = _speaks(fresh.verdict, known.verdict)
        if not speaks:
            return replace(known, verdict=_unsure(known.verdict)) if lost else known
        unsure = answered and (fresh.verdict.outcome is not Outcome.ANSWER or lead < _CLEARLY_AHEAD)
        return Judgement(
            language=known.language,
            spans=(*(one for one in fresh.spans if one.best in self.new), *known.spans)[:most],
            verdict=_unsure(fresh.verdict) if unsure else fresh.verdict,
        )


def _speaks(fresh: Verdict, known: Verdict) -> bool:
    """Whether a new clause says something on a question that the classifier finds no answer to. It knows of no new fact: where
    it misses a kind of answer, a clause that holds one is asked back about sooner."""
    if fresh.outcome is Outcome.DID_YOU_MEAN:
        return fresh.confidence >= _SPEAKS_FROM or known.missing is not None
    return fresh.outcome is Outcome.ANSWER


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
