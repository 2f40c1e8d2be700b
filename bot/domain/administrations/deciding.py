"""What an administration's stream takes in: absences by those who are away, standing decisions by approval."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from bot.domain.administrations.events import (
    AbsenceEnded,
    AbsenceSet,
    AdministrationEvent,
    StandingDecisionRecorded,
)
from bot.domain.administrations.state import AdministrationRecord
from bot.domain.administrations.terms import Reason, Refusal
from bot.domain.organisation import Organisation

LONGEST_ABSENCE = timedelta(days=366)
"""Who is away for longer than a year has a successor, who belongs in the organisation file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAbsence:
    """The head or a deputy is away, from ``starts`` through ``until``."""

    starts: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAbsence:
    """Back before the day that was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordStandingDecision:
    """The effect of an approved request: what was decided, by whom, from when."""

    decision: StandingDecisionRecorded


Command = SetAbsence | EndAbsence | RecordStandingDecision


def decide(
    record: AdministrationRecord, command: Command, *, by: str, today: date, organisation: Organisation
) -> Sequence[AdministrationEvent] | Refusal:
    """Everyone tells their own absence; a head who fell ill without a word is reached by way of reminders."""
    match command:
        case SetAbsence():
            return _set(record, command, by, today, organisation)
        case EndAbsence():
            if by not in record.absences:
                return Refusal(reason=Reason.NOT_ABSENT)
            return [AbsenceEnded(person=by, by=by)]
        case RecordStandingDecision():
            if any(one.made.request == command.decision.request for one in record.standing):
                return Refusal(reason=Reason.ALREADY_STANDS)
            return [command.decision]
        case _:
            assert_never(command)


def _set(
    record: AdministrationRecord, command: SetAbsence, by: str, today: date, organisation: Organisation
) -> Sequence[AdministrationEvent] | Refusal:
    unit = organisation.administrations.get(record.id)
    if unit is None or by not in (unit.head, *unit.deputies):
        return Refusal(reason=Reason.NOT_ALLOWED)
    if command.until < command.starts:
        return Refusal(reason=Reason.UNTIL_BEFORE_START, field="until")
    if command.until < today:
        return Refusal(reason=Reason.UNTIL_PAST, field="until")
    if command.until - command.starts > LONGEST_ABSENCE:
        return Refusal(reason=Reason.TOO_LONG, field="until")
    return [AbsenceSet(person=by, starts=command.starts, until=command.until, by=by)]
