"""How strongly a sentence binds, and to what: must, should, may, need not, and the word that each of these governs.

"Ska inte" and "inte ska" are one, since Swedish turns them round in a subordinate clause; "behöver" without "inte" is a must.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

MUST, NEED, NOT = "must", "need", "not"
_JOINING = frozenset({"och", "eller", "and", "or"})

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """``governs``: the next word with a topic, and those that "och" or "eller" joins to it."""

    strength: str
    turned: bool = False
    governs: tuple[str, ...] = ()

    @property
    def kind(self) -> tuple[str, bool]:
        return self.strength, self.turned


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """``rest``: the words that are no part of a mark, in order."""

    marks: tuple[Mark, ...]
    rest: tuple[str, ...]

    @property
    def kinds(self) -> tuple[tuple[str, bool], ...]:
        return tuple(mark.kind for mark in self.marks)

    def pairs(self, other: "Reading") -> Sequence[tuple[Mark, Mark]] | None:
        """Each mark beside the other's, where this binds as strongly in the same order; it may say plainly ("beslutas")
        whatever the other says must be so. None where it binds otherwise."""
        said = [mark for mark in other.marks if mark.kind != (MUST, False)]
        for marks in (other.marks, said):
            if self.kinds == tuple(mark.kind for mark in marks):
                return list(zip(self.marks, marks, strict=True))
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The words, folded: ``phrases`` with their strength, and what is passed over on the way to a topic."""

    phrases: Mapping[Phrase, str]
    silent: Container[str]

    @property
    def words(self) -> frozenset[str]:
        return frozenset(word for phrase in self.phrases for word in phrase)

    def read(self, words: Sequence[str]) -> Reading:
        tagged = list(self._tagged(words))
        marks = []
        place = 0
        while place < len(tagged):
            _, tag = tagged[place]
            beside = tagged[place + 1][1] if place + 1 < len(tagged) else ""
            turned = bool(tag) and bool(beside) and (tag == NOT) != (beside == NOT)
            if tag:
                strength = beside if turned and tag == NOT else tag
                place += turned
                marks.append(self._mark(strength, turned, tagged[place + 1 :]))
            place += 1
        return Reading(marks=tuple(marks), rest=tuple(word for word, tag in tagged if not tag))

    def _tagged(self, words: Sequence[str]) -> Iterator[tuple[str, str]]:
        place = 0
        longest = max(map(len, self.phrases), default=1)
        while place < len(words):
            found = next(
                (
                    one
                    for n in range(longest, 0, -1)
                    if (one := tuple(words[place : place + n])) in self.phrases
                ),
                None,
            )
            if found:
                yield " ".join(found), self.phrases[found]
            else:
                yield words[place], ""
            place += len(found or (0,))

    def _mark(self, strength: str, turned: bool, after: Sequence[tuple[str, str]]) -> Mark:
        plain = MUST if strength == NEED and not turned else strength
        governs = () if strength == NOT else tuple(self._governed(after))
        return Mark(strength=plain, turned=turned, governs=governs)

    def _governed(self, after: Sequence[tuple[str, str]]) -> Iterator[str]:
        wanted = True
        for word, tag in after:
            if tag:
                return
            if word in _JOINING:
                wanted = True
            elif word not in self.silent:
                if not wanted:
                    return
                wanted = False
                yield word
