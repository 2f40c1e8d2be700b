"""What a duty is told in: its kinds and states, how urgent it is, and why something is refused."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class DutyKind(StrEnum):
    SCREENSHOT = "screenshot"
    """Of each channel, once a year (guideline: administratorens-ansvar/6)."""
    CONTACT_DETAILS = "contact_details"
    """Of a channel's administrators, confirmed once a year (forvaltningschefens-ansvar/4)."""
    EVALUATION = "evaluation"
    """Of an administration's presence, once a year (forvaltningschefens-ansvar/6)."""
    LAST_SCREENSHOT = "last_screenshot"
    """Of a channel that is closed, once: what it looked like at the end."""


AUTOMATION = "webhook"
"""Stands in the place of a person's id for a system that signs the screenshots it hands in."""
SCREENSHOTS = frozenset({DutyKind.SCREENSHOT, DutyKind.LAST_SCREENSHOT})
YEARLY = frozenset(DutyKind) - {DutyKind.LAST_SCREENSHOT}
OF_CHANNELS = frozenset(DutyKind) - {DutyKind.EVALUATION}


class DutyStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    """For good: a yearly duty is open again for the next year."""
    CANCELLED = "cancelled"


class Level(StrEnum):
    """How urgently one is reminded, in this order."""

    NOTICE = "notice"
    DUE = "due"
    OVERDUE = "overdue"


REACHED_AFTER = {
    Level.NOTICE: timedelta(days=-30),
    Level.DUE: timedelta(days=0),
    Level.OVERDUE: timedelta(days=14),
}
"""Counted from the due day."""
ESCALATED_AFTER = timedelta(days=30)
"""Counted from the due day: then communications are told."""
EARLIEST = timedelta(days=60)
"""Before the due day: what is done sooner than this is not yet the next year's."""
LAST_WITHIN = timedelta(days=14)
"""From a channel's closing until its last screenshot is due."""


class CancelCause(StrEnum):
    CHANNEL_CLOSED = "channel_closed"
    ADMINISTRATION_GONE = "administration_gone"
    NO_CHANNELS = "no_channels"
    """Until the administration has one again."""


class Reason(StrEnum):
    """Why a command was refused."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_DUTY = "unknown_duty"
    ALREADY_SCHEDULED = "already_scheduled"
    ALREADY_FULFILLED = "already_fulfilled"
    CANCELLED = "cancelled"
    TOO_EARLY = "too_early"
    WRONG_FOR_KIND = "wrong_for_kind"
    PICTURE_MISSING = "picture_missing"
    TEXT_MISSING = "text_missing"
    SAME_PICTURE = "same_picture"
    """Of this channel, and handed in before: no new screenshot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected no. ``by`` (an object id) and ``at`` tell who was first, ``due`` the day that counts."""

    reason: Reason
    field: str | None = None
    by: str | None = None
    at: datetime | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTexts:
    """What is said when a duty is done: an evaluation, contact details, a note. Kept among the erasable texts."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationTexts:
    """The administration's yearly look at its channels, as the head or a deputy wrote it."""

    reach: str
    staffing: str
    changes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A screenshot: the refs hold its name, type and SHA-256, and its bytes. ``received`` is the id under which it
    waited, for one that came before it was told what it shows."""

    text_ref: str
    data_ref: str
    received: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A PDF that the bot made of what was written: the refs hold its name, type and SHA-256, and its bytes."""

    text_ref: str
    data_ref: str
