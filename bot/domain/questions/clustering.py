"""Questions that ask for the same, told by the words they share and their nearest passage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

_T = TypeVar("_T")

ALIKE = 0.33
"""Share of all their words that two questions with the same nearest passage must have in common: one of three."""
NEARLY_THE_SAME = 0.6
"""The same where the passages differ: of what the guideline lacks, the nearest passage is often chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """``words`` are stems that carry a topic; ``passage`` is the nearest one, empty where nothing was near."""

    id: str
    text: str
    passage: str
    at: datetime
    words: frozenset[str]
    gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Newest first."""

    questions: tuple[Unanswered, ...]

    @property
    def passage(self) -> str:
        return self.questions[0].passage

    @property
    def gap(self) -> bool:
        """Whether communications have marked any of them as something that the guideline lacks."""
        return any(one.gap for one in self.questions)

    @property
    def wordings(self) -> tuple[str, ...]:
        """Each once, as it was written last: what ten people ask alike is read once."""
        newest: dict[str, str] = {}
        for one in self.questions:
            newest.setdefault(" ".join(one.text.casefold().split()).rstrip("?!. "), one.text)
        return tuple(newest.values())


def clusters(questions: Iterable[Unanswered]) -> tuple[Cluster, ...]:
    """The most asked first, and of equally many the newest. Each question joins the first cluster whose newest
    question it is like, so that clusters don't drift."""
    made: list[list[Unanswered]] = []
    for one in sorted(questions, key=lambda one: one.at, reverse=True):
        known = next((cluster for cluster in made if _alike(cluster[0], one)), None)
        if known is None:
            made.append([one])
        else:
            known.append(one)
    made.sort(key=lambda cluster: (len(cluster), cluster[0].at), reverse=True)
    return tuple(Cluster(questions=tuple(one)) for one in made)


def _alike(one: Unanswered, other: Unanswered) -> bool:
    if not one.words or not other.words:
        return one.words == other.words and one.text.casefold() == other.text.casefold()
    enough = ALIKE if one.passage == other.passage else NEARLY_THE_SAME
    return len(one.words & other.words) / len(one.words | other.words) >= enough


def page_of(found: Sequence[_T], number: int, size: int) -> tuple[tuple[_T, ...], int, int]:
    """What stands on that page, which page it is then, and of how many."""
    pages = max(1, -(-len(found) // size))
    number = min(max(1, number), pages)
    return tuple(found[(number - 1) * size : number * size]), number, pages
