"""What happened to a duty; its stream is all its years. ``due`` tells which year's turn is meant."""

from dataclasses import dataclass
from datetime import date

from bot.domain.duties.terms import CancelCause, Document, DutyKind, Level, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyScheduled:
    """``subject`` is a channel's id, or the administration's for an evaluation."""

    kind: DutyKind
    subject: str
    administration: str
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyReminded:
    due: date
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEscalated:
    """Communications were told."""

    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFulfilled:
    """``texts_ref`` holds the evaluation or the contact details; empty for those that were confirmed unchanged.
    ``document`` is the evaluation's PDF."""

    due: date
    by: str
    picture: Picture | None = None
    texts_ref: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRenewed:
    """Due again: in the same commit as the fulfilment, or because what was cancelled is owed once more."""

    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocumented:
    """A screenshot after a great change ("större förändring"): beside the yearly one, not in its place."""

    by: str
    picture: Picture
    texts_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAsked:
    """Somebody entitled has asked for a screenshot now; stands on the duty's trail and moves no due day."""

    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyCancelled:
    cause: CancelCause


DutyEvent = (
    DutyScheduled
    | DutyReminded
    | DutyEscalated
    | DutyFulfilled
    | DutyRenewed
    | ChangeDocumented
    | DutyCancelled
)
