"""Whether a model's sentence may stand above a quote: it says no more than the quote does, in plain letters.

Nobody can prove a sentence right by its words. What is held here is that it keeps to one sentence of the quote: every word
but a closed list of such as change nothing is there in some form; it binds just as strongly (must, should, may, need not)
and to the same thing; no figure, date, sum or name from elsewhere; no yes or no; no "not", "other", "if", "all" or "only"
that is not there, and no "not", "if" or "as a rule" left out; and nothing that could act on a card. What the asker wrote vouches for nothing, or a question could dictate the answer. A lead that fails is thrown
away, and the offline answer stands, so a good one that fails costs little.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.policy.concepts import Concepts, load_concepts
from bot.policy.languages import language_of
from bot.policy.normalise import LANGUAGES, WordLists, clean, load_words, plain, stem, words_of
from bot.policy.strength import NOT, Binding, Mark, Phrase

LEADS_FILE = Path(__file__).parent / "data" / "leads.toml"
LONGEST_LEAD = 240

_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ0-9 ,:\-–'’\"”“]+\.")
"""One sentence that ends in a full stop, its only one: no address, mention, Markdown, HTML, bracket, control or letter
of another script can be written with these."""
_NUMBER = re.compile(r"\d+")
_SENTENCE = re.compile(r"[^.!?\n]*[^\s.!?][^.!?\n]*[.!?]*")
_CAPITAL = re.compile(r"(?<=[^A-Za-zÀ-ÖØ-öø-ÿ])[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ'’-]*")
_SHORTEST_SHARED = 5
"""Letters that two forms of a word have in common, and the last part of a compound with the word itself."""
_SHORTEST_STEM = 4
"""A shorter one is another word's as well: "anna" is no form of "annan"."""
_PASSIVE = "as"
"""Ends a Swedish verb that makes a rule: "raderas" says more than "raderat" does."""
_TURNING = frozenset({"av", "o", "miss", "icke", "un", "non", "dis", "de", "mis"})
"""Beginnings that make the opposite of a word, not a compound: what is published isn't what is unpublished."""


