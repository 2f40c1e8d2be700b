"""How well each clause answers a question: by its own words and by the nearest known ways of asking.

Two views are mixed. *Cover* is BM25 over a clause together with its gloss and phrasings, as a share of what the
question could score at most: what part of the question the clause speaks of. *Nearness* is the cosine to the most
similar phrasing in the bank. A word that nothing knows weighs in the question's own length, and so lowers both.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.policy.features import Features

_SATURATION = 1.2
_OWN_WORDS = 3.0
_TITLE = 0.7
_COVER_SHARE = 0.62
_SECOND_PHRASING = 0.3
_THIRD_SHARE = 0.05
_TOPICS = ("s:", "c:")  # how a question is put says nothing of what it is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A clause as the index sees it: its own words, its heading, its gloss and how people ask for it."""

    own: Features
    title: Features
    gloss: Features | None
    phrasings: tuple[Features, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    clause: int
    score: float
    cover: float
    nearness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """``best`` are the clauses, best first; ``unanswered`` is the nearness to the most similar question known to
    have no answer, and ``unanswered_place`` which one; ``unknown`` is the share of the question that no text knows."""

    best: tuple[Scored, ...]
    unanswered: float
    unanswered_place: int | None
    unknown: float


class Index:
    """``negatives`` are questions that the guideline doesn't answer."""

    def __init__(self, documents: Sequence[Document], negatives: Sequence[Features]) -> None:
        self._documents = len(documents)
        texts = _texts(documents)
        self._units = len(texts) + len(negatives)
        counts = Counter(feature for text in (*texts, *negatives) for feature in text.weights)
        self._rarity = {feature: self._rarity_of(count) for feature, count in counts.items()}
        self._rarest = self._rarity_of(0)
        self._owners = [place for place, one in enumerate(documents) for _ in one.phrasings]
        asked = [phrasing for one in documents for phrasing in one.phrasings]
        self._near = self._postings([*asked, *negatives])
        self._cover = _cover(documents)

    def scores(self, question: Features, *, best: int = 3) -> Scores:
        weighed = {feature: self._weight(feature, weight) for feature, weight in question.weights.items()}
        total = sum(weighed.values())
        if not any(feature.startswith(_TOPICS) for feature in weighed):
            return Scores(best=(), unanswered=0.0, unanswered_place=None, unknown=1.0)
        nearness, unanswered, place = self._nearness(weighed)
        cover = self._covers(weighed, total)
        scored = [
            self._scored(clause, cover.get(clause, 0.0), nearness.get(clause, 0.0))
            for clause in cover.keys() | nearness.keys()
        ]
        scored.sort(key=lambda one: (-one.score, one.clause))
        unknown = sum(weight for feature, weight in weighed.items() if feature not in self._rarity)
        return Scores(
            best=tuple(scored[:best]),
            unanswered=unanswered,
            unanswered_place=place,
            unknown=unknown / total,
        )

    def _scored(self, clause: int, cover: float, nearness: float) -> Scored:
        score = _COVER_SHARE * cover + (1 - _COVER_SHARE) * nearness
        return Scored(clause=clause, score=score, cover=cover, nearness=nearness)

    def _rarity_of(self, count: int) -> float:
        return math.log(1 + self._units / (count + 0.5))

    def _weight(self, feature: str, weight: float) -> float:
        return weight * self._rarity.get(feature, self._rarest)

    def _postings(self, texts: Sequence[Features]) -> Mapping[str, list[tuple[int, float]]]:
        """Feature -> the phrasings that have it, each weight divided by the phrasing's length."""
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, text in enumerate(texts):
            weighed = {feature: self._weight(feature, weight) for feature, weight in text.weights.items()}
            length = _length(weighed)
            for feature, weight in weighed.items():
                postings[feature].append((place, weight / length))
        return dict(postings)

    def _nearness(self, weighed: Mapping[str, float]) -> tuple[dict[int, float], float, int | None]:
        length = _length(weighed)
        similar: dict[int, float] = defaultdict(float)
        for feature, weight in weighed.items():
            for place, theirs in self._near.get(feature, ()):
                similar[place] += weight * theirs
        owners = self._owners
        near: dict[int, tuple[float, float, float]] = {}
        unanswered, unanswered_place = 0.0, None
        for place, product in similar.items():
            cosine = product / length
            if place >= len(owners):
                if cosine > unanswered:
                    unanswered, unanswered_place = cosine, place - len(owners)
                continue
            first, second, third = near.get(owners[place], (0.0, 0.0, 0.0))
            if cosine > third:
                top = sorted((first, second, third, cosine), reverse=True)
                near[owners[place]] = (top[0], top[1], top[2])
        mixed = {
            clause: (1 - _SECOND_PHRASING - _THIRD_SHARE) * top[0]
            + _SECOND_PHRASING * top[1]
            + _THIRD_SHARE * top[2]
            for clause, top in near.items()
        }
        return mixed, unanswered, unanswered_place

    def _covers(self, weighed: Mapping[str, float], total: float) -> dict[int, float]:
        covers: dict[int, float] = defaultdict(float)
        for feature, weight in weighed.items():
            for clause, share in self._cover.get(feature, ()):
                covers[clause] += weight * share
        return {clause: sum_ / total for clause, sum_ in covers.items()}


def _texts(documents: Sequence[Document]) -> list[Features]:
    return [
        text for one in documents for text in (one.own, *((one.gloss,) if one.gloss else ()), *one.phrasings)
    ]


def _length(weighed: Mapping[str, float]) -> float:
    return math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0


def _cover(documents: Sequence[Document]) -> Mapping[str, list[tuple[int, float]]]:
    """Feature -> the clauses that speak of it, each with BM25's saturated share between 0 and 1."""
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, one in enumerate(documents):
        counts: dict[str, float] = defaultdict(float)
        for text, worth in ((one.own, _OWN_WORDS), (one.title, _TITLE), (one.gloss, 1.0)):
            for feature in text.weights if text else ():
                counts[feature] += worth
        for phrasing in one.phrasings:
            for feature in phrasing.weights:
                counts[feature] += 1.0
        for feature, count in counts.items():
            postings[feature].append((place, count / (count + _SATURATION)))
    return dict(postings)
