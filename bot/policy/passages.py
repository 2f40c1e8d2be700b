"""Clauses: the parts of a passage that can answer on their own, again cut by offsets.

A passage of several sentences answers several questions; a quote is the sentence that answers, together with
the neighbours that it cannot be understood without ("Det betyder att ...", "sådana inlägg").
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from bot.policy.guideline import Guideline, Passage

LONGEST_QUOTE = 700

_END = re.compile(r"(?<=[.!?])[\"'”»)*_]*\s+(?=[\"'“”«(*_–-]*[A-ZÅÄÖÉ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:t\.ex|bl\.a|d\.v\.s|dvs|m\.m|m\.fl|o\.s\.v|osv|ca|nr|kap|s\.k|p\.g\.a|e\.g|i\.e|no|etc|jfr|st)\.|\b\d+\.)$",
    re.I,
)
_FUSED = re.compile(r"(?<=[a-zåäö])\s+(?=(?P<word>[A-ZÅÄÖ][a-zåäö]+)\b(?![./]\w))")
_BEFORE_NAMES = frozenset(
    [
        "av",
        "till",
        "för",
        "och",
        "eller",
        "i",
        "på",
        "om",
        "som",
        "en",
        "ett",
        "den",
        "det",
        "de",
        "från",
        "hos",
        "med",
        "mot",
        "under",
        "över",
        "vid",
        "kring",
        "samt",
        "se",
        "heter",
        "the",
        "a",
        "an",
        "of",
        "by",
        "to",
        "in",
        "on",
        "for",
        "and",
        "or",
        "from",
        "with",
        "at",
        "as",
        "is",
        "are",
    ]
)
_POINTS_BACK = re.compile(
    r"^\W*(?:de|det|den|dessa|detta|denna|they|it|this|these|such)\b"
    r"|\b(?:detta|dessa|sådana|sådant|därför|istället|i stället|this|these|therefore|instead)\b"
    r"|\bdå för\b|\bansvarar då\b",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"(?:\?[*_]*|(?:^|[.!?][*_]*\s+)\W*(?:ja|nej|yes|no)\W*)$", re.IGNORECASE)
"""A question, or its answer in one word: what comes next belongs to it."""
_FEWEST_WORDS = 5
_SMALL_WORD = re.compile(r"(?<![\w./])[a-zåäö]+(?!\w|[./]\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What is indexed and quoted: ``text[start:end]`` of the guideline, within one passage."""

    passage: Passage
    start: int
    end: int


def clauses_of(guideline: Guideline) -> tuple[Clause, ...]:
    small = frozenset(_SMALL_WORD.findall(guideline.text))
    return tuple(
        Clause(passage=passage, start=start, end=end)
        for passage in guideline.passages()
        for start, end in _spans(guideline.text, passage, small)
    )


def _spans(text: str, passage: Passage, small: Set[str]) -> Iterator[tuple[int, int]]:
    """Sentences of the passage, joined with what they point back to, and never longer than a quote may be."""
    open_start, open_end = passage.start, passage.start
    for start, end in _sentences(text, passage, small):
        joins = open_end > open_start and (
            _POINTS_BACK.search(text[start:end]) or _LEADS_ON.search(text, open_start, open_end)
        )
        if open_end > open_start and not (joins and end - open_start <= LONGEST_QUOTE):
            yield from _cut(text, open_start, open_end)
            open_start = start
        open_end = end
    yield from _cut(text, open_start, open_end)


def _sentences(text: str, passage: Passage, small: Set[str]) -> Iterator[tuple[int, int]]:
    start = passage.start
    for gap_start, gap_end in _gaps(text, passage, small):
        if gap_start > start:
            yield start, gap_start
            start = gap_end
    yield start, passage.end


def _gaps(text: str, passage: Passage, small: Set[str]) -> list[tuple[int, int]]:
    """The white space between sentences, in order."""
    ended = [
        (_trimmed(text, found), found.end())
        for found in _END.finditer(text, passage.start, passage.end)
        if not _ABBREVIATION.search(text, passage.start, found.start())
    ]
    fused = [
        found.span()
        for found in _FUSED.finditer(text, passage.start, passage.end)
        if found["word"].lower() in small and _is_fused(text, passage, found)
    ]
    return sorted({*ended, *fused})


def _trimmed(text: str, found: re.Match[str]) -> int:
    """Closing quotes and emphasis belong to the sentence before."""
    return found.start() + len(found[0].rstrip())


def _is_fused(text: str, passage: Passage, found: re.Match[str]) -> bool:
    """A capital in mid-sentence is a lost full stop if the text elsewhere writes the word with a small letter."""
    words = text[passage.start : found.start()].split()
    return len(words) >= _FEWEST_WORDS and words[-1].casefold() not in _BEFORE_NAMES


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST_QUOTE:
        place = text.rfind(" ", start + 1, start + LONGEST_QUOTE)
        place = place if place > start else start + LONGEST_QUOTE
        yield start, place
        start = place + (text[place] == " ")
    if end > start:
        yield start, end
