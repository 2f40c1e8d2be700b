"""What the guideline and the law say about each ground, read from one file that a lawyer can correct."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.domain.grounds import DUTY_GROUNDS, Ground
from bot.policy.finding import Found, find_ground
from bot.policy.guideline import Guideline
from bot.policy.shipped import load_guideline

LAW_FILE = Path(__file__).parent / "data" / "law.toml"
_LANGUAGES = ("sv", "en")


class LawError(ValueError):
    """The law file does not hold; ``problems`` lists everything that is wrong with it."""

    def __init__(self, source: str, problems: tuple[str, ...]) -> None:
        self.source = source
        self.problems = problems
        super().__init__("\n".join(f"{source}: {problem}" for problem in problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text in both languages; Swedish for any other language."""

    sv: str
    en: str

    def of(self, language: str) -> str:
        return self.en if language == "en" else self.sv


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundText:
    """One ground as people read it. ``words`` is ``guideline.text[start:end]``, the guideline's own words; where it has none
    such, ``passage`` is empty and nothing is said to stand there.

    ``duty_needs_statement``: a duty only if the admin says that it is one of the offences in ``law_reference``.
    ``law_must_be_named``: the admin names the law that was broken.
    """

    code: Ground
    passage: str
    words: str
    start: int
    end: int
    can_be_duty: bool
    duty_needs_statement: bool
    law_must_be_named: bool
    law_reference: str
    source: str
    checked: date
    names: Wording
    guideline: Wording
    duty: Wording
    law: Wording
    explanations: Wording

    @property
    def is_found(self) -> bool:
        return bool(self.passage)

    def name(self, language: str) -> str:
        return self.names.of(language)

    def guideline_says(self, language: str) -> str:
        return self.guideline.of(language)

    def law_says(self, language: str) -> str:
        """The short line for the card: a duty where obvious, or no duty."""
        return self.duty.of(language)

    def law_in_full(self, language: str) -> str:
        return self.law.of(language)

    def explanation(self, language: str) -> str:
        return self.explanations.of(language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The grounds in the guideline's order, the act behind the duty, and what to do about child abuse material."""

    grounds: Mapping[Ground, GroundText]
    act_reference: str
    act_source: str
    act_checked: date
    act: Wording
    abuse_reason: str
    abuse: Wording

    def ground(self, code: Ground) -> GroundText:
        return self.grounds[code]

    @property
    def unfound(self) -> tuple[GroundText, ...]:
        """The grounds that the guideline in force doesn't name: what is removed on them is removed under no clause."""
        return tuple(one for one in self.grounds.values() if not one.is_found)

    def act_says(self, language: str) -> str:
        return self.act.of(language)

    def abuse_steps(self, language: str) -> str:
        return self.abuse.of(language)


def load_law(path: Path = LAW_FILE, *, guideline: Guideline | None = None) -> Law:
    """``guideline`` is the one whose words the grounds quote, wherever in it they stand; the shipped one if none is given."""
    return _Reader(path.name, guideline or load_guideline()).law(_data(path))


def problems_of_law(path: Path = LAW_FILE) -> tuple[str, ...]:
    """What is wrong with the file itself, for when there is no guideline to hold its quotations to."""
    try:
        _Reader(path.name, None).law(_data(path))
    except LawError as error:
        return tuple(str(error).splitlines())
    return ()


def _data(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LawError(path.name, (str(error),)) from None
    except OSError as error:
        raise LawError(path.name, (f"cannot be read: {error.strerror}",)) from None


class _Reader:
    """Reads the whole file and collects every problem before it says no."""

    def __init__(self, source: str, guideline: Guideline | None) -> None:
        self._source = source
        self._guideline = guideline
        self._problems: list[str] = []

    def law(self, data: Mapping[str, Any]) -> Law:
        act, abuse = self._table(data, "act"), self._table(data, "abuse")
        shown, entries = self._table(data, "shown"), self._table(data, "ground")
        for code in entries.keys() - set(Ground):
            self._problems.append(f"ground.{code}: no such ground")
        law = Law(
            grounds={code: self._ground(code, entries, shown) for code in Ground},
            act_reference=self._text(act, "act", "reference"),
            act_source=self._text(act, "act", "source"),
            act_checked=self._date(act, "act"),
            act=self._wording(act, "act", "text"),
            abuse_reason=self._text(abuse, "abuse", "reason"),
            abuse=self._wording(abuse, "abuse", "steps"),
        )
        if self._problems:
            raise LawError(self._source, tuple(self._problems))
        return law

    def _ground(self, code: Ground, entries: Mapping[str, Any], shown: Mapping[str, Any]) -> GroundText:
        where = f"ground.{code}"
        entry = self._table(entries, code, where=where)
        duty = self._flag(entry, where, "duty")
        if entry and duty != (code in DUTY_GROUNDS):
            self._problems.append(f"{where}.duty: the program has it as {str(code in DUTY_GROUNDS).lower()}")
        found = self._found(entry, where)
        guideline, unnamed = (self._wording(shown, "shown", one) for one in ("guideline", "unnamed"))
        return GroundText(
            code=code,
            passage=found.passage if found else "",
            words=self._guideline.text[found.start : found.end] if self._guideline and found else "",
            start=found.start if found else 0,
            end=found.end if found else 0,
            can_be_duty=duty,
            duty_needs_statement=self._flag(entry, where, "says_so", default=False),
            law_must_be_named=self._flag(entry, where, "names_law", default=False),
            law_reference=self._text(entry, where, "reference", empty=not duty),
            source=self._text(entry, where, "source"),
            checked=self._date(entry, where),
            names=self._wording(entry, where, "name"),
            guideline=guideline if found else unnamed,
            duty=self._wording(shown, "shown", "duty" if duty else "no_duty"),
            law=self._wording(entry, where, "law"),
            explanations=self._wording(entry, where, "explanation"),
        )

    def _found(self, entry: Mapping[str, Any], where: str) -> Found | None:
        words, hint = self._text(entry, where, "words"), self._text(entry, where, "passage")
        return find_ground(self._guideline, words, hint=hint) if self._guideline else None

    def _table(self, data: Mapping[str, Any], key: str, *, where: str = "") -> Mapping[str, Any]:
        found = data.get(key)
        if isinstance(found, dict):
            return found
        self._problems.append(f"{where or key}: missing")
        return {}

    def _text(self, data: Mapping[str, Any], where: str, key: str, *, empty: bool = False) -> str:
        found = data.get(key)
        if isinstance(found, str) and (found.strip() or empty):
            return found
        if data:
            self._problems.append(f"{where}.{key}: expected a text")
        return ""

    def _flag(self, data: Mapping[str, Any], where: str, key: str, *, default: bool | None = None) -> bool:
        found = data.get(key, default)
        if isinstance(found, bool):
            return found
        if data:
            self._problems.append(f"{where}.{key}: expected true or false")
        return False

    def _date(self, data: Mapping[str, Any], where: str) -> date:
        found = data.get("checked")
        if isinstance(found, date):
            return found
        if data:
            self._problems.append(f"{where}.checked: expected a date")
        return date.min

    def _wording(self, data: Mapping[str, Any], where: str, key: str) -> Wording:
        found = data.get(key)
        texts = found if isinstance(found, dict) else {}
        for language in _LANGUAGES:
            text = texts.get(language)
            if data and not (isinstance(text, str) and text.strip()):
                problem = f"{where}.{key}.{language}: expected a text"
                if problem not in self._problems:
                    self._problems.append(problem)
        return Wording(sv=str(texts.get("sv", "")), en=str(texts.get("en", "")))
