"""How much of a question each clause speaks of: BM25 over its own words and its heading, as a share of what the
question could score at most. A word that nothing knows weighs in the question's whole, and so lowers every share."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.policy.features import Features

_SATURATION = 1.2
_OWN_WORDS = 3.0
_TITLE = 0.7
_TOPICS = ("s:", "c:")  # how a question is put says nothing of what it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A clause as the index sees it: its own words, and its heading."""

    own: Features
    title: Features


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    clause: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """``best`` are the clauses, best first; ``unknown`` is the share of the question that no clause knows."""

    best: tuple[Scored, ...]
    unknown: float


class Index:
    def __init__(self, documents: Sequence[Document]) -> None:
        self._units = len(documents)
        counts = Counter(feature for one in documents for feature in one.own.weights)
        self._rarity = {feature: self._rarity_of(count) for feature, count in counts.items()}
        self._rarest = self._rarity_of(0)
        self._cover = _cover(documents)

    def scores(self, question: Features, *, best: int = 3) -> Scores:
        weighed = {feature: self._weight(feature, weight) for feature, weight in question.weights.items()}
        total = sum(weighed.values())
        if not any(feature.startswith(_TOPICS) for feature in weighed):
            return Scores(best=(), unknown=1.0)
        covers = self._covers(weighed)
        nearest = sorted(covers, key=lambda clause: (-covers[clause], clause))[:best]
        unknown = sum(weight for feature, weight in weighed.items() if feature not in self._rarity)
        return Scores(
            best=tuple(Scored(clause=clause, score=covers[clause] / total) for clause in nearest),
            unknown=unknown / total,
        )

    def _rarity_of(self, count: int) -> float:
        return math.log(1 + self._units / (count + 0.5))

    def _weight(self, feature: str, weight: float) -> float:
        return weight * self._rarity.get(feature, self._rarest)

    def _covers(self, weighed: Mapping[str, float]) -> dict[int, float]:
        covers: dict[int, float] = defaultdict(float)
        for feature, weight in weighed.items():
            for clause, share in self._cover.get(feature, ()):
                covers[clause] += weight * share
        return covers


def _cover(documents: Sequence[Document]) -> Mapping[str, list[tuple[int, float]]]:
    """Feature -> the clauses that speak of it, each with BM25's saturated share between 0 and 1."""
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, one in enumerate(documents):
        counts: dict[str, float] = defaultdict(float)
        for text, worth in ((one.own, _OWN_WORDS), (one.title, _TITLE)):
            for feature in text.weights:
                counts[feature] += worth
        for feature, count in counts.items():
            postings[feature].append((place, count / (count + _SATURATION)))
    return dict(postings)
