"""Signs of a question: what the trained classifier reads it by.

Each kind of sign is told apart by its number and written as a 32-bit checksum, so that neither the questions it was
fitted on nor their words need be in memory. Pieces of words make it bear typos, forms and compounds; pairs of words
tell what the question is about together; turns and askings tell how it is put.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from zlib import crc32

from bot.policy.askings import Askings, load_askings
from bot.policy.concepts import Concepts, load_concepts
from bot.policy.languages import language_of
from bot.policy.normalise import WordLists, clean, load_words, stem, words_of
from bot.policy.speller import Speller, load_speller

_PIECES = (3, 4, 5)
_APART = 4
_SHORTEST_COMPOUND = 8
_SHORTEST_PART = 4
_WORDS_A_STEP = 3
_MOST_STEPS = 6


class Kind(IntEnum):
    WORD = 1
    PAIR = 2
    """Two words in a row."""
    TOGETHER = 3
    """Two words near each other that carry a topic, in any order."""
    PIECE = 4
    CONCEPT = 5
    PUT = 6
    """How the question is put: turns, askings, its language and length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """``of[kind]``: the different signs of that kind. ``asked``: the kinds of answer that the question asks for."""

    language: str
    asked: frozenset[str]
    of: dict[Kind, frozenset[int]]


class SignReader:
    def __init__(self, lists: WordLists, concepts: Concepts, askings: Askings, speller: Speller) -> None:
        self._lists = lists
        self._speller = speller
        self._concepts = concepts
        self._askings = askings

    def signs(self, question: str, default_language: str) -> Signs:
        typed = words_of(clean(question))
        language = language_of(question, typed, self._lists, default_language)
        words = [self._speller.mended(word) for word in self._lists.spelled_out(typed, language)]
        stems = [stem(word, language) for word in words]
        text = " ".join(words)
        asked = self._askings.asked(text)
        put = [*asked, *self._askings.turns(text), language, str("?" in question), _length(words)]
        silent = self._lists.silent[language]
        topics = [stemmed for stemmed, word in zip(stems, words, strict=True) if word not in silent]
        return Signs(
            language=language,
            asked=asked,
            of={
                Kind.WORD: _told(Kind.WORD, stems),
                Kind.PAIR: _told(Kind.PAIR, map(" ".join, pairwise(["^", *stems, "$"]))),
                Kind.TOGETHER: _told(Kind.TOGETHER, _together(topics)),
                Kind.PIECE: frozenset(_pieces(words)),
                Kind.CONCEPT: _told(Kind.CONCEPT, self._concepts_of(words, stems, language)),
                Kind.PUT: _told(Kind.PUT, put),
            },
        )

    def _concepts_of(self, words: Sequence[str], stems: Sequence[str], language: str) -> Iterator[str]:
        yield from (found.concept for found in self._concepts.find(stems, language))
        for word in words:
            if _SHORTEST_COMPOUND <= len(word) <= 40:
                for part in _parts(word):
                    yield from self._concepts.of_word(stem(part, language), language)


def load_sign_reader(speller: Speller | None = None) -> SignReader:
    """With the shipped speller unless another is given."""
    return SignReader(
        load_words(), load_concepts(keep_words=False), load_askings(), speller or load_speller()
    )


def _told(kind: Kind, signs: Iterable[str]) -> frozenset[int]:
    return frozenset([crc32(sign.encode("utf-8", "replace"), kind) for sign in signs])


def _pieces(words: Iterable[str]) -> Iterator[int]:
    for word in set(words):
        whole = f"<{word}>".encode("utf-8", "replace")
        for length in _PIECES:
            for start in range(len(whole) - length + 1):
                yield crc32(whole[start : start + length], Kind.PIECE)


def _together(topics: Sequence[str]) -> Iterator[str]:
    for place, one in enumerate(topics):
        for other in topics[place + 1 : place + _APART]:
            yield f"{one}+{other}" if one < other else f"{other}+{one}"


def _parts(word: str) -> Iterator[str]:
    for cut in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
        yield word[:cut]
        yield word[cut:]


def _length(words: Sequence[str]) -> str:
    return str(min(_MOST_STEPS, len(words) // _WORDS_A_STEP))
