"""Days as people write them: "12 januari", "12 jan 2027", "12/1", "2027-01-12"."""

import re
from datetime import date

_MONTHS = (
    "januari january", "februari february", "mars march", "april", "maj may", "juni june", "juli july",
    "augusti august", "september", "oktober october", "november", "december",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})/(\d{1,2})(?:[/ -](\d{4}))?")
_WORDS = re.compile(r"(?:den )?(\d{1,2})(?:e|:e|st|nd|rd|th)? ([a-z]{3,9})\.?(?: (\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")


def read_day(text: str, today: date) -> date | None:
    """From lower-case text without diacritics. Without a year it is the next such day; None for what is no day."""
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        return _next(int(found[2]), int(found[1]), found[3], today)
    if found := _WORDS.fullmatch(text):
        return _next(_month(found[2]), int(found[1]), found[3], today)
    if found := _MONTH_FIRST.fullmatch(text):
        return _next(_month(found[1]), int(found[2]), found[3], today)
    return None


def _month(word: str) -> int:
    """0 for none; three letters are enough."""
    places = (
        number
        for number, names in enumerate(_MONTHS, start=1)
        if any(one.startswith(word) for one in names.split())
    )
    return next(places, 0)


def _next(month: int, day: int, year: str | None, today: date) -> date | None:
    if year:
        return _day(int(year), month, day)
    this = _day(today.year, month, day)
    return this if this is None or this >= today else _day(today.year + 1, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
