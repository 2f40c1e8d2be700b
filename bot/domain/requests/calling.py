"""Whose turn it is: who is consulted, who gets the card that asks for the decision, and when nobody may.

An absent head keeps the right to decide; absence only shifts who gets the card.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import assert_never

from bot.domain.requests.rights import Surroundings, bar_to_decide
from bot.domain.requests.state import Request
from bot.domain.requests.terms import Awaits, Bar


class CallCause(StrEnum):
    """Why the card goes to those it goes to."""

    HEAD = "head"
    REASSIGNED = "reassigned"
    HEAD_BARRED = "head_barred"
    HEAD_ADVISED = "head_advised"
    """Gave the opinion, being of communications too."""
    HEAD_AWAY = "head_away"
    HEAD_SILENT = "head_silent"
    """Does not react or can't be reached, so the deputies have it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Who gets the card that asks for the decision."""

    people: tuple[str, ...]
    cause: CallCause


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """Why one of head and deputies doesn't get the card; ``until`` is the last day of an absence."""

    person: str
    bar: Bar | None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyMayDecide:
    """Head and deputies are all barred or away: communications are told, and it is said as it is.

    Nobody else gets the right. It ends by itself when somebody is back or the organisation has another deputy.
    """

    hindrances: tuple[Hindrance, ...]

    @property
    def back_after(self) -> date | None:
        """The last day of the shortest absence of one who is only away."""
        return min((one.until for one in self.hindrances if one.bar is None and one.until), default=None)

    @property
    def away(self) -> tuple[str, ...]:
        """Those who may decide all the same, should they look in: they get the card too."""
        return tuple(one.person for one in self.hindrances if one.bar is None)


def called_on(request: Request, within: Surroundings, day: date) -> Called | NobodyMayDecide:
    """Who gets the decision's card on that day."""
    unit = within.unit_of(request)
    if unit is None:
        return NobodyMayDecide(hindrances=())
    office = tuple(one for one in (unit.head, *unit.deputies) if one)
    hindered = {one.person: one for person in office if (one := _hindrance(request, person, within, day))}
    deputies = tuple(one for one in unit.deputies if one not in hindered)
    head = (unit.head,) if unit.head and unit.head not in hindered else ()
    if head and request.deputies_called_at:
        return Called(people=(*head, *deputies), cause=CallCause.HEAD_SILENT)
    chosen = tuple(one for one in deputies if one in request.reassigned)
    if chosen:
        return Called(people=chosen, cause=CallCause.REASSIGNED)
    if head:
        return Called(people=head, cause=CallCause.HEAD)
    if not deputies:
        return NobodyMayDecide(hindrances=tuple(hindered.values()))
    return Called(people=deputies, cause=_why_not_head(bar_to_decide(request, unit.head, within, day)))


def _why_not_head(bar: Bar | None) -> CallCause:
    if bar is Bar.ADVISED:
        return CallCause.HEAD_ADVISED
    return CallCause.HEAD_BARRED if bar else CallCause.HEAD_AWAY


def _hindrance(request: Request, person: str, within: Surroundings, day: date) -> Hindrance | None:
    bar, until = bar_to_decide(request, person, within, day), within.away_until(request, person, day)
    return Hindrance(person=person, bar=bar, until=until) if bar or until else None


def consulted(request: Request, within: Surroundings) -> tuple[str, ...]:
    """Those of communications who may give the opinion."""
    return tuple(one for one in within.organisation.communications.members if request.bar(one) is None)


def waited_for(request: Request, within: Surroundings, day: date) -> tuple[str, ...]:
    """Those whose turn it is, who get the card and the reminders; empty for one that awaits nothing."""
    match request.awaits:
        case Awaits.OPINION:
            return consulted(request, within)
        case Awaits.DECISION:
            called = called_on(request, within, day)
            return called.people if isinstance(called, Called) else called.away
        case Awaits.COMPLETION:
            return (request.requester,)
        case None:
            return ()
        case _:
            assert_never(request.awaits)
