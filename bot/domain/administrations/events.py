"""What happened in an administration apart from its cases and requests."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSet:
    """``person`` is away from ``starts`` through ``until``, that day too ("frånvarande till och med 12 januari");
    it takes the place of what was set before."""

    person: str
    starts: date
    until: date
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceEnded:
    """Back before the day that was set."""

    person: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDecisionRecorded:
    """How the administration's staff may use social media in working hours, until a later one takes its place.

    ``texts_ref`` is the request's form, which holds the rule's words.
    """

    request: str
    by: str
    by_name: str
    texts_ref: str
    holds_from: date
    ends: date | None = None


AdministrationEvent = AbsenceSet | AbsenceEnded | StandingDecisionRecorded
