"""From text to weighted features: stems, parts of compounds, and concepts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.policy.askings import Askings
from bot.policy.concepts import Concepts
from bot.policy.languages import language_of
from bot.policy.normalise import LANGUAGES, WordLists, clean, stem, words_of
from bot.policy.vocabulary import Vocabulary

_PART = 0.6
_SHORTEST_COMPOUND = 7
_SHORTEST_PART = 4
_OTHER_LANGUAGE = {"sv": "en", "en": "sv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """``stems``, ``meant``: feature -> weight. ``asked``: the kinds of answer that a question asks for.
    ``terms``: for each word that has a topic its stem, and its parts and all that it means."""

    language: str
    stems: Mapping[str, float]
    meant: Mapping[str, float]
    asked: frozenset[str]
    terms: tuple[tuple[str, frozenset[str]], ...]


class Reader:
    """Reads questions and clauses into the same features, so that they can be compared."""

    def __init__(
        self, lists: WordLists, concepts: Concepts, askings: Askings, texts: Iterable[tuple[str, str]]
    ):
        self._lists = lists
        self._concepts = concepts
        self._askings = askings
        known: dict[str, list[str]] = {language: [] for language in LANGUAGES}
        for language, text in texts:
            known[language] += lists.spelled_out(words_of(clean(text)), language)
        self._vocabularies = {
            language: Vocabulary(
                language, [*lists.silent[language], *concepts.words(language), *known[language]]
            )
            for language in LANGUAGES
        }

    def question(self, text: str, default_language: str) -> Features:
        raw = words_of(clean(text))
        language = language_of(text, raw, self._lists, default_language, self._vocabularies)
        typed = self._lists.spelled_out(raw, language)
        mended = self._lists.spelled_out([self._mended(word, language) for word in typed], language)
        return self._read(mended, language)

    def text(self, text: str, language: str) -> Features:
        """``clean`` cuts a text at what a question may have, which is longer than any clause."""
        return self._read(self._lists.spelled_out(words_of(clean(text)), language), language)

    def _mended(self, word: str, language: str) -> str:
        """Names and loans are the same in both languages, so a word of the other one is left alone."""
        here = self._vocabularies[language]
        if word in here or word in self._vocabularies[_OTHER_LANGUAGE[language]]:
            return word
        return here.mended(word)

    def _read(self, words: Sequence[str], language: str) -> Features:
        silent = self._lists.silent[language]
        stemmed = [stem(word, language) for word in words]
        stems: dict[str, float] = {}
        meant: dict[str, float] = {}
        terms: list[tuple[str, frozenset[str]]] = []
        of_place = self._found(stemmed, language)
        for place, (word, one) in enumerate(zip(words, stemmed, strict=True)):
            meant |= dict.fromkeys(of_place[place], 1.0)
            if word in silent:
                continue
            parts = self._vocabularies[language].parts(word)
            loose = self._of_parts(word, language)
            for part in parts:
                stems.setdefault(part, _PART)
            for concept in loose:
                meant.setdefault(concept, _PART)
            stems[one] = 1.0
            terms.append((one, frozenset([*parts, *loose, *of_place[place]])))
        return Features(
            language=language,
            stems=stems,
            meant=meant,
            asked=self._askings.asked(" ".join(words)),
            terms=tuple(terms),
        )

    def _found(self, stemmed: Sequence[str], language: str) -> Mapping[int, set[str]]:
        """The concepts that each word, by its place, is a part of."""
        of_place: dict[int, set[str]] = defaultdict(set)
        for found in self._concepts.find(stemmed, language):
            for place in range(found.start, found.end):
                of_place[place].add(found.concept)
        return of_place

    def _of_parts(self, word: str, language: str) -> set[str]:
        return {
            concept
            for part in _ends(word)
            for concept in self._concepts.of_word(stem(part, language), language)
        }


def _ends(word: str) -> Iterator[str]:
    """The beginnings and ends of a compound, any of which may be a word."""
    if not _SHORTEST_COMPOUND <= len(word) <= 40:
        return
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        yield word[:cut]
        yield word[cut:]
