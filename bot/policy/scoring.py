"""How well each piece of a guideline fits a question's words: how much of the question it or its heading speaks of.

Words count for their stems and for what they mean, a rare one for more than a common one; a piece's share of the
question is weighed by where the word stands, in the piece itself or in its heading.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_STEEP = 1.5  # a word in every other piece tells next to nothing: "konto", "inlägg"

Weighted = Mapping[str, float]
"""Feature -> how surely it is there, at most 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is compared with a question: the features of its own words and those of its heading."""

    own: Weighted
    title: Weighted


class Index:
    def __init__(self, pieces: Sequence[Piece], *, own: float, title: float) -> None:
        """``own`` and ``title``: what a whole question is worth that a piece, or its heading, speaks of."""
        counts = Counter(feature for piece in pieces for feature in {*piece.own, *piece.title})
        units = len(pieces)
        self._rarity = {feature: _rarity(count, units) for feature, count in counts.items()}
        self._rarest = _rarity(0, units)
        self._of: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, piece in enumerate(pieces):
            for feature in {*piece.own, *piece.title}:
                strength = own * piece.own.get(feature, 0.0) + title * piece.title.get(feature, 0.0)
                self._of[feature].append((place, strength))

    def add(self, question: Weighted, totals: dict[int, float]) -> None:
        """To each piece's total."""
        weighed = {feature: weight * self.rarity(feature) for feature, weight in question.items()}
        whole = sum(weighed.values())
        for feature, weight in weighed.items():
            share = weight / whole
            for place, strength in self._of.get(feature, ()):
                totals[place] += share * strength

    def rarity(self, feature: str) -> float:
        return self._rarity.get(feature, self._rarest)


def _rarity(count: int, units: int) -> float:
    return float(math.log(1 + units / (count + 0.5)) ** _STEEP)
