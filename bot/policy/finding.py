"""Where a guideline says what the bot goes by: found by its words, since ids change with headings and with other texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.policy.guideline import Guideline, Passage

_REMOVAL = re.compile(r"\b(?:rader(?:a|ing)|avpublicer|(?:ta|tas|tar) bort|dölj)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``guideline.text[start:end]`` within the passage."""

    passage: str
    start: int
    end: int


def find_words(guideline: Guideline, words: str, *, hint: str) -> Found | None:
    """In the passage ``hint`` if they stand there, else in the first that has them, whatever their case and white space."""
    return next(_places(guideline, words, hint), None)


def find_ground(guideline: Guideline, words: str, *, hint: str) -> Found | None:
    """Only where the passage speaks of removal, or what leads up to it in its section does: the words alone demand
    nothing."""
    found = list(_places(guideline, words, hint))
    told = (one for one in found if _says_removal(guideline.words(_passage(guideline, one))))
    led = (one for one in found if _says_removal(_led_up_to(guideline, one)))
    return next(told, None) or next(led, None)


def _places(guideline: Guideline, words: str, hint: str) -> Iterator[Found]:
    pattern = re.compile(r"\b" + r"\s+".join(map(re.escape, words.split())), re.IGNORECASE)
    for passage in sorted(guideline.passages(), key=lambda one: one.id != hint):
        place = pattern.search(guideline.text, passage.start, passage.end)
        if place and place[0]:
            yield Found(passage=passage.id, start=place.start(), end=place.end())


def _passage(guideline: Guideline, found: Found) -> Passage:
    return next(one for one in guideline.passages() if one.id == found.passage)


def _led_up_to(guideline: Guideline, found: Found) -> str:
    """The section from its heading on: a list's items are ordered about by the sentence above them."""
    section = _passage(guideline, found).section
    start = next(one.start for one in guideline.sections if one.id == section)
    return guideline.text[start : _passage(guideline, found).end]


def _says_removal(text: str) -> bool:
    return _REMOVAL.search(text) is not None
