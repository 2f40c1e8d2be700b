"""The texts people read, from the gettext catalogues beside this module, by stable ids such as ``case.title``.

The ``.po`` files are read as they are, so that a corrected text needs no build step. A catalogue text is
``Fixed``: it may stand where Teams renders Markdown. Put together with anything a person wrote it is a plain
``str``, which the card elements only take as plain text.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from typing import NewType, overload

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.messages.pofile import read_po

from bot.domain.zone import STOCKHOLM

Fixed = NewType("Fixed", str)
"""A text of our own: nothing in it was written by the public, the staff or the organisation file."""

LANGUAGES = ("sv", "en")
_LOCALES = {"sv": Locale("sv"), "en": Locale("en", "GB")}
_DIRECTORY = Path(__file__).parent / "locale"


class Texts:
    """One language's catalogue. An unknown id is a bug and raises ``KeyError``."""

    def __init__(self, language: str) -> None:
        self.language = language
        with (_DIRECTORY / language / "LC_MESSAGES" / "riktlinjebot.po").open("rb") as file:
            catalogue = read_po(file, locale=language)
        self._one = {str(m.id): str(m.string) for m in catalogue if m.id and not m.pluralizable}
        self._many = {m.id[0]: tuple(m.string or ()) for m in catalogue if m.pluralizable}
        self._form = c2py(catalogue.plural_expr)

    def __contains__(self, key: object) -> bool:
        return key in self._one or key in self._many

    def __iter__(self) -> Iterator[str]:
        yield from self._one
        yield from self._many

    @overload
    def __call__(self, key: str, **params: Fixed | int) -> Fixed: ...
    @overload
    def __call__(self, key: str, **params: str | int) -> str: ...
    def __call__(self, key: str, **params: str | int) -> str:
        text = self._one[key]
        return text.format_map(params) if params else text

    def count(self, key: str, number: int) -> Fixed:
        """``ngettext``: the form that fits the number, which the text names as ``{count}``."""
        return Fixed(self._many[key][self._form(number)].format_map({"count": number}))

    def forms(self, key: str) -> tuple[str, ...]:
        """All the wordings of an id, for those who check the catalogues."""
        return self._many.get(key) or (self._one[key],)

    def time(self, moment: datetime) -> Fixed:
        """A moment as a clock in Stockholm shows it: "24 nov. 2026 kl. 14.05"."""
        return _time(moment.replace(second=0, microsecond=0), self.language)

    def day(self, day: date) -> Fixed:
        return Fixed(format_date(day, "d MMM y", locale=_LOCALES[self.language]))

    def month(self, day: date) -> Fixed:
        """The month of that day: "nov. 2026"."""
        return Fixed(format_date(day, "MMM y", locale=_LOCALES[self.language]))

    def age(self, then: datetime, now: datetime) -> Fixed:
        """How long ago: "för 3 timmar sedan"."""
        minutes = int((now - then).total_seconds() // 60)
        return self("age.now") if minutes < 1 else _age(_coarse(minutes), self.language)


def _coarse(minutes: int) -> int:
    """Whole hours from two hours on and whole days from two days on, so that few ages need formatting."""
    if minutes < 120:
        return minutes
    return minutes // 60 * 60 if minutes < 2880 else minutes // 1440 * 1440


@lru_cache(maxsize=8192)
def _age(minutes: int, language: str) -> Fixed:
    ago = timedelta(minutes=-minutes)
    return Fixed(
        format_timedelta(
            ago, granularity="minute", threshold=1.95, add_direction=True, locale=_LOCALES[language]
        )
    )


@lru_cache(maxsize=8192)
def _time(moment: datetime, language: str) -> Fixed:
    pattern = texts(language)("format.time")
    return Fixed(format_datetime(moment, pattern, tzinfo=STOCKHOLM, locale=_LOCALES[language]))


@lru_cache(maxsize=len(LANGUAGES))
def _texts(language: str) -> Texts:
    return Texts(language)


def texts(language: str) -> Texts:
    """The catalogue of that language; Swedish for one that we don't speak."""
    return _texts(language if language in LANGUAGES else "sv")