class Flaw(StrEnum):
    """Why a lead is thrown away."""

    MISSING = "missing"
    LONG = "long"
    NOT_PLAIN = "not_plain"
    LANGUAGE = "language"
    VERDICT = "verdict"
    FIGURE = "figure"
    NAME = "name"
    TURNED = "turned"
    CONDITION = "condition"
    PERMISSION = "permission"
    OBLIGATION = "obligation"
    CLAIM = "claim"
    UNKNOWN_WORD = "unknown_word"
    UNFOUNDED = "unfounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The file's lists, folded."""

    verdicts: frozenset[str]
    same: tuple[frozenset[str], ...]
    kept: tuple[frozenset[str], ...]
    needed: tuple[frozenset[str], ...]
    strength: Mapping[Phrase, str]
    silent: frozenset[str]
    unnamed: frozenset[str]

    @property
    def judged(self) -> frozenset[str]:
        """Words that other rules look at."""
        return frozenset().union(*self.same, *self.kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a lead may speak of: the quote, in Swedish and where there is one in unofficial English, and its section."""

    section: str
    quote: str
    gloss: str = ""

    def sentences(self, language: str) -> tuple[str, tuple[str, ...]]:
        """Those that a lead in that language is held against, and the language that they are in."""
        english = language == "en" and bool(self.gloss)
        text = self.gloss if english else self.quote.replace("*", "")
        return "en" if english else "sv", tuple(found[0] for found in _SENTENCE.finditer(text))


class Leads:
    """``guideline`` is all of it: a word that is in neither it nor the word lists is brought in from elsewhere."""

    def __init__(
        self, guideline: str, glosses: Iterable[str], words: Words, lists: WordLists, concepts: Concepts
    ) -> None:
        self._words = words
        self._lists = lists
        self._concepts = concepts
        self._passed = words.silent | words.judged
        self._binding = Binding(phrases=words.strength, silent=self._passed)
        self._named = frozenset(_all_words([guideline]))
        self.common = (self._named | self._passed | self._binding.words | words.unnamed).union(
            *lists.silent.values(), *map(concepts.words, LANGUAGES)
        )
        """Words that say nothing of who a person is, folded."""
        known = self._known_words = self.common.union(_all_words(glosses))
        self._known = {language: frozenset(stem(one, language) for one in known) for language in LANGUAGES}

    def flaw(self, lead: str, source: Source, language: str) -> Flaw | None:
        if not lead:
            return Flaw.MISSING
        if len(lead) > LONGEST_LEAD:
            return Flaw.LONG
        if not _PLAIN.fullmatch(lead):
            return Flaw.NOT_PLAIN
        said = words_of(clean(lead))
        if language_of(lead, said, self._lists, language) != language:
            return Flaw.LANGUAGE
        if not self._words.verdicts.isdisjoint(said):
            return Flaw.VERDICT
        if not all(self._is_known(word, language) for word in said):
            return Flaw.UNKNOWN_WORD
        spoken, sentences = source.sentences(language)
        flaws = [self._strays(lead, said, one, source, (language, spoken)) for one in sentences]
        return None if None in flaws else (flaws or [Flaw.UNFOUNDED])[0]

    def _is_known(self, word: str, language: str) -> bool:
        one = stem(word, language)
        if word in self._known_words or self._concepts.of_word(one, language):
            return True
        return len(one) >= _SHORTEST_STEM and one in self._known[language]

    def _strays(
        self, lead: str, words: list[str], sentence: str, source: Source, languages: tuple[str, str]
    ) -> Flaw | None:
        """From that one sentence."""
        there = words_of(clean(sentence))
        said, shown = frozenset(words), frozenset(there)
        lists = self._words
        if set(_NUMBER.findall(lead)) - set(_NUMBER.findall(sentence)):
            return Flaw.FIGURE
        if any(plain(name.casefold()) not in shown | self._named for name in _CAPITAL.findall(lead)):
            return Flaw.NAME
        if any(bool(said & one) != bool(shown & one) for one in lists.same):
            return Flaw.TURNED
        if any(not _kept(words, there, one) for one in lists.kept):
            return Flaw.CONDITION
        read, meant = self._binding.read(words), self._binding.read(there)
        bound = read.pairs(meant)
        if bound is None:
            permits = any(mark.strength == "may" for mark in read.marks)
            return Flaw.PERMISSION if permits else Flaw.OBLIGATION
        if any(said & one and not shown & one for one in lists.needed):
            return Flaw.CLAIM
        around = [*there, *words_of(clean(source.section))]
        founded = self._all_founded(read.rest, around, languages) and all(
            self._binds_the_same(one, other, (words, there), languages) for one, other in bound
        )
        return None if founded else Flaw.UNFOUNDED

    def _binds_the_same(
        self,
        one: Mark,
        other: Mark,
        sentences: tuple[Sequence[str], Sequence[str]],
        languages: tuple[str, str],
    ) -> bool:
        """Words that are all there can be put together into another rule: what is registered be deleted. Swedish may
        have the verb after the subject ("ska raderat material diarieföras"), so there each form must be the sentence's,
        and what it binds must be said."""
        if one.strength == NOT:
            return True
        if languages != ("sv", "sv"):
            return self._all_founded(one.governs, other.governs, languages)
        said, shown = sentences
        return (
            bool(one.governs)
            and all(any(_is_verb_of(word, its) for its in shown) for word in one.governs)
            and any(_is_verb_of(word, its) for word in other.governs for its in said)
        )

    def _all_founded(self, words: Iterable[str], shown: Sequence[str], languages: tuple[str, str]) -> bool:
        """Whether there are words with a topic and each is among those shown, in any form. Only where the languages
        differ does a word with the same meaning do: in one, a neighbour's meaning would too."""
        language, spoken = languages
        stems = {stem(word, language) for word in shown}
        meant = self._meant(shown, spoken) if language != spoken else set[str]()
        topics = [word for word in words if word not in self._passed]
        return bool(topics) and all(
            (
                any(_is_verb_of(word, one) for one in shown)
                if language == spoken == "sv" and word.endswith(_PASSIVE)
                else stem(word, language) in stems or any(_is_form_of(word, one) for one in shown)
            )
            or bool(meant and self._meant([word], language) & meant)
            for word in topics
        )

    def _meant(self, words: Iterable[str], language: str) -> set[str]:
        stemmed = [stem(word, language) for word in words]
        return {found.concept for found in self._concepts.find(stemmed, language)}


def _kept(words: Sequence[str], there: Sequence[str], conditions: frozenset[str]) -> bool:
    """Where there is a condition one is said, and never one more."""
    said, shown = (sum(word in conditions for word in one) for one in (words, there))
    return bool(said) == bool(shown) and said <= shown


def _is_verb_of(word: str, other: str) -> bool:
    """The same, but that what is done may be done by somebody: "diarieföras", "diarieföra"."""
    return word.removesuffix("s") == other.removesuffix("s")


def _is_form_of(word: str, other: str) -> bool:
    """Another ending ("raderade", "raderat"), or the end of a compound: a channel for information is a channel."""
    if len(word) < _SHORTEST_SHARED:
        return False
    beginning = word[: max(_SHORTEST_SHARED, len(word) - 3)]
    compound = other.endswith(word) and other[: -len(word)] not in _TURNING
    return other.startswith(beginning) or compound


def load_leads(guideline: str, glosses: Iterable[str]) -> Leads:
    data = tomllib.loads(LEADS_FILE.read_text(encoding="utf-8"))
    words = Words(
        verdicts=_folded(data["never"]["verdicts"]),
        same=_groups(data["same"]),
        kept=_groups(data["kept"]),
        needed=_groups(data["needed"]),
        strength=_phrases(data["strength"]),
        silent=_folded(" ".join(data["silent"].values())),
        unnamed=_folded(data["unnamed"]["words"]),
    )
    return Leads(guideline, glosses, words, load_words(), load_concepts())


def _groups(lists: Mapping[str, str]) -> tuple[frozenset[str], ...]:
    return tuple(_folded(words) for words in lists.values())


def _phrases(lists: Mapping[str, str]) -> dict[Phrase, str]:
    """With a comma between phrases, which may be of several words."""
    return {
        tuple(words_of(plain(one))): strength
        for strength, listed in lists.items()
        for one in listed.split(",")
    }


def _folded(words: str) -> frozenset[str]:
    return frozenset(words_of(plain(words)))


def _all_words(texts: Iterable[str]) -> Iterable[str]:
    """``clean`` reads no more than a question may have, so a long text is read line by line."""
    for text in texts:
        for line in text.splitlines():
            for start in range(0, len(line), 1000):
                yield from words_of(clean(line[start : start + 1000]))
