"""Answers about any other guideline: by its own words and what they mean, without learnt questions."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nlargest

from bot.policy.askings import Askings, load_askings
from bot.policy.concepts import load_lexicon
from bot.policy.deciding import Calibration, Signals, decide, load_calibration
from bot.policy.features import Features, Reader
from bot.policy.guideline import Guideline
from bot.policy.judging import MOST_QUOTES, Judgement, alone
from bot.policy.normalise import load_words
from bot.policy.passages import Clause
from bot.policy.scoring import Index, View

_LOOKED_AT = 30  # a clause further down isn't lifted to the top by holding the kind of answer asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    _texts: Sequence[str]
    _reader: Reader
    _index: Index
    _spoken: Sequence[frozenset[str]]
    """What each clause and its heading speak of."""
    _askings: Askings
    _calibration: Calibration

    def judge(
        self, question: str, language: str, *, most: int = MOST_QUOTES, among: Set[int] | None = None
    ) -> Judgement:
        """By all clauses, or only by those ``among`` them."""
        asked = self._reader.question(question, language)
        scored = [one for one in self.scored(asked) if among is None or one[1] in among]
        return Judgement(
            language=asked.language,
            spans=tuple(alone(clause) for _, clause in scored[:most]),
            verdict=decide(self.signals(asked, scored), self._calibration),
        )

    def scored(self, asked: Features) -> list[tuple[float, int]]:
        """The clauses that speak of anything asked, each with its score, best first."""
        scores = self._index.scores(asked.seen())
        best = nlargest(_LOOKED_AT, scores, key=lambda clause: (scores[clause], -clause))
        found = [(scores[clause] + self._held(asked, clause), clause) for clause in best]
        return sorted(found, key=lambda one: (-one[0], one[1]))

    def _held(self, asked: Features, clause: int) -> float:
        """For holding the kind of answer that is asked for, or not."""
        if not asked.asked:
            return 0.0
        lacking = self._askings.lacking(asked.asked, self._texts[clause])
        return -self._calibration.held if lacking else self._calibration.held

    def signals(self, asked: Features, scored: Sequence[tuple[float, int]]) -> Signals:
        if not scored:
            return Signals()
        score, first = scored[0]
        second = scored[1][0] if len(scored) > 1 else 0.0
        return Signals(
            cover=score,
            margin=score - second,
            met=self._met(asked, first),
            lacking=self._askings.lacking(asked.asked, self._texts[first]),
        )

    def _met(self, asked: Features, clause: int) -> float:
        spoken = self._spoken[clause]
        weights = [(self._index.rarity(stemmed), {stemmed, *more}) for stemmed, more in asked.terms]
        met = sum(weight for weight, term in weights if not spoken.isdisjoint(term))
        return met / (sum(weight for weight, _ in weights) or 1.0)


def bare(guideline: Guideline, clauses: Sequence[Clause], texts: Sequence[str]) -> Bare:
    askings, calibration = load_askings(), load_calibration()
    reader = Reader(load_words(), load_lexicon(), askings, [("sv", guideline.text)])
    titles = {section.id: reader.text(section.title, "sv") for section in guideline.sections}
    owns = [reader.text(text, "sv") for text in texts]
    labels = {label: reader.text(label, "sv") for label in {clause.passage.label for clause in clauses}}
    seen = [
        _seen(own, (titles[clause.passage.section], labels[clause.passage.label]))
        for clause, own in zip(clauses, owns, strict=True)
    ]
    return Bare(
        _texts=texts,
        _reader=reader,
        _index=Index(seen, {view: calibration.views[view.name.lower()] for view in View}),
        _spoken=[_spoken(one) for one in seen],
        _askings=askings,
        _calibration=calibration,
    )


def _spoken(seen: Mapping[View, Mapping[str, float]]) -> frozenset[str]:
    return frozenset().union(*(seen[view] for view in (View.OWN, View.MEANT, View.TITLE, View.TITLE_MEANT)))


def _seen(own: Features, title: Sequence[Features]) -> dict[View, Mapping[str, float]]:
    return {
        View.OWN: own.stems,
        View.MEANT: own.meant,
        View.TITLE: _joined(one.stems for one in title),
        View.TITLE_MEANT: _joined(one.meant for one in title),
        View.PIECES: {**_joined(one.pieces for one in title), **own.pieces},
    }


def _joined(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    return {feature: weight for part in parts for feature, weight in part.items()}
