"""The words the index knows in one language: mends typos, takes compounds apart."""

from collections import Counter
from collections.abc import Iterable, Iterator

from bot.policy.normalise import stem

_SHORTEST_MENDED = 5
_LONG_WORD = 8
_SHORTEST_PART = 3
_SHORTEST_LONE_PART = 5
_SHORTEST_COMPOUND = 8
_KEPT = 20_000


class Vocabulary:
    def __init__(self, language: str, words: Iterable[str]) -> None:
        self._language = language
        self._counts = Counter(words)
        self._deletes: dict[str, list[str]] = {}
        for word, _ in self._counts.most_common():
            if len(word) >= _SHORTEST_MENDED:
                for short in (word, *deletions(word)):
                    self._deletes.setdefault(short, []).append(word)
        self._stems = {stem(word, language) for word in self._counts}
        self._parts: dict[str, tuple[str, ...]] = {}

    def __contains__(self, word: object) -> bool:
        return word in self._counts

    def mended(self, word: str) -> str:
        """The known word most likely meant, or the word itself."""
        if word in self._counts or any(letter.isdigit() for letter in word):
            return word
        if stem(word, self._language) in self._stems:
            return word
        return self._nearest(word) or word

    def _nearest(self, word: str) -> str | None:
        """People seldom get the first letter wrong, so another one is another word."""
        if not _SHORTEST_MENDED <= len(word) <= 40:
            return None
        allowed = 2 if len(word) >= _LONG_WORD else 1
        best: tuple[int, int, str] | None = None
        for short in (word, *deletions(word)):
            for known in self._deletes.get(short, ()):
                if known[0] != word[0]:
                    continue
                away = distance(word, known, allowed)
                if away <= allowed and (best is None or (away, -self._counts[known]) < best[:2]):
                    best = (away, -self._counts[known], known)
        return best[2] if best else None

    def parts(self, word: str) -> tuple[str, ...]:
        """Stems of the known parts of a compound: ``kommentarsfält`` -> ``kommentar``, ``fält``."""
        if len(word) < _SHORTEST_COMPOUND or len(word) > 60:
            return ()
        known = self._parts.get(word)
        if known is None:
            known = self._split(word)
            if len(self._parts) < _KEPT:
                self._parts[word] = known
        return known

    def _split(self, word: str) -> tuple[str, ...]:
        if "-" in word:
            return tuple(stem(part, self._language) for part in word.split("-") if part)
        lone: tuple[str, ...] = ()
        for cut in range(len(word) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            left = self._left(word[:cut])
            if left is None:
                continue
            right = stem(word[cut:], self._language)
            if right in self._stems and len(right) >= _SHORTEST_PART:
                return (left, right)
            if not lone and len(left) >= _SHORTEST_LONE_PART and stem(word, self._language) != left:
                lone = (left,)
        return lone

    def _left(self, part: str) -> str | None:
        """A first part stands bare, with a joining s, or without the vowel that it has alone (``kyrk-``)."""
        for form in (part, part[:-1] if part.endswith("s") else part):
            stemmed = stem(form, self._language)
            if len(form) >= _SHORTEST_PART and (form in self._counts or form in self._stems):
                return stemmed
        return None


def deletions(word: str) -> Iterator[str]:
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def distance(one: str, other: str, allowed: int) -> int:
    """Edits between the words, a swap of neighbours counting as one; ``allowed + 1`` when it is more than allowed."""
    if abs(len(one) - len(other)) > allowed:
        return allowed + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, theirs in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != theirs))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == theirs:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > allowed:
            return allowed + 1
    return row[-1]
