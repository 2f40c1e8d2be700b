"""How well each clause fits a question, seen in several ways at once.

Each view compares one kind of words: the clause's own, what they mean, its heading, pieces of words. A
clause's share in a view is how much of the question it speaks of there, rare words counting for more. The views are
weighed into one score.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from enum import IntEnum

_SATURATED = 0.75
_LONG = 0.25
_COMMONEST = 0.3  # of the clauses: a piece of a word that more of them have tells nothing


class View(IntEnum):
    OWN = 0
    """Stems of the clause and of the parts of its compounds."""
    MEANT = 1
    """Concepts, whatever they are called."""
    TITLE = 2
    TITLE_MEANT = 3
    PIECES = 4


Seen = Mapping[View, Mapping[str, float]]
"""Features with their weights, by view."""


class Index:
    def __init__(self, clauses: Sequence[Seen], weights: Mapping[View, float]) -> None:
        self._views = {
            view: _Postings([clause[view] for clause in clauses], weights[view], view) for view in View
        }

    def scores(self, question: Seen) -> dict[int, float]:
        """Those of the clauses that speak of anything asked."""
        totals: dict[int, float] = defaultdict(float)
        for view, postings in self._views.items():
            postings.add(question[view], totals)
        return totals

    def rarity(self, stem: str) -> float:
        return self._views[View.OWN].rarity(stem)


class _Postings:
    """Feature -> the clauses that have it, each with how strongly, times the view's weight."""

    def __init__(self, clauses: Sequence[Mapping[str, float]], worth: float, view: View) -> None:
        counts = Counter(feature for clause in clauses for feature in clause)
        units = len(clauses)
        self._rarity = {feature: _rarity(count, units) for feature, count in counts.items()}
        self._rarest = _rarity(0, units)
        lengths = [sum(clause.values()) for clause in clauses]
        middle = sum(lengths) / units if units else 1.0
        most = _COMMONEST * units if view is View.PIECES and units > 20 else units
        self._of: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, clause in enumerate(clauses):
            room = _SATURATED * (1 - _LONG + _LONG * lengths[place] / (middle or 1.0))
            for feature, weight in clause.items():
                if counts[feature] <= most:
                    self._of[feature].append((place, worth * weight * (1 + _SATURATED) / (weight + room)))

    def add(self, question: Mapping[str, float], totals: dict[int, float]) -> None:
        """To each clause's total the share of the question that it speaks of."""
        weighed = {feature: weight * self.rarity(feature) for feature, weight in question.items()}
        whole = sum(weighed.values())
        for feature, weight in weighed.items():
            share = weight / whole
            for clause, strength in self._of.get(feature, ()):
                totals[clause] += share * strength

    def rarity(self, feature: str) -> float:
        return self._rarity.get(feature, self._rarest)


def _rarity(count: int, units: int) -> float:
    return math.log(1 + units / (count + 0.5))
