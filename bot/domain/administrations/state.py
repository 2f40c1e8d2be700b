"""An administration as its events have made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import assert_never

from bot.domain.administrations.events import (
    AbsenceEnded,
    AbsenceSet,
    AdministrationEvent,
    StandingDecisionRecorded,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingDecision:
    """A decision that holds until another takes its place, with the time it was recorded."""

    made: StandingDecisionRecorded
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrationRecord:
    """``absences`` is by person, the last that each has set; ``standing`` all decisions, oldest first."""

    id: str
    absences: Mapping[str, AbsenceSet] = field(default_factory=dict)
    standing: tuple[StandingDecision, ...] = ()
    revision: int = 0

    def away_until(self, person: str, day: date) -> date | None:
        """The last day of the absence that the person is in on that day; None for one who is there."""
        absence = self.absences.get(person)
        return absence.until if absence and absence.starts <= day <= absence.until else None

    def holding(self, day: date) -> StandingDecision | None:
        """What holds on that day: of what has come into force the last that was decided, unless its end is past. It
        took the place of those before it for good, so none of them comes back."""
        in_force = [one for one in self.standing if one.made.holds_from <= day]
        if not in_force:
            return None
        ends = in_force[-1].made.ends
        return None if ends is not None and ends < day else in_force[-1]

    def coming(self, day: date) -> tuple[StandingDecision, ...]:
        """What is decided, not yet in force, and will be."""
        later = (self.standing[place + 1 :] for place in range(len(self.standing)))
        return tuple(
            one
            for one, decided_later in zip(self.standing, later, strict=True)
            if one.made.holds_from > day
            and not any(other.made.holds_from <= one.made.holds_from for other in decided_later)
        )


def apply(record: AdministrationRecord, event: AdministrationEvent, *, at: datetime) -> AdministrationRecord:
    """The record after the event; it begins as ``AdministrationRecord(id=...)``."""
    match event:
        case AbsenceSet():
            record = replace(record, absences={**record.absences, event.person: event})
        case AbsenceEnded():
            left = {who: one for who, one in record.absences.items() if who != event.person}
            record = replace(record, absences=left)
        case StandingDecisionRecorded():
            made = StandingDecision(made=event, at=at)
            record = replace(record, standing=(*record.standing, made))
        case _:
            assert_never(event)
    return replace(record, revision=record.revision + 1)


def stream_of(administration: str) -> str:
    return f"administration/{administration}"
