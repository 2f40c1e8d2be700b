"""Room for texts on a card: shared so that short ones leave over what they don't need, or spread over pages."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from bot.turns import Json
from cards.elements import Spacing, container, long_text, plain, whole_text
from cards.texts import Texts
from cards.untrusted import parts, shown, size

CARD_ROOM = 24_500
"""Bytes that a request's card may take: Teams takes 28 KB, of which the message around the card needs some."""
PAGE_ROOM = 20_000
_PART = 6000
_LINES = 1_000_000
"""A text is cut by its bytes alone: the number of its lines is no reason not to show them."""


class Room(Protocol):
    def text(self, text: str, t: Texts, *, spacing: Spacing | None = None) -> list[Json]: ...


class Shared:
    """Each text gets at most ``level`` bytes; ``sizes`` tells what each would have taken."""

    def __init__(self, level: int) -> None:
        self._level = level
        self.sizes: list[int] = []

    def text(self, text: str, t: Texts, *, spacing: Spacing | None = None) -> list[Json]:
        self.sizes.append(size(shown(text)))
        return long_text(text, t, self._level, lines=_LINES, spacing=spacing, told="request.cut.note")


class Whole:
    """Each text in full, in parts of which each fits on a page."""

    def text(self, text: str, t: Texts, *, spacing: Spacing | None = None) -> list[Json]:
        return [container([plain(whole_text(part))], spacing=spacing) for part in parts(text, _PART)]


def fitted(make: Callable[[Room, bool], list[Json]]) -> list[Json]:
    """The body with as much of each text as the card has room for. ``make`` is told whether one had to be cut."""
    measure = Shared(0)
    around = weight(make(measure, True))
    longest = max(measure.sizes, default=0)
    level = level_of(measure.sizes, CARD_ROOM - around)
    return make(Shared(level), level < longest)


def level_of(sizes: Iterable[int], room: int) -> int:
    """The most bytes that any text may take so that all of them together take no more than ``room``."""
    waiting, left = sorted(sizes), room
    for place, one in enumerate(waiting):
        share = left // (len(waiting) - place)
        if one > share:
            return max(0, share)
        left -= one
    return max(waiting, default=0)


def paged(elements: Iterable[Json], room: int = PAGE_ROOM) -> list[list[Json]]:
    """Page by page; what stands above a text goes with it to the next page."""
    pages: list[list[Json]] = [[]]
    left = room
    for group in _groups(elements):
        cost = weight(group)
        if cost > left and pages[-1]:
            pages.append([])
            left = room
        pages[-1] += group
        left -= cost
    return pages


def _groups(elements: Iterable[Json]) -> Iterable[list[Json]]:
    """Each ends with a container, which is what a text in full stands in."""
    group: list[Json] = []
    for one in elements:
        group.append(one)
        if one["type"] == "Container":
            yield group
            group = []
    if group:
        yield group


def weight(elements: Sequence[Json]) -> int:
    """Bytes that the elements take in the card's JSON."""
    return len(json.dumps(elements, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))
