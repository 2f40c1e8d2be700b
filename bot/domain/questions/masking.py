"""Takes out of a question what points at a person by number or address, before the question is kept.

Names can't be told from other words and stay: therefore what is kept is kept for a while only, and a phrasing that is
learned is read by two clicks first.
"""

import re
import unicodedata
from collections.abc import Iterator

_EMAIL = re.compile(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+\.[^\W\d_]{2,}")
_MOBILE = re.compile(r"(?<![\d\w-])0?7[02369]\d{7}(?![\d\w-])")
_PERSONAL_NUMBER = re.compile(
    r"(?<![\d-])(?:\d{2})?\d{2}[ -]?(?:0\d|1[0-2])[ -]?(?:[0-2]\d|3[01]|[6-8]\d|9[01])[ ]?[-+]?[ ]?"
    r"(?:\d{4}|[A-Za-zÅÄÖåäö]\d{3}|[Xx]{4})(?![\d-])"
)
"""Also co-ordination numbers (the day plus 60), interim numbers (a letter first), and ones with the last four left out."""
_PHONE = re.compile(r"(?<![\d\w-])(?:\+|00?)\(?\d(?:[ ()/.-]{0,2}\d){6,13}(?![\d\w-])")

EMAIL, PERSONAL_NUMBER, PHONE = "[e-postadress]", "[personnummer]", "[telefonnummer]"
_MARKS = (EMAIL, PERSONAL_NUMBER, PHONE)
_PATTERNS = ((EMAIL, _EMAIL), (PHONE, _MOBILE), (PERSONAL_NUMBER, _PERSONAL_NUMBER), (PHONE, _PHONE))
_UNSEEN = frozenset({"Cf", "Mn"})
_MINUS = "\u2212"


def masked(text: str) -> str:
    """The text with personal numbers, phone numbers and e-mail addresses replaced by what they were."""
    for mark, pattern in _PATTERNS:
        text = _replaced(text, mark, pattern)
    return text


def _replaced(text: str, mark: str, pattern: re.Pattern[str]) -> str:
    """Searched as it is read: a hyphen of any kind is one, so is a space, and what can't be seen isn't there."""
    if text.isascii():
        return pattern.sub(mark, text)
    letters = list(_read(text))
    read = "".join(letter for _, letter in letters)
    for found in reversed(list(pattern.finditer(read))):
        start, end = letters[found.start()][0], letters[found.end() - 1][0] + 1
        text = text[:start] + mark + text[end:]
    return text


def _read(text: str) -> Iterator[tuple[int, str]]:
    for place, letter in enumerate(text):
        if letter.isascii():
            yield place, letter
            continue
        kind = unicodedata.category(letter)
        if kind in {"Pd", "Zs"} or letter == _MINUS:
            yield place, " " if kind == "Zs" else "-"
        elif kind == "Nd":
            yield place, str(unicodedata.digit(letter))
        elif kind not in _UNSEEN:
            yield place, letter


def without_marks(text: str) -> str:
    """What is left of a masked text: the marks are no words that anybody asks with."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return " ".join(text.split())
