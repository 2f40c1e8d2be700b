"""Policy answers: the guideline quoted, or three passages to choose from, or a plain "not in the guideline"."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.policy.askings import Askings, Missing, load_askings
from bot.policy.bank import Phrasing, answered_by, load_bank
from bot.policy.concepts import load_concepts
from bot.policy.deciding import Calibration, Outcome, Signals, decide, load_calibration
from bot.policy.features import Features, Reader
from bot.policy.glosses import Gloss, gloss_between, load_glosses
from bot.policy.guideline import Guideline
from bot.policy.normalise import load_words
from bot.policy.passages import LONGEST_QUOTE, Clause, clauses_of
from bot.policy.scoring import Document, Index, Scores
from bot.policy.shipped import DEFAULT_GUIDELINE, load_guideline

MOST_QUOTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """``text`` is the raw slice of the guideline, emphasis marks included, at most 700 characters.

    ``section`` is the heading it stands under; ``gloss`` the unofficial English of just these words.
    """

    passage: str
    section: str
    text: str
    gloss: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``quotes`` are the nearest clauses, best first, whatever the outcome; ``missing`` is what was asked for and is
    not in the guideline, where that can be told. ``language`` is the one the question was put in."""

    outcome: Outcome
    quotes: tuple[Quote, ...]
    confidence: float
    missing: Missing | None
    guideline: str
    version: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A guideline ready to be asked: pure, offline, never raises for any text."""

    guideline: Guideline
    _clauses: tuple[Clause, ...]
    _texts: tuple[str, ...]
    _reader: Reader
    _index: Index
    _negatives: tuple[Phrasing, ...]
    _askings: Askings
    _glosses: tuple[Gloss, ...]
    _calibration: Calibration
    _outside: frozenset[str]
    _titles: dict[str, str] = field(default_factory=dict)

    def ask(self, question: str, language: str) -> Answer:
        """``language`` is the asker's; the question's own words decide where they tell."""
        asked = self._reader.question(question, language)
        scores = self._index.scores(asked, best=MOST_QUOTES)
        signals = self.signals(asked, scores)
        verdict = decide(signals, self._calibration)
        return Answer(
            outcome=verdict.outcome,
            quotes=tuple(self._quote(self._clauses[one.clause]) for one in scores.best),
            confidence=verdict.confidence,
            missing=verdict.missing,
            guideline=self.guideline.name,
            version=self.guideline.version,
            language=asked.language,
        )

    def signals(self, asked: Features, scores: Scores) -> Signals:
        """What the decision is made from; public so that the calibration can be fitted on the same numbers."""
        if not scores.best:
            return Signals()
        first = scores.best[0]
        second = scores.best[1].score if len(scores.best) > 1 else 0.0
        nearest = self._negatives[scores.unanswered_place] if scores.unanswered_place is not None else None
        return Signals(
            score=first.score,
            cover=first.cover,
            nearness=first.nearness,
            margin=first.score - second,
            unanswered=scores.unanswered,
            unknown=scores.unknown,
            outside=bool(self._outside & asked.weights.keys()),
            lacking=self._askings.lacking(asked.asked, self._texts[first.clause]),
            suggested=nearest.missing if nearest else None,
        )

    def quote(self, passage_id: str) -> Quote | None:
        """The passage itself, cut at 700 characters; None for an id the guideline doesn't have."""
        passage = self.guideline.passage(passage_id)
        if passage is None:
            return None
        end = min(passage.end, passage.start + LONGEST_QUOTE)
        return self._cut(passage.id, self.guideline.section_title(passage), passage.start, end)

    def gloss(self, passage_id: str) -> str | None:
        """The whole passage in unofficial English; a quote carries the gloss of just its own words."""
        passage = self.guideline.passage(passage_id)
        return gloss_between(self._glosses, passage.start, passage.end) if passage else None

    def _quote(self, clause: Clause) -> Quote:
        return self._cut(clause.passage.id, self._titles[clause.passage.section], clause.start, clause.end)

    def _cut(self, passage: str, section: str, start: int, end: int) -> Quote:
        return Quote(
            passage=passage,
            section=section,
            text=self.guideline.text[start:end],
            gloss=gloss_between(self._glosses, start, end),
        )


def load_policy(guideline_path: Path = DEFAULT_GUIDELINE) -> Policy:
    """Raises ``GuidelineError`` with every problem of the file, and ``OSError`` when it can't be read."""
    return policy_of(load_guideline(guideline_path), load_bank())


def policy_of(guideline: Guideline, bank: Sequence[Phrasing]) -> Policy:
    clauses = clauses_of(guideline)
    texts = tuple(guideline.text[clause.start : clause.end] for clause in clauses)
    glosses = load_glosses(guideline)
    concepts, askings = load_concepts(), load_askings()
    known = [("sv", guideline.text), *(("en", gloss.text) for gloss in glosses)]
    reader = Reader(
        load_words(), concepts, askings, [*known, *((one.language, one.question) for one in bank)]
    )
    titles = {section.id: section.title for section in guideline.sections}
    phrasings: dict[int, list[Features]] = {}
    for one in bank:
        place = answered_by(one, clauses, guideline) if one.passage else None
        if place is not None:
            phrasings.setdefault(place, []).append(reader.text(one.question, one.language))
    documents = tuple(
        _document(guideline, clause, reader, glosses, titles, tuple(phrasings.get(place, ())))
        for place, clause in enumerate(clauses)
    )
    spoken_of = {feature for document in documents for feature in document.own.weights}
    known_by_the_bank = 2 * len(phrasings) >= len(clauses)
    outside = frozenset(f"c:{concept}" for concept in concepts.outside) - spoken_of
    negatives = tuple(one for one in bank if one.passage is None) if known_by_the_bank else ()
    return Policy(
        guideline=guideline,
        _clauses=clauses,
        _texts=texts,
        _reader=reader,
        _index=Index(documents, [reader.text(one.question, one.language) for one in negatives]),
        _negatives=negatives,
        _askings=askings,
        _glosses=glosses,
        _calibration=load_calibration("banked" if known_by_the_bank else "bare"),
        _outside=outside,
        _titles=titles,
    )


def _document(
    guideline: Guideline,
    clause: Clause,
    reader: Reader,
    glosses: tuple[Gloss, ...],
    titles: dict[str, str],
    phrasings: tuple[Features, ...],
) -> Document:
    gloss = gloss_between(glosses, clause.start, clause.end)
    return Document(
        own=reader.text(guideline.text[clause.start : clause.end], "sv"),
        title=reader.text(f"{titles[clause.passage.section]} {clause.passage.label}", "sv"),
        gloss=reader.text(gloss, "en") if gloss else None,
        phrasings=phrasings,
    )
