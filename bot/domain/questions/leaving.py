"""What of a question may leave the machine: nothing that tells who somebody is, as far as that can be told.

Beyond what is masked before a question is kept: names that the bot knows, names that stand as such (two capitals in a row
that the guideline doesn't use), street addresses, links, handles and long numbers. A first name alone of somebody whom
the bot doesn't know can't be told from another word, and may leave.
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from functools import lru_cache

from bot.domain.questions.masking import masked

LINK, HANDLE, NUMBER, PLACE, NAME = "[länk]", "[konto]", "[nummer]", "[adress]", "[namn]"

_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://\S+|\bwww\.\S+"
    r"|(?<![\w@.])(?:[\w-]+\.)+(?:se|nu|com|org|net|eu|info|io|fi|no|dk|de|uk|me|app|tv|be|gl|ly)\b(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.-]+")
_NUMBER = re.compile(r"(?<!\w)\d(?:[ ./–-]?\d){5,}(?!\w)")
_STREET = re.compile(
    r"(?:\b[A-ZÅÄÖ]\w+ )?\b\w*(?i:gatan|gata|vägen|väg|gränden?|torget|torg|allén?|stigen|stig|backen|backe|leden"
    r"|kajen|plan|street|road|avenue|lane)\s+\d{1,4}(?:\s?[A-Za-z])?\b(?:,?\s+(?:lgh|apt)\.?\s*\d+)?"
)
_POSTCODE = re.compile(r"\b\d{3} ?\d{2}\s+[A-ZÅÄÖ]\w+")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 2


def fit_to_leave(text: str, *, names: Iterable[str], common: Container[str]) -> str:
    """``names`` are people's whom the bot knows, ``common`` the folded words that are no names in this matter."""
    text = masked(text)
    for mark, pattern in (
        (LINK, _LINK),
        (HANDLE, _HANDLE),
        (PLACE, _STREET),
        (PLACE, _POSTCODE),
        (NUMBER, _NUMBER),
    ):
        text = pattern.sub(mark, text)
    return _without_names(text, [_folded_words(name) for name in names], common)


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def _folded_words(text: str) -> tuple[str, ...]:
    return tuple(_folded(word) for word in _WORD.findall(unicodedata.normalize("NFC", text)))


def _without_names(text: str, names: Iterable[tuple[str, ...]], common: Container[str]) -> str:
    text = unicodedata.normalize("NFC", text)
    places = [(found.start(), found.end(), found[0]) for found in _WORD.finditer(text)]
    folded = [_folded(word) for _, _, word in places]
    hidden = {
        *_known(folded, [one for one in names if one], common),
        *_capitals(text, places, folded, common),
    }
    for start, end in reversed(list(_runs(sorted(hidden)))):
        text = text[: places[start][0]] + NAME + text[places[end][1] :]
    return text


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


def _capitals(
    text: str, places: list[tuple[int, int, str]], folded: list[str], common: Container[str]
) -> Iterator[int]:
    """Two words in a row with a capital that nobody uses in this matter: a person's, most likely."""
    odd = [
        word[0].isupper() and not word.isupper() and folded[place] not in common
        for place, (_, _, word) in enumerate(places)
    ]
    for place in range(len(places) - 1):
        between = text[places[place][1] : places[place + 1][0]]
        if odd[place] and odd[place + 1] and between in {" ", "-"} and not _marked(text, places[place]):
            yield from (place, place + 1)


def _marked(text: str, place: tuple[int, int, str]) -> bool:
    """A mark of ours is no name."""
    return text[place[0] - 1 : place[0]] == "["


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    start = None
    for number, place in enumerate(places):
        start = place if start is None else start
        if number + 1 == len(places) or places[number + 1] != place + 1:
            yield start, place
            start = None
