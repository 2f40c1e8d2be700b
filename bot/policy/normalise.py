"""A question as typed, made comparable: cut, cleaned, in words, chat Swedish spelled out, its language told."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import Stemmer

LONGEST_QUESTION = 1000
LANGUAGES = ("sv", "en")
WORDS_FILE = Path(__file__).parent / "data" / "words.toml"

_WORD = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+)*")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_DEFINITE = re.compile(r"(?<=[aeioy])[nt]$")
_SHORTEST_RESTEMMED = 4
_STEMMERS = {"sv": Stemmer.Stemmer("swedish"), "en": Stemmer.Stemmer("english")}


def clean(text: str) -> str:
    """At most 1000 characters, composed, in small letters; what can't be seen becomes a space."""
    cut = unicodedata.normalize("NFC", text[:LONGEST_QUESTION])
    seen = "".join(" " if unicodedata.category(letter) in _INVISIBLE else letter for letter in cut)
    return seen.casefold()


def words_of(cleaned: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(cleaned)]


def plain(word: str) -> str:
    """The word as typed on a keyboard without å, ä and ö."""
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=16384)
def stem(word: str, language: str) -> str:
    """Snowball's stem; in Swedish also without an ending that it leaves (``kontot``, ``listan``, ``kommentarer``)."""
    stemmer = _STEMMERS[language]
    stemmed = str(stemmer.stemWord(word))
    if language == "sv" and len(stemmed) > _SHORTEST_RESTEMMED:
        stemmed = str(stemmer.stemWord(_DEFINITE.sub("", stemmed)))
    return stemmed


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLists:
    """``chat``: how a word is otherwise written; ``silent``: words without a topic; ``marks``: tell the language."""

    chat: Mapping[str, Mapping[str, str]]
    silent: Mapping[str, frozenset[str]]
    marks: Mapping[str, frozenset[str]]

    def spelled_out(self, words: list[str], language: str) -> list[str]:
        chat = self.chat[language]
        return [part for word in words for part in chat.get(word, word).split()]


def load_words(path: Path = WORDS_FILE) -> WordLists:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return WordLists(
        chat=data["chat"], silent=_sets(data["silent"]), marks=_with_plain_forms(_sets(data["marks"]))
    )


def _sets(lists: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {language: frozenset(words.split()) for language, words in lists.items()}


def _with_plain_forms(marks: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """``nar`` and ``pa`` tell Swedish as well as ``när`` and ``på``, unless English has the word."""
    bare = frozenset(plain(word) for word in marks["sv"])
    return {"sv": marks["sv"] | (bare - marks["en"]), "en": marks["en"]}
