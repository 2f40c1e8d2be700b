"""Where in a text people's names stand, as far as words can tell.

A name is told by those that the bot knows, by lists of names that are common, and by capitals that nobody uses in this
matter. A word of the matter is no name by itself, however many are called so, but it is beside one ("Kim Post").
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 2
_SHORTEST_GLUED = 3
_SHORTEST_SHOUTED = 4
"""Letters of a word in capitals that may be a name; a shorter one is an abbreviation."""
_SON = re.compile(r"\w{2,}ssons?")
_BESIDE = re.compile(r"[\s-]+")
_NEAR = re.compile(r"[\s,.–-]{1,3}")
_PARTICLES = frozenset({"af", "av", "von", "van", "de", "der", "den", "du", "la", "di", "el", "al", "bin"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NameLists:
    """Names that many have, folded."""

    given: frozenset[str] = frozenset()
    family: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    start: int
    end: int
    text: str
    folded: str

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def _folded_words(text: str) -> tuple[str, ...]:
    return tuple(folded(word) for word in _WORD.findall(unicodedata.normalize("NFC", text)))


def names_in(
    text: str, *, known: Iterable[str], common: Container[str], lists: NameLists
) -> Iterator[tuple[int, int]]:
    """Where they begin and end, the first first. ``known`` are whole names, ``common`` the folded words of this matter."""
    words = [
        Word(start=found.start(), end=found.end(), text=found[0], folded=folded(found[0]))
        for found in _WORD.finditer(text)
        if text[found.start() - 1 : found.start()] != "["  # a mark of ours
    ]
    whole = [one for one in map(_folded_words, known) if one]
    found = {
        *_known([one.folded for one in words], whole, common),
        *_capitals(text, words, common),
        *_Listed(text, words, common, lists).places(),
    }
    for first, last in _runs(sorted(found)):
        yield words[first].start, words[last].end


def _known(words: list[str], names: list[tuple[str, ...]], common: Container[str]) -> Iterator[int]:
    """Whole names however common their words, and each word of one that isn't."""
    single = {word for name in names for word in name if len(word) >= _SHORTEST and word not in common}
    for place, word in enumerate(words):
        if word in single or (word.endswith("s") and word[:-1] in single):
            yield place
        for name in names:
            last = words[place + len(name) - 1 : place + len(name)]
            fits = words[place : place + len(name) - 1] == list(name[:-1])
            if len(name) > 1 and fits and last and last[0] in {name[-1], f"{name[-1]}s"}:
                yield from range(place, place + len(name))


def _capitals(text: str, words: Sequence[Word], common: Container[str]) -> Iterator[int]:
    """Two words in a row with a capital that nobody uses in this matter: a person's, most likely."""
    shouted = text.isupper()
    odd = [
        word.capital
        and word.folded not in common
        and (not word.text.isupper() or (len(word.text) >= _SHORTEST_SHOUTED and not shouted))
        for word in words
    ]
    for place in range(len(words)):
        after = _after(words, place)
        if odd[place] and after < len(words) and odd[after] and _are(_BESIDE, text, words[place : after + 1]):
            yield from range(place, after + 1)


def _after(words: Sequence[Word], place: int) -> int:
    """The next word that can be a name's: "af" or an initial may stand between two of its words."""
    between = words[place + 1 : place + 2]
    small = bool(between) and (between[0].folded in _PARTICLES or len(between[0].text) == 1)
    return place + 1 + small


def _are(gap: re.Pattern[str], text: str, words: Sequence[Word]) -> bool:
    return all(gap.fullmatch(text, one.end, next_.start) for one, next_ in pairwise(words))


@dataclass(frozen=True, slots=True)
class _Listed:
    text: str
    words: Sequence[Word]
    common: Container[str]
    lists: NameLists

    def places(self) -> Iterator[int]:
        for place, word in enumerate(self.words):
            if self._is_name(word):
                yield place
            after = _after(self.words, place)
            if after < len(self.words) and self._are_one(place, after):
                yield from range(place, after + 1)

    def _is_name(self, word: Word) -> bool:
        if word.folded in self.common:
            return False
        family = word.capital and not word.text.isupper() and self._is_family(word)
        return (
            self._is_given(word) or family or bool(_SON.fullmatch(word.folded)) or self._is_glued(word.folded)
        )

    def _are_one(self, place: int, after: int) -> bool:
        """A given name and what stands beside it, either way round ("Efternamn, Förnamn")."""
        one, other = self.words[place], self.words[after]
        between = self.words[place : after + 1]
        if not _are(_NEAR, self.text, between):
            return False
        given = self._is_given(one) and one.folded not in self.common
        if given and self._is_cased_like(one, other, between):
            return True
        return (self._can_be_given(one) and self._is_family(other)) or (
            one.capital == other.capital and self._is_family(one) and self._can_be_given(other)
        )

    def _is_cased_like(self, one: Word, other: Word, between: Sequence[Word]) -> bool:
        shouted = other.text.isupper() and (not one.text.isupper() or self.text.isupper())
        return one.capital and other.capital and not shouted and _are(_BESIDE, self.text, between)

    def _can_be_given(self, word: Word) -> bool:
        """A word of the matter, too, where it has a capital within a sentence or a family name stands beside it."""
        return self._is_given(word) and (word.folded not in self.common or word.capital)

    def _is_given(self, word: Word) -> bool:
        return _is_of(word.folded, self.lists.given)

    def _is_family(self, word: Word) -> bool:
        return _is_of(word.folded, self.lists.family) or bool(_SON.fullmatch(word.folded))

    def _is_glued(self, word: str) -> bool:
        """As in the name of an account."""
        given, family = self.lists.given, self.lists.family
        return any(
            (start in given and (end in family or _SON.fullmatch(end))) or (start in family and end in given)
            for cut in range(_SHORTEST_GLUED, len(word) - _SHORTEST_GLUED + 1)
            if (start := word[:cut]) and (end := word[cut:])
        )


def _is_of(word: str, names: frozenset[str]) -> bool:
    return word in names or (word.endswith("s") and word[:-1] in names)


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    start = None
    for number, place in enumerate(places):
        start = place if start is None else start
        if number + 1 == len(places) or places[number + 1] != place + 1:
            yield start, place
            start = None
