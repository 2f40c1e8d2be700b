"""Answers about any other guideline: by its words, by what they mean, by the kinds of clause that such texts have and by
what a clause and a question are about, without learnt questions of its own.

What is compared with a question and quoted is a stretch of neighbouring clauses, at most a short paragraph or a list with what
leads to it: without learnt questions nobody can tell which of two sentences that belong together answers.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nlargest
from math import exp, inf, log

from bot.policy.askings import Askings, load_askings
from bot.policy.concepts import load_lexicon
from bot.policy.deciding import Calibration, Signals, decide, load_calibration
from bot.policy.features import Features, Reader
from bot.policy.guideline import Guideline
from bot.policy.judging import MOST_QUOTES, Judgement, Span
from bot.policy.kinds import Gist, KindIndex, Kinds, Told, alike, load_kinds
from bot.policy.normalise import load_words
from bot.policy.passages import LONGEST_QUOTE, Clause
from bot.policy.scoring import Index, Piece

LONGEST_STRETCH = 420
"""Characters."""
_LOOKED_AT = 30
"""Stretches that are looked at closely; in a guideline of a hundred pages there are thousands."""

_LARGE = 4.0
_ITEM = re.compile(r"/(?:\d+|[a-z])$")  # what the id of an item of a list ends in
_MANY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``like``: how much the ``best`` clause of the stretch is of the question's kind, from 0 to 1."""

    stretch: int
    score: float
    best: int
    like: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bare:
    _texts: Sequence[str]
    """Of the clauses."""
    _stretches: Sequence[tuple[int, int]]
    """First and last clause of each."""
    _stretches_of: Sequence[Sequence[int]]
    """By clause: an item of a list stands by itself and with its whole list."""
    _lengths: Sequence[float]
    _reader: Reader
    _stems: Index
    _meant: Index
    _spoken: Sequence[frozenset[str]]
    """What each stretch and its heading speak of."""
    _kinds: Kinds
    _kind_index: KindIndex
    _gists: Sequence[Gist]
    """Of the clauses."""
    _askings: Askings
    _calibration: Calibration

    def judge(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Judgement:
        return self.compared(question, language, None, most=most)[0]

    def compared(
        self, question: str, language: str, clause: int | None, *, most: int = MOST_QUOTES
    ) -> tuple[Judgement, float]:
        """And how far the best stretch is ahead of the one with that clause, in scores."""
        asked = self._reader.question(question, language)
        told = self._kinds.of(question, language)
        found = self.found(asked, told)
        judged = Judgement(
            language=asked.language,
            spans=tuple(self._span(one) for one in found[:most]),
            verdict=decide(self.signals(asked, told, found), self._calibration),
        )
        return judged, self._lead(found, clause)

    def _lead(self, found: Sequence[Found], clause: int | None) -> float:
        with_it = (one.score for one in found if self._holds(one.stretch, clause))
        return found[0].score - next(with_it, -inf) if found else 0.0

    def _holds(self, stretch: int, clause: int | None) -> bool:
        first, last = self._stretches[stretch]
        return clause is not None and first <= clause <= last

    def found(self, asked: Features, told: Told) -> list[Found]:
        """The stretches that speak of anything asked, best first."""
        views = self._calibration.views
        totals: dict[int, float] = defaultdict(float)
        self._stems.add(asked.stems, totals)
        self._meant.add(asked.meant, totals)
        best = self._best(told)
        for stretch, (like, _) in best.items():
            totals[stretch] += views["kind"] * like
        for stretch in totals if len(self._stretches) > _LOOKED_AT else range(len(self._stretches)):
            totals[stretch] += views["length"] * self._lengths[stretch]
        first = nlargest(_LOOKED_AT, totals, key=lambda one: (totals[one], -one))
        about = {one: views["gist"] * self._about(told, one) for one in first}
        found = [self._found(asked, one, totals[one] + about[one], best) for one in first]
        return sorted(found, key=lambda one: (-one.score, one.stretch))

    def _about(self, told: Told, stretch: int) -> float:
        """How much its clause that comes nearest to the question is about the same, from -1 to 1."""
        first, last = self._stretches[stretch]
        return max(alike(told.gist, gist) for gist in self._gists[first : last + 1])

    def _best(self, told: Told) -> dict[int, tuple[float, int]]:
        """Of each stretch the clause that is most of the question's kind, and how much."""
        best: dict[int, tuple[float, int]] = {}
        for clause, like in self._kind_index.likeness(told.blend).items():
            for stretch in self._stretches_of[clause]:
                if stretch not in best or best[stretch] < (like, -clause):
                    best[stretch] = (like, -clause)
        return {stretch: (like, -clause) for stretch, (like, clause) in best.items()}

    def _found(
        self, asked: Features, stretch: int, total: float, best: Mapping[int, tuple[float, int]]
    ) -> Found:
        like, clause = best.get(stretch, (0.0, self._stretches[stretch][0]))
        return Found(stretch=stretch, score=total + self._held(asked, stretch), best=clause, like=like)

    def _held(self, asked: Features, stretch: int) -> float:
        """For holding the kind of answer that is asked for, or not."""
        if not asked.asked:
            return 0.0
        lacking = self._askings.lacking(asked.asked, self._text(stretch))
        return -self._calibration.views["held"] if lacking else self._calibration.views["held"]

    def signals(self, asked: Features, told: Told, found: Sequence[Found]) -> Signals:
        if not found:
            return Signals(none=told.none, near=told.near)
        first, second = found[0], found[1].score if len(found) > 1 else 0.0
        lacks = self._askings.lacking(asked.asked, self._texts[first.best])
        lacking = self._askings.lacking(asked.asked, self._text(first.stretch))
        return Signals(
            score=first.score / 5,
            margin=min(first.score - second, _LARGE),
            share=1 / sum(exp(one.score - first.score) for one in found),
            like=first.like,
            met=self._met(asked, first.stretch),
            lacking=lacking,
            lacks=lacks is not None,
            none=told.none,
            near=told.near,
            sure=max(told.blend.values(), default=0.0),
            length=min(len(asked.terms), _MANY) / _MANY,
        )

    def _met(self, asked: Features, stretch: int) -> float:
        spoken = self._spoken[stretch]
        weights = [(self._stems.rarity(stemmed), {stemmed, *more}) for stemmed, more in asked.terms]
        met = sum(weight for weight, term in weights if not spoken.isdisjoint(term))
        return met / (sum(weight for weight, _ in weights) or 1.0)

    def _text(self, stretch: int) -> str:
        first, last = self._stretches[stretch]
        return " ".join(self._texts[first : last + 1])

    def _span(self, found: Found) -> Span:
        first, last = self._stretches[found.stretch]
        return Span(best=found.best, first=first, last=last)


def bare(
    guideline: Guideline, clauses: Sequence[Clause], texts: Sequence[str], *, apart: Set[int] = frozenset()
) -> Bare:
    """``apart``: clauses that are never quoted together with any others than themselves."""
    askings, calibration, kinds = load_askings(), load_calibration(), load_kinds()
    titles = {section.id: section.title for section in guideline.sections}
    reader = Reader(
        load_words(), load_lexicon(), askings, [("sv", one) for one in (*titles.values(), *texts)]
    )
    stretches = [*_stretches(clauses, texts, apart)]
    whole = [guideline.text[clauses[first].start : clauses[last].end] for first, last in stretches]
    owns = [reader.text(text, "sv") for text in whole]
    headings = _headings(reader, clauses, titles)
    above = [headings[_heading(clauses[first])] for first, _ in stretches]
    told = [
        kinds.of(f"{titles[clause.passage.section]}. {text}", "sv")
        for clause, text in zip(clauses, texts, strict=True)
    ]
    views = calibration.views
    return Bare(
        _texts=texts,
        _stretches=stretches,
        _stretches_of=_by_clause(stretches, len(clauses)),
        _lengths=[log(1 + sum(own.stems.values())) for own in owns],
        _reader=reader,
        _stems=Index(
            [Piece(own=own.stems, title=title.stems) for own, title in zip(owns, above, strict=True)],
            own=views["own"],
            title=views["title"],
        ),
        _meant=Index(
            [Piece(own=own.meant, title=title.meant) for own, title in zip(owns, above, strict=True)],
            own=views["meant"],
            title=views["title_meant"],
        ),
        _spoken=[
            frozenset([*own.stems, *own.meant, *title.stems, *title.meant])
            for own, title in zip(owns, above, strict=True)
        ],
        _kinds=kinds,
        _kind_index=KindIndex([one.blend for one in told]),
        _gists=[one.gist for one in told],
        _askings=askings,
        _calibration=calibration,
    )


def _stretches(clauses: Sequence[Clause], texts: Sequence[str], apart: Set[int]) -> Iterator[tuple[int, int]]:
    first = 0
    for place in range(1, len(clauses) + 1):
        if place < len(clauses) and _belong(clauses, first, place, apart):
            continue
        yield first, _with_its_list(clauses, texts, first, place - 1, apart)
        first = place


def _by_clause(stretches: Sequence[tuple[int, int]], clauses: int) -> list[list[int]]:
    made: list[list[int]] = [[] for _ in range(clauses)]
    for place, (first, last) in enumerate(stretches):
        for clause in range(first, last + 1):
            made[clause].append(place)
    return made


def _belong(clauses: Sequence[Clause], first: int, place: int, apart: Set[int]) -> bool:
    return (
        clauses[place].passage.id == clauses[first].passage.id
        and clauses[place].end - clauses[first].start <= LONGEST_STRETCH
        and (place in apart) == (first in apart)
    )


def _with_its_list(
    clauses: Sequence[Clause], texts: Sequence[str], first: int, last: int, apart: Set[int]
) -> int:
    """What ends with a colon is nothing without the list that it leads to; each item of that stands by itself too."""
    if not texts[last].rstrip("*_ ").endswith(":"):
        return last
    heading, lead = _heading(clauses[first]), clauses[last].passage.id
    for place in range(last + 1, len(clauses)):
        item = clauses[place]
        if (
            item.passage.id == lead
            or _heading(item) != heading
            or item.end - clauses[first].start > LONGEST_QUOTE
            or (place in apart) != (first in apart)
            or not _ITEM.search(item.passage.id)
        ):
            break
        last = place
    return last


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The features of a heading and, in a table, of the names of the columns."""

    stems: Mapping[str, float]
    meant: Mapping[str, float]


def _heading(clause: Clause) -> tuple[str, str]:
    return clause.passage.section, clause.passage.label


def _headings(
    reader: Reader, clauses: Sequence[Clause], titles: Mapping[str, str]
) -> dict[tuple[str, str], Title]:
    made = {}
    for section, label in {_heading(clause) for clause in clauses}:
        read = [reader.text(titles[section], "sv"), reader.text(label, "sv")]
        made[section, label] = Title(
            stems=_joined(one.stems for one in read), meant=_joined(one.meant for one in read)
        )
    return made


def _joined(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    return {feature: weight for part in parts for feature, weight in part.items()}
