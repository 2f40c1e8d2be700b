"""A duty as its events have made it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from bot.domain.duties.events import (
    ChangeDocumented,
    DutyCancelled,
    DutyEscalated,
    DutyEvent,
    DutyFulfilled,
    DutyReminded,
    DutyRenewed,
    DutyScheduled,
)
from bot.domain.duties.terms import YEARLY, CancelCause, Document, DutyKind, DutyStatus, Level, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """``due`` is the day it was for; None for a screenshot after a great change."""

    due: date | None
    by: str
    at: datetime
    picture: Picture | None = None
    texts_ref: str = ""
    document: Document | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """``first_due`` fixes the day of the year for good; ``level`` and ``escalated`` are this turn's."""

    kind: DutyKind
    subject: str
    administration: str
    first_due: date
    due: date
    status: DutyStatus = DutyStatus.OPEN
    level: Level | None = None
    escalated: bool = False
    fulfilments: tuple[Fulfilment, ...] = ()
    cancelled: CancelCause | None = None
    revision: int = 1

    @property
    def id(self) -> str:
        return duty_id(self.kind, self.subject)

    @property
    def is_open(self) -> bool:
        return self.status is DutyStatus.OPEN

    @property
    def last(self) -> Fulfilment | None:
        """The latest that was for a due day."""
        return next((one for one in reversed(self.fulfilments) if one.due), None)


def freed_contacts(duty: Duty) -> tuple[str, ...]:
    """References of contact details that newer ones, or the channel's end, have made needless: to be erased."""
    if duty.kind is not DutyKind.CONTACT_DETAILS:
        return ()
    given = tuple(one.texts_ref for one in duty.fulfilments if one.texts_ref)
    return given if duty.status is DutyStatus.CANCELLED else given[:-1]


def duty_id(kind: DutyKind, subject: str) -> str:
    return f"{kind}/{subject}"


def stream_of(duty: str) -> str:
    return f"duty/{duty}"


def trail_of(duty: str) -> str:
    """Beside the duty's own stream: what happens on it changes no due day."""
    return f"{stream_of(duty)}/trail"


def scheduled(event: DutyScheduled) -> Duty:
    """The duty that is there from then on."""
    return Duty(
        kind=event.kind,
        subject=event.subject,
        administration=event.administration,
        first_due=event.due,
        due=event.due,
    )


def apply(duty: Duty, event: DutyEvent, *, at: datetime) -> Duty:
    match event:
        case DutyScheduled():
            raise ValueError("a duty is scheduled once")
        case DutyReminded():
            duty = replace(duty, level=event.level) if event.due == duty.due else duty
        case DutyEscalated():
            duty = replace(duty, escalated=True) if event.due == duty.due else duty
        case DutyFulfilled():
            duty = _fulfilled(duty, event, at)
        case DutyRenewed():
            duty = _renewed(duty, event.due)
        case ChangeDocumented():
            duty = _with(
                duty,
                Fulfilment(due=None, by=event.by, at=at, picture=event.picture, texts_ref=event.texts_ref),
            )
        case DutyCancelled():
            duty = replace(duty, status=DutyStatus.CANCELLED, cancelled=event.cause)
        case _:
            assert_never(event)
    return replace(duty, revision=duty.revision + 1)


def _fulfilled(duty: Duty, event: DutyFulfilled, at: datetime) -> Duty:
    """A yearly duty is renewed by the next event of the same commit, and isn't done in between."""
    done = Fulfilment(
        due=event.due,
        by=event.by,
        at=at,
        picture=event.picture,
        texts_ref=event.texts_ref,
        document=event.document,
    )
    once = duty.kind not in YEARLY
    return replace(_with(duty, done), status=DutyStatus.DONE if once else duty.status)


def _renewed(duty: Duty, due: date) -> Duty:
    """What comes back after it was cancelled has a day of the year of its own."""
    first = due if duty.cancelled else duty.first_due
    return replace(
        duty, first_due=first, due=due, status=DutyStatus.OPEN, level=None, escalated=False, cancelled=None
    )


def _with(duty: Duty, done: Fulfilment) -> Duty:
    return replace(duty, fulfilments=(*duty.fulfilments, done))
