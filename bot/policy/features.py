"""From text to weighted features: stems, parts of compounds, concepts and the kind of answer asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from bot.policy.askings import Askings
from bot.policy.concepts import Concepts
from bot.policy.languages import language_of
from bot.policy.normalise import LANGUAGES, WordLists, clean, stem, words_of
from bot.policy.vocabulary import Vocabulary

_STEM = 1.0
_STEM_OF_CONCEPT = 0.42
_PART = 0.5
_CONCEPT = 1.0
_ASKING = 0.4
_TURN = 0.6
_DOUBT = 0.3  # a mended word may have been another word after all
_PAIR = 0.42
_MOST_PAIRED = 6
_OTHER_LANGUAGE = {"sv": "en", "en": "sv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """``weights``: feature -> weight. ``text`` is the mended question, ``asked`` the kinds of answer it asks for."""

    language: str
    text: str
    weights: Mapping[str, float]
    asked: frozenset[str]


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
        return self._read(raw, language, mend=True)

    def text(self, text: str, language: str) -> Features:
        return self._read(words_of(clean(text)), language, mend=False)

    def _read(self, raw: list[str], language: str, *, mend: bool) -> Features:
        words = self._lists.spelled_out(raw, language)
        doubted: dict[str, float] = {}
        if mend:
            typed = words
            words = [self._mended(word, language) for word in typed]
            doubted = {f"?:{word}": _DOUBT for word, read in zip(typed, words, strict=True) if word != read}
            words = self._lists.spelled_out(words, language)
        text = " ".join(words)
        asked = self._askings.asked(text)
        weights = doubted | self._weights(words, language)
        weights |= {f"a:{kind}": _ASKING for kind in asked}
        weights |= {f"t:{turn}": _TURN for turn in self._askings.turns(text)}
        weights |= dict.fromkeys(_pairs(weights), _PAIR)
        return Features(language=language, text=text, weights=weights, asked=asked)

    def _mended(self, word: str, language: str) -> str:
        """Names and loans are the same in both languages, so a word of the other one is left alone."""
        here = self._vocabularies[language]
        if word in here or word in self._vocabularies[_OTHER_LANGUAGE[language]]:
            return word
        return here.mended(word)

    def _weights(self, words: list[str], language: str) -> dict[str, float]:
        vocabulary, silent = self._vocabularies[language], self._lists.silent[language]
        stems = [stem(word, language) for word in words]
        weights: dict[str, float] = {}
        covered: set[int] = set()
        for found in self._concepts.find(stems, language):
            _raise(weights, f"c:{found.concept}", _CONCEPT)
            covered.update(range(found.start, found.end))
        for place, (word, stemmed) in enumerate(zip(words, stems, strict=True)):
            if word in silent:
                continue
            parts = vocabulary.parts(word)
            named = [concept for part in parts for concept in self._concepts.of_word(part, language)]
            for concept in named:
                _raise(weights, f"c:{concept}", _CONCEPT)
            for part in parts:
                _raise(weights, f"s:{part}", _PART)
            known = place in covered or named
            _raise(weights, f"s:{stemmed}", _STEM_OF_CONCEPT if known else _PART if parts else _STEM)
        return weights


def _pairs(weights: Mapping[str, float]) -> list[str]:
    """Two concepts together say more than each: to register what was *removed* is another matter than the rest."""
    concepts = sorted(feature for feature in weights if feature.startswith("c:"))[:_MOST_PAIRED]
    return [f"p:{one}+{other}" for one, other in combinations(concepts, 2)]


def _raise(weights: dict[str, float], feature: str, weight: float) -> None:
    weights[feature] = max(weights.get(feature, 0.0), weight)
