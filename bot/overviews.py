"""``översikt``: the figures of a head's administrations, or of all for communications. No case is opened for them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.cases.record import waiting_since
from bot.cases.registering import is_late
from bot.domain.cases import Awaits
from bot.domain.duty_views import DutyState, state_on
from bot.domain.overview_views import Age, Overview
from bot.domain.zone import local_day
from bot.duties.listing import headed_by
from bot.duties.record import duty_of_row
from bot.services import Services
from storage.store import Json

MONTHS = 12
_UP_TO = ((Age.TODAY, timedelta(days=1)), (Age.DAYS, timedelta(days=3)), (Age.WEEK, timedelta(days=7)))


class Selecting(Protocol):
    async def select(self, table: str) -> list[Json]: ...


async def overview(services: Services, person: str) -> Overview | None:
    """None for one who is neither head, deputy nor of communications."""
    organisation = services.organisation
    everything = person in organisation.communications.members
    units = None if everything else headed_by(organisation, person)
    if units is not None and not units:
        return None
    now = services.clock()
    cases = [row for row in await services.store.select("open_cases") if _of_case(services, row, units)]
    to_decide = [waiting_since(row) for row in cases if row["awaits"] == Awaits.DECISION]
    items = _of(units, await services.store.select("unregistered"))
    states = Counter(
        state_on(duty_of_row(row), local_day(now))
        for row in _of(units, await services.store.select("open_duties"))
    )
    removals = _of(units, await services.store.select("removals"))
    months = _months(local_day(now))
    return Overview(
        administrations=tuple(organisation.administrations[one].name for one in sorted(units or ())),
        open_by_age=_by_age(to_decide, now),
        to_remove=len(cases) - len(to_decide),
        oldest=min(to_decide, default=None),
        removals_by_ground=_by_ground(removals, months),
        removals_by_month=_by_month(removals, months),
        unregistered=len(items),
        unregistered_late=sum(is_late(datetime.fromisoformat(row["owed_at"]), now) for row in items),
        duties_due=states[DutyState.DUE],
        duties_late=states[DutyState.LATE],
        requests=await open_requests(services.store, units),
    )


async def open_requests(store: Selecting, units: frozenset[str] | None) -> int:
    """Requests that wait for somebody; 0 where the record knows of none."""
    return len(_of(units, await store.select("open_requests")))


def _of(units: frozenset[str] | None, rows: Iterable[Json]) -> list[Json]:
    """Rows of these administrations; None is all of them."""
    return [row for row in rows if units is None or row.get("administration") in units]


def _of_case(services: Services, row: Json, units: frozenset[str] | None) -> bool:
    """By the register, which knows closed channels too."""
    entry = services.directory.channels().register.channels.get(row["channel"])
    return units is None or (entry is not None and entry.administration in units)


def _by_age(since: Iterable[datetime], now: datetime) -> Mapping[Age, int]:
    found = Counter(_age(now - one) for one in since)
    return {age: found[age] for age in Age}


def _age(waited: timedelta) -> Age:
    return next((age for age, limit in _UP_TO if waited < limit), Age.OLDER)


def _months(today: date) -> list[str]:
    """The last twelve, this one included, oldest first."""
    last = today.year * 12 + today.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(last - MONTHS + 1, last + 1)]


def _by_month(rows: Iterable[Json], months: list[str]) -> Mapping[str, int]:
    found = Counter[str]()
    for row in rows:
        found[row["month"]] += row["count"]
    return {month: found[month] for month in months}


def _by_ground(rows: Iterable[Json], months: list[str]) -> Mapping[str, int]:
    found = Counter[str]()
    for row in rows:
        if row["month"] in months:
            found[row["ground"]] += row["count"]
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
