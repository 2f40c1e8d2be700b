"""Whom typed names mean: who is so called for sure, and who may be meant.

Rules about people (jäv) must not be passed by the way a name is written, so two names are compared by their words in
any order: without marks that don't show, punctuation and the difference between one way to write a letter and another.
Who is sure becomes a picked person. Who may be meant is only barred: nobody gets a role for having a namesake.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.domain.organisation import Person

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_Words = frozenset[str]


def meant_for_sure(name: str, people: Iterable[Person]) -> str:
    """The object id of the only one who goes by that name, or that was typed itself; empty where there is none."""
    typed = _ID.fullmatch(_plain(name).strip("{}() ."))
    if typed:
        return typed[0]
    same = [one.id for one in people if _same(name, one.name)]
    return same[0] if len(same) == 1 else ""


def perhaps_meant(names: Sequence[str], people: Iterable[Person]) -> tuple[str, ...]:
    """All who may be meant by names that are nobody's for sure.

    Namesakes; where there are none those whose name has a word more or less (a title, a unit, a middle name); and who
    was typed with the last name first and a comma, which makes two names of one.
    """
    known = [one for one in people if one.name]
    found = [one for name in names for one in _perhaps(name, known)]
    for first, second in pairwise(names):
        found += [one.id for one in known if _same(f"{first} {second}", one.name)]
    return tuple(dict.fromkeys(found))


def _perhaps(name: str, known: Sequence[Person]) -> list[str]:
    ids = _ID.findall(_plain(name))
    same = [one.id for one in known if _same(name, one.name)]
    return ids + (same or [one.id for one in known if _alike(name, one.name)])


def _same(one: str, other: str) -> bool:
    return not _readings(one).isdisjoint(_readings(other))


def _alike(typed: str, known: str) -> bool:
    """One word alone is too little to mean somebody who has more."""
    pairs = [(one, other) for one in _readings(typed) for other in _readings(known)]
    return any(other <= one or (len(one) > 1 and one <= other) for one, other in pairs)


def _readings(name: str) -> frozenset[_Words]:
    """The words of a name, with punctuation between words, within them, and with no gaps at all."""
    plain = _plain(name)
    marks = {one for one in plain if unicodedata.category(one)[0] in "PS"}
    apart = "".join(" " if one in marks else one for one in plain).split()
    within = "".join(one for one in plain if one not in marks).split()
    read = (frozenset(apart), frozenset(within), frozenset({"".join(apart)} - {""}))
    return frozenset(one for one in read if one)


def _plain(text: str) -> str:
    """One way to write each letter, and nothing that doesn't show: NFKC, casefolded, without format characters."""
    shown = (one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFKC", "".join(shown).casefold())
