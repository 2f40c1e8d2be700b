"""A question as typed, made comparable: cut, folded, in words, chat Swedish spelled out.

Everything is read as if typed without å, ä and ö: half of those who write on a phone leave them out, and of the words of
this matter only those for swearing become another word by it.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import Stemmer

LONGEST_QUESTION = 1000
LANGUAGES = ("sv", "en")
WORDS_FILE = Path(__file__).parent / "data" / "words.toml"

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_SWEARING = re.compile(r"\bsvär(?:a|er|s|ande)?\b", re.IGNORECASE)  # "svar", "svara": to answer
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_DEFINITE = re.compile(r"(?<=[aeioy])[nt]$")
_SHORTEST_RESTEMMED = 4
_STEMMERS = {"sv": Stemmer.Stemmer("swedish"), "en": Stemmer.Stemmer("english")}


def clean(text: str) -> str:
    """At most 1000 characters, in small letters without diacritics; what can't be seen becomes a space."""
    cut = text[:LONGEST_QUESTION]
    if not cut.isascii():
        cut = plain(_SWEARING.sub("svordom", unicodedata.normalize("NFC", cut)))
    if not cut.isprintable():
        cut = "".join(" " if unicodedata.category(letter) in _INVISIBLE else letter for letter in cut)
    return cut.casefold()


def words_of(cleaned: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(cleaned)]


def plain(word: str) -> str:
    """The text as typed on a keyboard without å, ä and ö."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def stem_of(word: str, language: str) -> str:
    """Snowball's stem; in Swedish also without an ending that it leaves (``kontot``, ``listan``, ``kommentarer``)."""
    stemmer = _STEMMERS[language]
    stemmed = str(stemmer.stemWord(word))
    if language == "sv" and len(stemmed) > _SHORTEST_RESTEMMED:
        stemmed = str(stemmer.stemWord(_DEFINITE.sub("", stemmed)))
    return stemmed


stem = lru_cache(maxsize=16384)(stem_of)
"""For words that come again; the tables' thousands of words, which are read once, would take half a megabyte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """``chat``: how a word is otherwise written; ``silent``: words without a topic; ``marks``: tell the language."""

    chat: Mapping[str, Mapping[str, str]]
    silent: Mapping[str, frozenset[str]]
    marks: Mapping[str, frozenset[str]]

    def spelled_out(self, words: list[str], language: str) -> list[str]:
        chat = self.chat[language]
        return [part for word in words for part in chat.get(word, word).split()]


@cache
def load_words(path: Path = WORDS_FILE) -> WordLists:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    marks = _sets(data["marks"])
    return WordLists(
        chat={language: _folded(chat) for language, chat in data["chat"].items()},
        silent=_sets(data["silent"]),
        marks={"sv": marks["sv"] - marks["en"], "en": marks["en"] - marks["sv"]},
    )


def _sets(lists: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {language: frozenset(plain(words).split()) for language, words in lists.items()}


def _folded(chat: Mapping[str, str]) -> dict[str, str]:
    return {plain(written): plain(meant) for written, meant in chat.items()}
