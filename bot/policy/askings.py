"""What kind of answer a question asks for, and whether a clause holds one of that kind."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.policy.normalise import plain

ASKINGS_FILE = Path(__file__).parent / "data" / "askings.toml"


class Missing(StrEnum):
    """What was asked for and is not there; a card words it ("riktlinjen anger inte hur länge")."""

    DURATION = "duration"
    DEADLINE = "deadline"
    FREQUENCY = "frequency"
    NUMBER = "number"
    COST = "cost"
    PERSON = "person"
    CONTACT = "contact"
    TOOL = "tool"
    DATE = "date"
    AUTHOR = "author"
    STEPS = "steps"
    FORMAT = "format"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    asked: re.Pattern[str]
    held: re.Pattern[str] | None


class Askings:
    """Questions and clauses are searched without diacritics, as ``clean`` leaves them."""

    def __init__(self, table: Mapping[Missing, Asking], turns: Mapping[str, re.Pattern[str]]) -> None:
        self._table = table
        self._turns = turns

    def asked(self, question: str) -> frozenset[str]:
        return frozenset(kind.value for kind, asking in self._table.items() if asking.asked.search(question))

    def turns(self, question: str) -> frozenset[str]:
        """How the question is put: who, where to, may we, after a removal ..."""
        return frozenset(turn for turn, asked in self._turns.items() if asked.search(question))

    def lacking(self, asked: frozenset[str], clause: str) -> Missing | None:
        """The first kind, in the file's order, that was asked for and that the clause doesn't hold."""
        read = plain(clause) if asked else ""
        for kind, asking in self._table.items():
            if kind.value in asked and not (asking.held and asking.held.search(read)):
                return kind
        return None


@cache
def load_askings(path: Path = ASKINGS_FILE) -> Askings:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Askings(
        {
            Missing(kind): Asking(
                asked=_any_of(entry["asked"]), held=_any_of(entry["held"]) if entry["held"] else None
            )
            for kind, entry in data["asking"].items()
        },
        {turn: _any_of(entry["asked"]) for turn, entry in data["turn"].items()},
    )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{plain(pattern)})" for pattern in patterns), re.IGNORECASE)
