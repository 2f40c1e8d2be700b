"""Working hours in Sweden: what reminders and "the next working day" are counted in."""

import sys
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from bot.domain.organisation import Reminders
from bot.domain.zone import STOCKHOLM


@lru_cache(maxsize=16)
def _days_off(year: int) -> frozenset[date]:
    """Public holidays, and the eves that nobody works though no law says so (midsommarafton, julafton)."""
    return frozenset(_sweden()(years=year, categories=("public", "de_facto")))


@cache
def _sweden() -> Any:
    """``holidays``' class for Sweden, without the 250 other countries that its package loads along with each: they
    take 9 MB and a tenth of a second. Where it cannot be had so, it is had with all of them."""
    name = "holidays.countries"
    spec = find_spec(name) if name not in sys.modules else None
    if spec is None or spec.submodule_search_locations is None:
        return import_module(f"{name}.sweden").Sweden
    alone = ModuleType(name)
    alone.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = alone
    try:
        return import_module(f"{name}.sweden").Sweden
    finally:
        del sys.modules[name]


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _days_off(day.year)


def next_working_day(day: date) -> date:
    """The first working day after ``day``."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_office_time(moment: datetime, office: Reminders) -> bool:
    """Whether anybody is at work to read what is sent."""
    local = moment.astimezone(STOCKHOLM)
    opens, closes = _office_day(local.date(), office)
    return is_working_day(local.date()) and opens <= local < closes


def add_working_hours(start: datetime, hours: float, office: Reminders) -> datetime:
    """The moment when ``hours`` of office time have passed since ``start``, in Stockholm's zone.

    Hours are counted on the clock on the wall, within the day's office hours; a day on which the clocks
    change has as many office hours as any other, since they change at night.
    """
    moment = start.astimezone(STOCKHOLM)
    left = timedelta(hours=hours)
    while True:
        opens, closes = _office_day(moment.date(), office)
        if is_working_day(moment.date()) and moment < closes:
            moment = max(moment, opens)
            room = closes - moment  # same zone, so this is time on the wall
            if left <= room:
                return moment + left
            left -= room
        moment = _office_day(next_working_day(moment.date()), office)[0]


def add_working_days(start: datetime, days: int, office: Reminders) -> datetime:
    """As many office hours later as so many office days have."""
    return add_working_hours(start, (office.day_ends - office.day_starts) * days, office)


def _office_day(day: date, office: Reminders) -> tuple[datetime, datetime]:
    return _at(day, office.day_starts), _at(day, office.day_ends)


def _at(day: date, hour: float) -> datetime:
    minutes = round(hour * 60)
    return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=STOCKHOLM)
