"""A duty as one person may see it: what its cards and lists are made from."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.duties import EARLIEST, REACHED_AFTER, SCREENSHOTS, Duty, DutyKind, DutyStatus, Level


class DutyState(StrEnum):
    """How it stands with a duty on a day."""

    LATE = "late"
    DUE = "due"
    """From the day on which one is first reminded."""
    COMING = "coming"
    DONE = "done"
    """For good, or for this year."""
    CANCELLED = "cancelled"


def state_on(duty: Duty, today: date) -> DutyState:
    if duty.status is not DutyStatus.OPEN:
        return DutyState.DONE if duty.status is DutyStatus.DONE else DutyState.CANCELLED
    if today > duty.due:
        return DutyState.LATE
    if today >= duty.due + REACHED_AFTER[Level.NOTICE]:
        return DutyState.DUE
    return DutyState.DONE if duty.last and today < duty.due - EARLIEST else DutyState.COMING


def may_write_on(duty: Duty, day: date) -> bool:
    """Whether it can be done in words on that day."""
    return duty.is_open and duty.kind not in SCREENSHOTS and day >= duty.due - EARLIEST


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneView:
    """One time that it was done. ``texts`` are what was written, label id and text; ``sha256`` is a picture's."""

    number: int
    by: str
    at: datetime
    after_change: bool
    texts: tuple[tuple[str, str], ...] = ()
    file: str = ""
    sha256: str = ""
    has_document: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyView:
    """``name`` is the channel's or the administration's, ``url`` the channel's; ``owing`` are names, ``known``
    the contact details that hold. ``may_fulfil``, ``may_write`` (now, in words) and ``may_ask`` are the viewer's."""

    duty: Duty
    name: str
    administration: str
    url: str
    state: DutyState
    owing: tuple[str, ...]
    last: DoneView | None
    known: str
    asked: bool
    may_fulfil: bool
    may_write: bool
    may_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureChoice:
    """A channel that a picture can be of; ``due`` where it waits for one."""

    channel: str
    name: str
    due: date | None


class DutyScope(StrEnum):
    """Which duties a list holds."""

    MINE = "mine"
    ADMINISTRATION = "administration"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class DutySummary:
    """A duty as one row of a list."""

    duty: str
    kind: DutyKind
    name: str
    due: date
    state: DutyState


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPage:
    """``scopes`` are those that the reader may choose between; ``late`` counts on all pages. ``about`` is the one
    channel or administration that is asked for, if any, of ``subjects`` with their names."""

    scope: DutyScope
    scopes: tuple[DutyScope, ...]
    rows: tuple[DutySummary, ...]
    number: int
    of: int
    total: int
    late: int
    about: str = ""
    subjects: tuple[tuple[str, str], ...] = ()
