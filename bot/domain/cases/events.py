"""What happened to a case, and around it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.cases.commands import SecuredFile
from bot.domain.cases.terms import DecisionKind, ForwardPurpose, PoliceReport
from bot.domain.grounds import Ground
from bot.domain.organisation import Platform, Role
from bot.domain.posts import FlagSource, PostKind
from bot.domain.trail import Delivered, Opened, Reached, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    channel: str
    platform: Platform
    administration: str
    post_kind: PostKind
    source: FlagSource
    post_ref: str
    locator_ref: str
    flag_ref: str
    published_at: datetime | None = None
    suggested: Ground | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotAdded:
    post_ref: str
    flag_ref: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision as it stands on record. ``number`` counts the case's decisions from 1."""

    number: int
    kind: DecisionKind
    by: str
    by_name: str
    role: Role
    seen: int
    snapshot_ref: str
    texts_ref: str
    passage: str
    guideline: str
    ground: Ground | None = None
    obvious: bool = False
    police: PoliceReport = PoliceReport.NOT_ASSESSED
    police_date: date | None = None
    abuse: bool = False
    forwarded_to: str | None = None
    people: tuple[str, ...] = ()
    purpose: ForwardPurpose | None = None
    administration: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Forwarded to be answered by one who masters the subject: the case stays open, with one more assignee."""

    to: str
    people: tuple[str, ...]
    by: str
    by_name: str
    texts_ref: str
    seen: int
    passage: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedGone:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain:
    """Flagged again although it was removed, or although its copy is destroyed: it is still there, or back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyDestroyed:
    """What intake had taken in is destroyed with its salt, and all that people had written on the case, which may quote
    it; only link and times are left."""

    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesSecured:
    snapshot: str
    files: tuple[SecuredFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliceReported:
    reference_ref: str
    reported: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    item: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    by: str


class Awaits(StrEnum):
    """What somebody still has to do on a case: decide, or remove the post that is to be removed."""

    DECISION = "decision"
    REMOVAL = "removal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    of: Awaits = Awaits.DECISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """Communications got the case too, and with it the right to decide; ``why`` is a code."""

    why: str
    of: Awaits = Awaits.DECISION


CaseEvent = (
    Flagged
    | SnapshotAdded
    | Decided
    | Assigned
    | Applied
    | VerifiedGone
    | SeenAgain
    | CopyDestroyed
    | FilesSecured
    | PoliceReported
    | Registered
)
TrailEvent = Delivered | Unreachable | Reached | Touched | Opened | Reminded | Escalated
"""What happened around the case without changing it: kept on a stream of its own, raises no version."""
