"""A case as its events have made it: four tracks, and what follows from them."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.cases.commands import SecuredFile
from bot.domain.cases.events import Assigned, Awaits, Decided, FilesSecured
from bot.domain.cases.terms import ApplicationState, DecisionState, DisposalState, RegistrationCause
from bot.domain.grounds import Ground
from bot.domain.organisation import Platform
from bot.domain.posts import FlagSource, PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDecision:
    """A decision with the time it was made."""

    made: Decided
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A registration item (diarieföring): owed from the decision on, closed by the diary number. ``entered`` counts
    the numbers it was given, corrections too: the same one can come back."""

    id: str
    cause: RegistrationCause
    administration: str
    decision: int
    owed_at: datetime
    number: str | None = None
    entered: int = 0
    registered_at: datetime | None = None
    registered_by: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``version`` counts what changes what a decider must have seen; ``revision`` counts the whole stream.

    A post that changes after it was decided has to be looked at again: ``round`` counts how often the case was
    opened, ``opened_at`` is the last time. ``assignees`` may decide and ``informed`` read
    for as long as the organisation knows them. What ``destroyed`` names is gone, or will be as soon as the disk obeys.
    """

    designation: str
    channel: str
    platform: Platform
    administration: str
    post_kind: PostKind
    source: FlagSource
    snapshots: tuple[str, ...]
    flags: tuple[str, ...]
    locator_ref: str
    flagged_at: datetime
    published_at: datetime | None
    suggested: Ground | None = None
    version: int = 1
    revision: int = 1
    round: int = 1
    reopened_at: datetime | None = None
    seen_again: int = 0
    decision: DecisionState = DecisionState.OPEN
    application: ApplicationState = ApplicationState.NONE
    disposal: DisposalState = DisposalState.KEPT
    destroyed: tuple[str, ...] = ()
    decisions: tuple[MadeDecision, ...] = ()
    registrations: tuple[Registration, ...] = ()
    assignees: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()
    forwards: tuple[Assigned, ...] = ()
    secured: tuple[FilesSecured, ...] = ()
    pending_since: datetime | None = None
    applied_at: datetime | None = None
    verified_at: datetime | None = None
    police_reported: date | None = None
    """The last report's day; ``police_ref`` names the texts that hold that report's reference."""
    police_ref: str | None = None
    recipients: tuple[str, ...] = ()
    viewers: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    delivered_at: datetime | None = None
    touched_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    removal_reminded_at: datetime | None = None
    removal_escalated_at: datetime | None = None

    @property
    def current(self) -> MadeDecision | None:
        return self.decisions[-1] if self.decisions else None

    @property
    def is_open(self) -> bool:
        return self.decision is DecisionState.OPEN

    @property
    def shown_snapshot(self) -> str:
        """The post as it is to be decided on, or as it was when the decision that stands was taken."""
        if self.is_open or self.current is None:
            return self.snapshots[-1]
        return self.current.made.snapshot_ref

    def secured_of(self, snapshot: str) -> tuple[SecuredFile, ...]:
        """The files of that snapshot that are kept."""
        return tuple(file for one in self.secured if one.snapshot == snapshot for file in one.files)

    @property
    def suspected_abuse(self) -> bool:
        return any(one.made.abuse for one in self.decisions)

    @property
    def awaits(self) -> Awaits | None:
        if self.is_open:
            return Awaits.DECISION
        return Awaits.REMOVAL if self.application is ApplicationState.PENDING else None

    @property
    def waiting_since(self) -> datetime:
        """Since when what the case awaits has been due."""
        return self.opened_at if self.is_open or self.pending_since is None else self.pending_since

    @property
    def turn(self) -> str:
        """Which of the things that it has awaited one after the other this is: reminders are sent once for each."""
        return f"{self.round}.{len(self.decisions)}.{self.seen_again}"

    @property
    def opened_at(self) -> datetime:
        return self.reopened_at or self.flagged_at

    @property
    def removal_began(self) -> datetime | None:
        """When the removal that stands was first decided: one of the same kind over another is the same removal."""
        began = None
        for one in reversed(self.decisions):
            if self.current is None or one.made.kind is not self.current.made.kind:
                break
            began = one.at
        return began

    @property
    def owed(self) -> tuple[Registration, ...]:
        return tuple(item for item in self.registrations if item.number is None)


def trail_of(designation: str) -> str:
    """The stream of what happens around a case without changing it."""
    return f"{designation}/trail"


GONE = frozenset({ApplicationState.APPLIED, ApplicationState.VERIFIED})
"""The post has been removed, as far as anybody has said."""
