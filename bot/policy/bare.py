"""Answers about any other guideline: by its own words and the concepts behind them, without learnt questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.policy.askings import Askings, load_askings
from bot.policy.concepts import load_concepts
from bot.policy.deciding import Calibration, Signals, decide, load_calibration
from bot.policy.features import Features, Reader
from bot.policy.guideline import Guideline
from bot.policy.judging import MOST_QUOTES, Judgement, alone
from bot.policy.normalise import load_words
from bot.policy.passages import Clause
from bot.policy.scoring import Document, Index, Scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    _texts: Sequence[str]
    _reader: Reader
    _index: Index
    _askings: Askings
    _calibration: Calibration
    _outside: frozenset[str]

    def judge(self, question: str, language: str) -> Judgement:
        asked = self._reader.question(question, language)
        scores = self._index.scores(asked, best=MOST_QUOTES)
        return Judgement(
            language=asked.language,
            spans=tuple(alone(one.clause) for one in scores.best),
            verdict=decide(self._signals(asked, scores), self._calibration),
        )

    def _signals(self, asked: Features, scores: Scores) -> Signals:
        if not scores.best:
            return Signals()
        first = scores.best[0]
        second = scores.best[1].score if len(scores.best) > 1 else 0.0
        return Signals(
            cover=first.score,
            margin=first.score - second,
            unknown=scores.unknown,
            outside=bool(self._outside & asked.weights.keys()),
            lacking=self._askings.lacking(asked.asked, self._texts[first.clause]),
        )


def bare(guideline: Guideline, clauses: Sequence[Clause], texts: Sequence[str]) -> Bare:
    concepts, askings = load_concepts(), load_askings()
    reader = Reader(load_words(), concepts, askings, [("sv", guideline.text)])
    titles = {section.id: section.title for section in guideline.sections}
    documents = [
        Document(
            own=reader.text(text, "sv"),
            title=reader.text(f"{titles[clause.passage.section]} {clause.passage.label}", "sv"),
        )
        for clause, text in zip(clauses, texts, strict=True)
    ]
    spoken_of = {feature for document in documents for feature in document.own.weights}
    return Bare(
        _texts=texts,
        _reader=reader,
        _index=Index(documents),
        _askings=askings,
        _calibration=load_calibration(),
        _outside=frozenset(f"c:{concept}" for concept in concepts.outside) - spoken_of,
    )
