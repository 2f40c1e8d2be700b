"""Whether a question leans on the one before it, told by its form and by what it brings that is new.

It leans if it names nothing ("varför?", "vem då?"), or goes on to a thing that the guideline knows as such ("och på
Instagram?", "what about comments?"). One that brings a word of its own which neither the guideline's matter nor the question
before has ("och vem städar köket?") stands for itself, however it begins: joined, it would be answered by the old words.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.questions import without_marks
from bot.policy.askings import Askings, Missing, load_askings
from bot.policy.normalise import LANGUAGES, WordLists, clean, load_words, plain, stem, words_of
from bot.policy.speller import Speller, load_speller
from bot.policy.vocabulary import distance

LEANING_FILE = Path(__file__).parents[1] / "policy" / "data" / "leaning.toml"
_MOST_WORDS = 10
"""A longer one says what it is about."""
_MOST_THINGS = 3
_MOST_OF_A_TAG = 4
"""Words of "must we?" and "do we have to?", which ask about all that was said before."""
_SHORTEST_MENDED = 6
_SHORTEST_ENDED = 5
_TEMPLATE = re.compile(r"\{\{.*?\}\}")
"""What Teams would fill in: no words of anybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The word lists of ``leaning.toml``, by their names there."""

    joins: frozenset[str]
    acknowledges: frozenset[str]
    asks: frozenset[str]
    asks_first: frozenset[str]
    predicates: frozenset[str]
    modals: frozenset[str]
    points: frozenset[str]
    addresses: frozenset[str]
    addresses_english: frozenset[str]
    leads: frozenset[str]
    determiners: frozenset[str]
    ends: frozenset[str]
    tells_nothing: frozenset[str]


class Leaning:
    def __init__(self, data: Mapping[str, Any], lists: WordLists, askings: Askings, speller: Speller) -> None:
        self._words = _Words(**{name: _set(words) for name, words in data["words"].items()})
        self._spelled = {plain(typed): plain(meant) for typed, meant in data["spelled"].items()}
        self._first = {plain(typed): plain(meant) for typed, meant in data["first"].items()}
        self._asks_of = [_padded(phrase) for phrase in data["phrases"]["asks_of"]]
        self._chatter = frozenset(data["phrases"]["chatter"])
        self._platforms = _set(data["things"]["platforms"])
        self._known = _stems(_set(data["things"]["known"]))
        self._courtesy = _set(data["courtesy"]["words"])
        self._who = re.compile("|".join(data["holds"]["who"]))
        self._silent = frozenset[str]().union(
            *lists.silent.values(), *(getattr(self._words, name) for name in data["words"])
        )
        self._lists = lists
        self._askings = askings
        self._speller = speller

    def is_small_talk(self, message: str) -> bool:
        """Whether it asks nothing about anything: polite words, signs, something typed by chance."""
        words = self._read(_TEMPLATE.sub(" ", without_marks(message)))
        topics = [word for word in words if word not in self._silent and word not in self._courtesy]
        if not topics:
            return True
        return "?" not in message and not any(self._means_something(word) for word in topics)

    def leans(self, question: str, before: str) -> bool:
        """``before``: the words that are fine besides, of the question before and of what answered it."""
        words = self._read(question)
        if not words or len(words) > _MOST_WORDS or self._is_chatter(words):
            return False
        things = [place for place, word in enumerate(words) if word not in self._silent]
        if not things:
            return self._asks(words)
        told = self._told(before)
        return (
            len(things) <= _MOST_THINGS
            and all(self._is_known(words[place], told) for place in things)
            and self._goes_on(words, things)
        )

    def is_a_part(self, question: str) -> bool:
        """Whether it says nothing by itself: it names nothing or a platform alone, or asks nothing ("och kommentarer?")."""
        words = self._read(question)
        asks = self._words.asks | self._words.modals | self._words.predicates
        return all(word in self._silent or word in self._platforms for word in words) or not (
            set(words) & (asks - self._words.leads)
        )

    def lacking(self, question: str, clause: str) -> Missing | None:
        """What the new words ask for and the clause doesn't hold."""
        words = self._read(question)
        asked = self._askings.asked(" ".join(words))
        missing = self._askings.lacking(asked, clause)
        if missing is None and not {"vem", "vems", "who", "whom", "whose"}.isdisjoint(words):
            return None if self._who.search(plain(clause).casefold()) else Missing.PERSON
        return missing

    def _read(self, question: str) -> list[str]:
        """As they were meant, without what is said first and says nothing."""
        words = words_of(clean(question))
        if words:
            words[0] = self._first.get(words[0], words[0])
        words = [part for word in words for part in self._meant(word).split()]
        start = next((place for place, word in enumerate(words) if word not in self._words.acknowledges), 0)
        return words[start:] if words and words[start] not in self._words.acknowledges else []

    def _meant(self, word: str) -> str:
        if word in self._spelled:
            return self._spelled[word]
        for language in LANGUAGES:
            word = self._lists.chat[language].get(word, word)
        if word in self._silent or not word.isalpha():
            return word
        mended = self._speller.mended(word)
        return next((one for one in self._platforms if _is_nearly(mended, one)), mended)

    def _means_something(self, word: str) -> bool:
        return (
            word in self._platforms or not self._known.isdisjoint(_stems([word])) or self._speller.knows(word)
        )

    def _is_chatter(self, words: Sequence[str]) -> bool:
        if not self._words.addresses.isdisjoint(words) or " ".join(words) in self._chatter:
            return True
        addressed = not self._words.addresses_english.isdisjoint(words)
        return addressed and self._words.points.isdisjoint(words)

    def _asks(self, words: Sequence[str]) -> bool:
        """Of what names nothing: whether it asks at all, which "okej då" doesn't."""
        first = words[1] if words[0] in self._words.joins and len(words) > 1 else words[0]
        return (
            not self._words.asks.isdisjoint(words)
            or (
                first in self._words.asks_first
                and (len(words) <= _MOST_OF_A_TAG or not self._words.points.isdisjoint(words))
            )
            or (words[0] in self._words.joins and len(words) > 1 and first in self._words.points)
        )

    def _goes_on(self, words: Sequence[str], things: Sequence[int]) -> bool:
        """By its form: it takes the question before on to something, rather than ask one of its own."""
        text = _padded(" ".join(words))
        if any(phrase in text for phrase in self._asks_of):
            return True
        of_platforms = all(words[place] in self._platforms for place in things)
        begins = words[0] in self._words.leads or (of_platforms and words[0] in self._words.asks)
        if not begins and words[-1] not in self._words.ends:
            return False
        return self._is_part(words) and all(self._is_led_in(words, place) for place in things)

    def _is_part(self, words: Sequence[str]) -> bool:
        """Whether it is no whole clause: "och vad ska vi ha på Facebook?" is one, "och vem på Facebook?" isn't."""
        said = set(words)
        if said & self._words.points:
            return True
        asks = bool(said & (self._words.asks - self._words.leads))
        return not said & self._words.predicates and not (asks and said & self._words.modals)

    def _is_led_in(self, words: Sequence[str], place: int) -> bool:
        if words[place] in self._platforms or place == 0:
            return True
        before = place - 1
        while before > 0 and (
            words[before] in self._words.determiners - self._words.leads or words[before] not in self._silent
        ):
            before -= 1
        return words[before] in self._words.leads | self._words.determiners

    def _is_known(self, word: str, told: frozenset[str]) -> bool:
        return (
            word in self._platforms
            or not self._known.isdisjoint(_stems([word]))
            or not _stems([word]).isdisjoint(told)
        )

    def _told(self, before: str) -> frozenset[str]:
        return _stems(word for word in words_of(clean(before)) if word not in self._silent)


def load_leaning(path: Path = LEANING_FILE) -> Leaning:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Leaning(data, load_words(), load_askings(), load_speller())


def _is_nearly(word: str, platform: str) -> bool:
    """One slip away, or with an ending of Swedish ("Instagrams")."""
    if len(word) >= _SHORTEST_ENDED and word.removesuffix("s") == platform:
        return True
    return len(word) >= _SHORTEST_MENDED and word[0] == platform[0] and distance(word, platform, 1) <= 1


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word, language) for word in words for language in LANGUAGES)


def _set(words: str) -> frozenset[str]:
    return frozenset(plain(words).split())


def _padded(phrase: str) -> str:
    return f" {phrase} "
