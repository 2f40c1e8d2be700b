"""An administration's (förvaltnings) own stream: when head and deputies are away, and its standing decisions.

An absence shifts who gets the card of a request; the head keeps the right to decide.
"""

from bot.domain.administrations.deciding import (
    LONGEST_ABSENCE,
    Command,
    EndAbsence,
    RecordStandingDecision,
    SetAbsence,
    decide,
)
from bot.domain.administrations.events import (
    AbsenceEnded,
    AbsenceSet,
    AdministrationEvent,
    StandingDecisionRecorded,
)
from bot.domain.administrations.state import (
    AdministrationRecord,
    StandingDecision,
    apply,
    stream_of,
)
from bot.domain.administrations.terms import Reason, Refusal

__all__ = [
    "LONGEST_ABSENCE",
    "AbsenceEnded",
    "AbsenceSet",
    "AdministrationEvent",
    "AdministrationRecord",
    "Command",
    "EndAbsence",
    "Reason",
    "RecordStandingDecision",
    "Refusal",
    "SetAbsence",
    "StandingDecision",
    "StandingDecisionRecorded",
    "apply",
    "decide",
    "stream_of",
]
