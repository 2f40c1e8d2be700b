"""The concept table: what people mean, whatever they call it, in either language."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.policy.normalise import LANGUAGES, clean, stem_of, words_of

CONCEPTS_FILE = Path(__file__).parent / "data" / "concepts.toml"
LEXICON_FILE = CONCEPTS_FILE.with_name("lexicon.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A concept seen in words ``start`` up to but not including ``end``."""

    concept: str
    start: int
    end: int


class Concepts:
    """Finds concepts in stemmed words; the phrases of each language are stemmed when the table is read. The words as they
    stand there take a quarter of a megabyte, so whoever doesn't need them leaves them out."""

    def __init__(self, table: Mapping[str, Mapping[str, Sequence[str]]], *, keep_words: bool = True) -> None:
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], str]]]] = {}
        self._words: dict[str, set[str]] = {}
        for language in LANGUAGES:
            by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
            words: set[str] = set()
            for concept, phrases in table.items():
                for phrase in phrases.get(language, ()):
                    parts = words_of(clean(phrase))
                    if keep_words:
                        words.update(parts)
                    stems = tuple(stem_of(part, language) for part in parts)
                    by_first.setdefault(stems[0], []).append((stems, concept))
            self._phrases[language] = by_first
            self._words[language] = words

    def words(self, language: str) -> frozenset[str]:
        return frozenset(self._words[language])

    def find(self, stems: Sequence[str], language: str) -> Iterator[Found]:
        by_first = self._phrases[language]
        for start, first in enumerate(stems):
            for phrase, concept in by_first.get(first, ()):
                end = start + len(phrase)
                if tuple(stems[start:end]) == phrase:
                    yield Found(concept=concept, start=start, end=end)

    def of_word(self, stemmed: str, language: str) -> list[str]:
        """The concepts that a word by itself stands for."""
        return [concept for phrase, concept in self._phrases[language].get(stemmed, ()) if len(phrase) == 1]


def load_concepts(path: Path = CONCEPTS_FILE, *, keep_words: bool = True) -> Concepts:
    table = tomllib.loads(path.read_text(encoding="utf-8"))["concept"]
    return Concepts(table, keep_words=keep_words)


def load_lexicon(path: Path = LEXICON_FILE) -> Concepts:
    """For a guideline on anything: the concepts, and words of administration that mean about the same. What lies outside
    the shipped guideline is left out, since those words have nothing else in common."""
    table = tomllib.loads(CONCEPTS_FILE.read_text(encoding="utf-8"))["concept"]
    inside = {name: entry for name, entry in table.items() if not entry.get("outside")}
    general = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            swedish, english = ([word.strip() for word in words.split(",")] for words in line.split("|"))
            general[f"={swedish[0]}"] = {"sv": swedish, "en": english}
    return Concepts(inside | general)
