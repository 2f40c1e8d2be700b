"""The chat commands: whole messages, in Swedish or English, whatever their case and diacritics."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Command(StrEnum):
    QUEUE = "queue"
    SHOW = "show"
    MY_DECISIONS = "my_decisions"
    FLAG = "flag"
    UNREGISTERED = "unregistered"
    CHANNELS = "channels"
    DUTIES = "duties"
    OVERVIEW = "overview"
    APPLY = "apply"
    MY_REQUESTS = "my_requests"
    REQUESTS = "requests"
    RULES = "rules"
    ABSENT = "absent"
    BACK = "back"
    UNANSWERED = "unanswered"
    LEARNED = "learned"
    HELP = "help"
    LANGUAGE = "language"


WORDS: Mapping[Command, Mapping[str, str]] = {
    Command.QUEUE: {"sv": "kö", "en": "queue"},
    Command.SHOW: {"sv": "visa", "en": "show"},
    Command.MY_DECISIONS: {"sv": "mina beslut", "en": "my decisions"},
    Command.FLAG: {"sv": "flagga", "en": "flag"},
    Command.UNREGISTERED: {"sv": "oregistrerat", "en": "unregistered"},
    Command.CHANNELS: {"sv": "kanaler", "en": "channels"},
    Command.DUTIES: {"sv": "årshjul", "en": "yearly duties"},
    Command.OVERVIEW: {"sv": "översikt", "en": "overview"},
    Command.APPLY: {"sv": "ansök", "en": "apply"},
    Command.MY_REQUESTS: {"sv": "mina ansökningar", "en": "my requests"},
    Command.REQUESTS: {"sv": "ansökningar", "en": "requests"},
    Command.RULES: {"sv": "arbetstid", "en": "working hours"},
    Command.ABSENT: {"sv": "frånvarande till", "en": "absent until"},
    Command.BACK: {"sv": "tillbaka", "en": "back"},
    Command.UNANSWERED: {"sv": "obesvarade frågor", "en": "unanswered questions"},
    Command.LEARNED: {"sv": "inlärda svar", "en": "learned answers"},
    Command.HELP: {"sv": "hjälp", "en": "help"},
    Command.LANGUAGE: {"sv": "svenska", "en": "english"},
}
"""What a person types; ``visa``/``show`` takes a designation, ``frånvarande till``/``absent until`` a day, the language commands are their own argument."""

_DESIGNATION = re.compile(r"(sm|an|fr)[-\s]?(\d{4})[-\s]?(\d{1,6})")
_PAGE = re.compile(r"(?P<words>.*?)\s+(?P<page>\d{1,4})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A command somebody typed; ``argument`` is a designation, a page number, a language code, or a day as it was
    written."""

    command: Command
    argument: str = ""


def fold(text: str) -> str:
    """Case, diacritics, surplus white space and closing punctuation away: how commands are compared."""
    plain = "".join(
        char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char)
    )
    return " ".join(plain.split()).strip(" .!?")


_FOLDED = {fold(word): command for command, words in WORDS.items() for word in words.values()}
_SHOW = tuple(fold(word) for word in WORDS[Command.SHOW].values())
_ABSENT = tuple(fold(word) for word in WORDS[Command.ABSENT].values())
_WHEEL = tuple(fold(word) for word in WORDS[Command.DUTIES].values())
_THROUGH = ("och med ", "o m ", "o.m. ", "om ", "and including ")
_PAGED = frozenset(
    {
        Command.QUEUE,
        Command.MY_DECISIONS,
        Command.UNREGISTERED,
        Command.CHANNELS,
        Command.DUTIES,
        Command.MY_REQUESTS,
        Command.REQUESTS,
        Command.UNANSWERED,
        Command.LEARNED,
    }
)


def read_command(text: str) -> Typed | None:
    """The command that the whole message is, or None: then it is a question."""
    folded = fold(text)
    if folded in {"hej", "hello", "hi", "start", "meny", "menu", "?"}:
        return Typed(command=Command.HELP)
    command = _FOLDED.get(folded)
    if command is Command.LANGUAGE:
        return Typed(command=command, argument="en" if folded == "english" else "sv")
    if command is not None:
        return Typed(command=command)
    return _show(folded) or _absent(folded) or _paged(folded) or _wheel(folded)


def _show(folded: str) -> Typed | None:
    words = folded.split(maxsplit=1)
    rest = words[1] if len(words) == 2 and words[0] in _SHOW else folded
    found = _DESIGNATION.fullmatch(rest)
    if found is None:
        return None
    series, year, number = found.groups()
    return Typed(command=Command.SHOW, argument=f"{series.upper()}-{year}-{int(number):04d}")


def _absent(folded: str) -> Typed | None:
    """ "Frånvarande till 12 januari"; what comes after need not be a day for it to be this command."""
    begun = next((word for word in _ABSENT if folded.startswith(f"{word} ")), None)
    if begun is None:
        return None
    day = folded.removeprefix(begun).strip()
    for through in _THROUGH:
        day = day.removeprefix(through)
    return Typed(command=Command.ABSENT, argument=day)


def _wheel(folded: str) -> Typed | None:
    """ "Årshjul facebook-haninge": of one channel or administration."""
    begun = next((word for word in _WHEEL if folded.startswith(f"{word} ")), None)
    return Typed(command=Command.DUTIES, argument=folded.removeprefix(begun).strip()) if begun else None


def _paged(folded: str) -> Typed | None:
    found = _PAGE.fullmatch(folded)
    command = _FOLDED.get(found["words"]) if found else None
    if found is None or command not in _PAGED:
        return None
    return Typed(command=command, argument=found["page"])
