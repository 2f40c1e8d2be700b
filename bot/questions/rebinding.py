"""Where a clause that was quoted from one edition of the guideline stands in another: by its words, wherever they are now.

The words are told by the checksums that tell the classifier's clauses (``mark_of``). Where an edition says them more than
once, those in the same surroundings are meant, since under another heading they may mean something else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.questions import Quoted
from bot.policy.classifier import mark_of
from bot.policy.guideline import Guideline
from bot.policy.passages import Clause, clauses_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An edition as its clauses and their marks."""

    guideline: Guideline
    clauses: Sequence[Clause]
    marks: Sequence[int]

    def run(self, quoted: Quoted) -> range:
        """The clauses that the quote takes in."""
        taken = [
            place
            for place, one in enumerate(self.clauses)
            if one.start < quoted.end and quoted.start < one.end
        ]
        return range(taken[0], taken[-1] + 1) if taken else range(0)

    def runs(self, marks: Sequence[int]) -> Iterator[range]:
        """Where these words stand, under one heading."""
        for first in range(len(self.marks) - len(marks) + 1 if marks else 0):
            run = range(first, first + len(marks))
            if self.marks[first : run.stop] == marks and self._section(run[0]) == self._section(run[-1]):
                yield run

    def around(self, run: range) -> tuple[str, int | None, int | None]:
        """The heading, and the marks of what comes before and after."""
        section = self.guideline.section_title(self.clauses[run[0]].passage)
        before = self.marks[run[0] - 1] if run[0] else None
        after = self.marks[run.stop] if run.stop < len(self.marks) else None
        return section, before, after

    def _section(self, place: int) -> str:
        return self.clauses[place].passage.section


class Rebinding:
    """Into the edition ``now``; each edition is read once, some milliseconds for ten pages."""

    def __init__(self, now: Guideline) -> None:
        self.now = now
        self._read: dict[str, _Read] = {}

    def of(self, quoted: Quoted, before: Guideline) -> Quoted | None:
        """None where the words are there no more, or nobody can tell which of those that are there are meant."""
        old, new = self._edition(before), self._edition(self.now)
        meant = old.run(quoted)
        marks = old.marks[meant.start : meant.stop]
        were, are = [*old.runs(marks)], [*new.runs(marks)]
        if not are or meant not in were:
            return None
        found = _same(meant, were, are, old, new)
        return _quoted(quoted, meant, found, old, new) if found else None

    def _edition(self, guideline: Guideline) -> _Read:
        if guideline.version not in self._read:
            clauses = clauses_of(guideline)
            marks = [mark_of(guideline.text[one.start : one.end]) for one in clauses]
            self._read[guideline.version] = _Read(guideline=guideline, clauses=clauses, marks=marks)
        return self._read[guideline.version]


def _same(meant: range, were: Sequence[range], are: Sequence[range], old: _Read, new: _Read) -> range | None:
    """The one in the most alike surroundings; of several, the one that is as far down among them. One of twins whose other
    is gone is found by its surroundings alone."""
    place, around = were.index(meant), old.around(meant)

    def alike(run: range) -> int:
        there = zip(around, new.around(run), strict=True)
        return sum(one is not None and one == other for one, other in there)

    best = max(are, key=lambda run: (alike(run), -abs(are.index(run) - place)))
    return best if alike(best) or len(are) >= len(were) else None


def _quoted(quoted: Quoted, meant: range, found: range, old: _Read, new: _Read) -> Quoted:
    """The clause that answers is as far down in the list that it was quoted with."""
    best = next((place for place in meant if old.clauses[place].passage.id == quoted.passage), meant[0])
    return Quoted(
        passage=new.clauses[found[best - meant[0]]].passage.id,
        start=new.clauses[found[0]].start,
        end=new.clauses[found[-1]].end,
    )
