"""Policy answers: the guideline quoted, or three passages to choose from, or a plain "not in the guideline"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.policy.askings import Missing, load_askings
from bot.policy.bare import bare
from bot.policy.classifier import Classifier, load_classifier
from bot.policy.deciding import Outcome, Twin, load_thresholds
from bot.policy.edited import Edited, places_of
from bot.policy.glosses import Gloss, gloss_between, load_glosses
from bot.policy.guideline import Guideline, Passage
from bot.policy.judging import MOST_QUOTES, Judge, Span
from bot.policy.passages import LONGEST_QUOTE, Clause, clauses_of
from bot.policy.shipped import DEFAULT_GUIDELINE, load_guideline
from bot.policy.signs import load_sign_reader
from bot.policy.trained import Trained, Twins

_MOST = 0.5
"""Of the clauses that the classifier was trained on; with fewer of them it is another guideline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """``text`` is the raw slice of the guideline, emphasis marks included, at most 700 characters; ``start`` and ``end`` say
    where it stands there, which may be more than its passage: a list with what leads to it.

    ``section`` is the heading it stands under; ``gloss`` the unofficial English of just these words; ``columns`` the
    names of the columns where it is of a table.
    """

    passage: str
    section: str
    text: str
    start: int
    end: int
    gloss: str | None = None
    columns: str = ""


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
    _judge: Judge
    _glosses: tuple[Gloss, ...]

    def ask(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Answer:
        """``language`` is the asker's; the question's own words decide where they tell. ``most``: how many quotes."""
        judged = self._judge.judge(question, language, most=most)
        return Answer(
            outcome=judged.verdict.outcome,
            quotes=tuple(map(self._quote, judged.spans)),
            confidence=judged.verdict.confidence,
            missing=judged.verdict.missing,
            guideline=self.guideline.name,
            version=self.guideline.version,
            language=judged.language,
        )

    def quote(self, passage_id: str) -> Quote | None:
        """The passage itself, cut at 700 characters; None for an id the guideline doesn't have."""
        passage = self.guideline.passage(passage_id)
        if passage is None:
            return None
        end = min(passage.end, passage.start + LONGEST_QUOTE)
        return self._cut(passage, self.guideline.section_title(passage), passage.start, end)

    @property
    def glossed(self) -> tuple[str, ...]:
        """All that there is in unofficial English."""
        return tuple(one.text for one in self._glosses)

    def cut(self, passage_id: str, start: int, end: int) -> Quote | None:
        """A quote by its place; None for a place that isn't within the passage's section."""
        passage = self.guideline.passage(passage_id)
        if passage is None:
            return None
        first, last = self.guideline.around(passage)
        if not first <= start < end <= last:
            return None
        return self._cut(passage, self.guideline.section_title(passage), start, end)

    def gloss(self, passage_id: str) -> str | None:
        """The whole passage in unofficial English; a quote carries the gloss of just its own words."""
        passage = self.guideline.passage(passage_id)
        return gloss_between(self._glosses, passage.start, passage.end) if passage else None

    def _quote(self, span: Span) -> Quote:
        passage = self._clauses[span.best].passage
        start, end = self._clauses[span.first].start, self._clauses[span.last].end
        return self._cut(passage, self.guideline.section_title(passage), start, end)

    def _cut(self, passage: Passage, section: str, start: int, end: int) -> Quote:
        return Quote(
            passage=passage.id,
            section=section,
            text=self.guideline.text[start:end],
            start=start,
            end=end,
            gloss=gloss_between(self._glosses, start, end),
            columns=passage.columns,
        )


def load_policy(guideline_path: Path = DEFAULT_GUIDELINE) -> Policy:
    """Raises ``GuidelineError`` with every problem of the file, and ``OSError`` when it can't be read."""
    return policy_of(load_guideline(guideline_path), load_classifier())


def policy_of(guideline: Guideline, classifier: Classifier | None = None) -> Policy:
    """``classifier`` counts for the clauses whose words it was trained on, if most of those are there."""
    clauses = clauses_of(guideline)
    texts = [guideline.text[clause.start : clause.end] for clause in clauses]
    return Policy(
        guideline=guideline,
        _clauses=clauses,
        _judge=_judge(guideline, classifier, clauses, texts),
        _glosses=load_glosses(guideline),
    )


def _judge(
    guideline: Guideline, classifier: Classifier | None, clauses: Sequence[Clause], texts: Sequence[str]
) -> Judge:
    places = places_of(classifier.head.clauses, texts) if classifier else []
    known = {place for place in places if place is not None}
    if classifier is None or len(known) < _MOST * len(places):
        return bare(guideline, clauses, texts)
    trained = _trained(classifier, clauses, texts, places)
    new = frozenset(range(len(clauses))) - known
    if not new:
        return trained
    return Edited(trained=trained, bare=bare(guideline, clauses, texts, apart=new), new=new)


def _trained(
    classifier: Classifier, clauses: Sequence[Clause], texts: Sequence[str], places: Sequence[int | None]
) -> Trained:
    thresholds, twins = load_thresholds()
    return Trained(
        classifier=classifier,
        reader=load_sign_reader(),
        askings=load_askings(),
        clauses=clauses,
        places=places,
        texts=texts,
        twins=_by_place(twins, dict(zip(classifier.head.clauses, places, strict=True))),
        thresholds=thresholds,
    )


def _by_place(twins: Sequence[Twin], places: Mapping[int, int | None]) -> Twins:
    """``places``: of the clauses that the classifier was trained on, by their marks."""
    made: dict[int, dict[int, float]] = {}
    for twin in twins:
        clause, other = places.get(twin.clause), places.get(twin.other)
        if clause is not None and other is not None:
            made.setdefault(clause, {})[other] = twin.share
    return made
