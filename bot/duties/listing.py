"""The yearly duties in chat: one's own, one's administration's, or all, soonest first."""

from collections.abc import Iterable

from bot.commands import fold
from bot.domain.duties import OF_CHANNELS, may_fulfil, responsible
from bot.domain.duty_views import DutyPage, DutyScope, DutyState, DutySummary, state_on
from bot.domain.organisation import Organisation
from bot.domain.zone import local_day
from bot.duties.record import duty_from, duty_of_row
from bot.duties.viewing import name_of_duty
from bot.services import Services
from storage.store import Json

PAGE = 8


def duty_scopes(organisation: Organisation, person: str) -> tuple[DutyScope, ...]:
    """Which lists the person may have: everybody one's own, which may be empty."""
    made = [DutyScope.MINE]
    if headed_by(organisation, person):
        made.append(DutyScope.ADMINISTRATION)
    if person in organisation.communications.members:
        made.append(DutyScope.ALL)
    return tuple(made)


def headed_by(organisation: Organisation, person: str) -> frozenset[str]:
    """The administrations that the person is head or deputy of."""
    units = organisation.administrations.values()
    return frozenset(unit.id for unit in units if person in (unit.head, *unit.deputies))


def first_duty_scope(organisation: Organisation, person: str) -> DutyScope:
    """What somebody who names none most likely means: the widest that is theirs to look after."""
    return duty_scopes(organisation, person)[-1]


async def duty_page(
    services: Services, person: str, scope: DutyScope, *, page: int, about: str = ""
) -> DutyPage:
    """A scope that is not the person's is answered with their own list, and so tells nothing. ``about`` is
    ``channel/ID`` or ``administration/ID``: of what the person may see, what belongs to it."""
    organisation, today = services.organisation, local_day(services.clock())
    scopes = duty_scopes(organisation, person)
    scope = scope if scope in scopes else DutyScope.MINE
    rows = [
        row for row in await services.store.select("open_duties") if _within(services, row, person, scope)
    ]
    subjects = _subjects(services, rows)
    rows = [row for row in rows if about in {"", *_subjects_of(row)}]
    rows.sort(key=lambda row: (row["due"], row["kind"], row["subject"]))
    pages = max(1, -(-len(rows) // PAGE))
    number = min(max(1, page), pages)
    shown = rows[(number - 1) * PAGE : number * PAGE]
    return DutyPage(
        scope=scope,
        scopes=scopes,
        rows=tuple([await _summary(services, row) for row in shown]),
        number=number,
        of=pages,
        total=len(rows),
        late=sum(state_on(duty_of_row(row), today) is DutyState.LATE for row in rows),
        about=about,
        subjects=subjects,
    )


def _subjects_of(row: Json) -> tuple[str, ...]:
    unit = f"administration/{row['administration']}"
    return (unit, f"channel/{row['subject']}") if row["kind"] in OF_CHANNELS else (unit,)


def _subjects(services: Services, rows: Iterable[Json]) -> tuple[tuple[str, str], ...]:
    """The administrations and then the channels that the rows are about, by name."""
    found = {subject for row in rows for subject in _subjects_of(row)}
    named = [(one, _name_of(services, one)) for one in found]
    return tuple(sorted(named, key=lambda one: (one[0].split("/")[0], one[1].casefold())))


def _name_of(services: Services, subject: str) -> str:
    kind, _, one = subject.partition("/")
    if kind == "administration":
        unit = services.organisation.administrations.get(one)
        return unit.name if unit else one
    texts = services.directory.channels().texts.get(one)
    return texts.name if texts else one


def subject_called(page: DutyPage, said: str) -> str | None:
    """The channel or administration that somebody means: by its whole name or id, or by a part of one name alone."""
    words = fold(said)
    whole = [one for one, name in page.subjects if words in {fold(name), fold(one.partition("/")[2])}]
    part = [one for one, name in page.subjects if words in fold(name)]
    found = whole or part
    return found[0] if len(found) == 1 else None


def _within(services: Services, row: Json, person: str, scope: DutyScope) -> bool:
    organisation, register = services.organisation, services.directory.channels().register
    match scope:
        case DutyScope.MINE:
            duty = duty_of_row(row)
            owing = responsible(duty, organisation, register)
            return person in (owing or may_fulfil(duty, organisation, register))
        case DutyScope.ADMINISTRATION:
            return row["administration"] in headed_by(organisation, person)
        case DutyScope.ALL:
            return True


async def _summary(services: Services, row: Json) -> DutySummary:
    """Opened whole, since whether it was done this year stands in the duty alone."""
    doc = await services.store.get("duties", row["duty"])
    duty = duty_from(doc).duty if doc else duty_of_row(row)
    return DutySummary(
        duty=duty.id,
        kind=duty.kind,
        name=name_of_duty(services, duty),
        due=duty.due,
        state=state_on(duty, local_day(services.clock())),
    )
