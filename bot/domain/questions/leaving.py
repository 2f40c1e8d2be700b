"""What of a question may leave the machine: nothing that tells who somebody is, as far as that can be told.

Beyond what is masked before a question is kept: names that the bot knows, names that many have, names that stand as such
(two capitals in a row that the guideline doesn't use), street addresses, links, handles and long numbers. A name that is
in no list, and stands in small letters or alone, can't be told from another word, and may leave.
"""

import re
import unicodedata
from collections.abc import Container, Iterable

from bot.domain.questions.masking import masked
from bot.domain.questions.names import NameLists, names_in

LINK, HANDLE, NUMBER, PLACE, NAME = "[länk]", "[konto]", "[nummer]", "[adress]", "[namn]"

_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,15}://\S+|\bwww\.\S+"
    r"|(?<![\w@.])(?:[\w-]+\.)+(?:se|nu|com|org|net|eu|info|io|fi|no|dk|de|uk|me|app|tv|be|gl|ly)\b(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@])@\w[\w.-]+")
_ACCOUNT = re.compile(r"(?<![\w@.])(?=\w*_|[^\W\d_]{2,}\d{2})\w{4,}(?!\w)")
"""As nobody writes a word: with figures after it, or _ within."""
_NUMBER = re.compile(r"(?<!\w)\d(?:[ ./–-]?\d){5,}(?!\w)")
_STREET = re.compile(
    r"(?:\b[A-ZÅÄÖ]\w+ )?\b\w*(?i:gatan|gata|vägen|väg|gränden?|torget|torg|allén?|stigen|stig|backen|backe|leden"
    r"|kajen|plan|street|road|avenue|lane)\s+\d{1,4}(?:\s?[A-Za-z])?\b(?:,?\s+(?:lgh|apt)\.?\s*\d+)?"
)
_POSTCODE = re.compile(r"\b\d{3} ?\d{2}\s+[A-ZÅÄÖ]\w+")
_NO_LISTS = NameLists()


def fit_to_leave(
    text: str, *, names: Iterable[str], common: Container[str], lists: NameLists = _NO_LISTS
) -> str:
    """``names`` are people's whom the bot knows, ``common`` the folded words that are no names in this matter."""
    text = masked(text)
    for mark, pattern in (
        (LINK, _LINK),
        (HANDLE, _HANDLE),
        (HANDLE, _ACCOUNT),
        (PLACE, _STREET),
        (PLACE, _POSTCODE),
        (NUMBER, _NUMBER),
    ):
        text = pattern.sub(mark, text)
    text = unicodedata.normalize("NFC", text)
    for start, end in reversed(list(names_in(text, known=names, common=common, lists=lists))):
        text = text[:start] + NAME + text[end:]
    return text
