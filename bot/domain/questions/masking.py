"""Takes out of a question what points at a person by number or address, before the question is kept.

Names can't be told from other words and stay: therefore what is kept is kept for a while only, and a phrasing that is
learned is read by two clicks first.
"""

import re

_EMAIL = re.compile(r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+\.[^\W\d_]{2,}")
_PERSONAL_NUMBER = re.compile(
    r"(?<![\d-])(?:\d{2})?\d{2}[ -]?(?:0\d|1[0-2])[ -]?(?:[0-2]\d|3[01]|[6-8]\d|9[01])[ ]?[-+–]?[ ]?"
    r"(?:\d{4}|[A-Za-zÅÄÖåäö]\d{3}|[Xx]{4})(?![\d-])"
)
"""Also co-ordination numbers (the day plus 60), interim numbers (a letter first), and ones with the last four left out."""
_PHONE = re.compile(r"(?<![\d\w-])(?:\+|00?)\(?\d(?:[ ()/–-]{0,2}\d){6,13}(?![\d\w-])")

EMAIL, PERSONAL_NUMBER, PHONE = "[e-postadress]", "[personnummer]", "[telefonnummer]"
_MARKS = (EMAIL, PERSONAL_NUMBER, PHONE)


def masked(text: str) -> str:
    """The text with personal numbers, phone numbers and e-mail addresses replaced by what they were."""
    text = _EMAIL.sub(EMAIL, text)
    text = _PERSONAL_NUMBER.sub(PERSONAL_NUMBER, text)
    return _PHONE.sub(PHONE, text)


def without_marks(text: str) -> str:
    """What is left of a masked text: the marks are no words that anybody asks with."""
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return " ".join(text.split())
