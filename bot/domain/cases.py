"""A case (ärende): one flagged post's life on four tracks, decided by one pure function.

The tracks are decision (open, decided, reversed), application of a removal on the platform (none, pending,
applied, verified), registration (owed, registered; one item per duty) and disposal (kept, disposed).
``decide`` turns a command into events or a typed refusal, ``apply`` folds an event into the case. Texts never
come here: a ``*_ref`` names an entry of the erasable content store.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from bot.domain.grounds import DUTY_GROUNDS, Ground
from bot.domain.organisation import Platform, Role
from bot.domain.posts import FlagSource, PostKind
from bot.domain.zone import local_day


class DecisionKind(StrEnum):
    DELETE = "delete"
    UNPUBLISH = "unpublish"
    KEEP = "keep"
    ANSWER = "answer"
    REFER_TO_PARTIES = "refer_to_parties"
    FORWARD = "forward"
    HAND_OVER = "hand_over"


REMOVALS = frozenset({DecisionKind.DELETE, DecisionKind.UNPUBLISH})
FOR_PUBLIC = frozenset(DecisionKind) - {DecisionKind.HAND_OVER}
FOR_DIRECT = frozenset({DecisionKind.HAND_OVER, DecisionKind.ANSWER, DecisionKind.FORWARD})


class DecisionState(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    REVERSED = "reversed"


class ApplicationState(StrEnum):
    NONE = "none"
    PENDING = "pending"
    APPLIED = "applied"
    VERIFIED = "verified"


class DisposalState(StrEnum):
    KEPT = "kept"
    DISPOSED = "disposed"


class PoliceReport(StrEnum):
    NOT_ASSESSED = "not_assessed"
    NOT_NEEDED = "not_needed"
    RECOMMENDED = "recommended"
    REPORTED = "reported"


class ForwardPurpose(StrEnum):
    """Why a case is forwarded: to be answered by one who masters the subject, or handled by the right unit."""

    ANSWER = "answer"
    REGISTRATION = "registration"
    VIEWS = "views"


class RegistrationCause(StrEnum):
    REMOVAL = "removal"
    DIRECT_MESSAGE = "direct_message"
    FORWARDED = "forwarded"


class Reason(StrEnum):
    """Why a command was refused."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_CASE = "unknown_case"
    BAD_PAYLOAD = "bad_payload"
    STALE = "stale"
    ALREADY_DECIDED = "already_decided"
    NOT_DECIDED = "not_decided"
    WRONG_FOR_KIND = "wrong_for_kind"
    GROUND_MISSING = "ground_missing"
    REASON_MISSING = "reason_missing"
    LAW_MISSING = "law_missing"
    REPLY_MISSING = "reply_missing"
    HIDING_NOT_ENOUGH = "hiding_not_enough"
    RECIPIENT_MISSING = "recipient_missing"
    POLICE_REFERENCE_MISSING = "police_reference_missing"
    POLICE_DATE_WRONG = "police_date_wrong"
    NOT_A_REMOVAL = "not_a_removal"
    NOT_APPLIED = "not_applied"
    ALREADY_APPLIED = "already_applied"
    NUMBER_MISSING = "number_missing"
    NUMBER_WRONG = "number_wrong"
    UNKNOWN_ITEM = "unknown_item"
    ALREADY_REGISTERED = "already_registered"
    NOTHING_KEPT = "nothing_kept"
    FILES_NOT_REACHED = "files_not_reached"
    STORE_UNWRITABLE = "store_unwritable"
    ROLES_OUT_OF_DATE = "roles_out_of_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected no. ``by`` and ``at`` tell who was first, ``field`` which input is meant."""

    reason: Reason
    field: str | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, and the role that gives the right to; None means no right to this case."""

    id: str
    name: str
    right: Role | None


# Commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """``texts_ref`` holds reason, named law, reply and police reference; the ``has_*`` flags say which of
    them were given. ``seen`` is the case version that the decider's card showed."""

    kind: DecisionKind
    seen: int
    texts_ref: str
    has_reason: bool = False
    has_law: bool = False
    has_reply: bool = False
    ground: Ground | None = None
    obvious: bool = False
    police: PoliceReport = PoliceReport.NOT_ASSESSED
    has_police_reference: bool = False
    police_date: date | None = None
    passage: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """``to`` is a person's object id or an administration's id; ``administration`` the receiving one."""

    seen: int
    to: str
    purpose: ForwardPurpose
    administration: str
    texts_ref: str
    people: tuple[str, ...] = ()
    passage: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverse:
    """A new decision over an old one; it always carries a reason."""

    decision: Decide


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmApplied:
    """``seen`` as for a decision: what is confirmed is the removal that the card showed."""

    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmVerified:
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectAbuse:
    """Suspected child abuse material: the copy is destroyed and the removal decided in the same breath."""

    seen: int
    texts_ref: str
    passage: str = ""
    guideline: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuredFile:
    """A file kept as evidence: ``place`` counts the snapshot's files from 0; the refs hold its name and hash, and it."""

    place: int
    text_ref: str
    data_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureFiles:
    """What could be fetched of the snapshot's files; none could if ``files`` is empty."""

    snapshot: str
    files: tuple[SecuredFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportToPolice:
    reference_ref: str
    reported: date
    has_reference: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """``corrects`` when the number that is there was a slip of the pen: the record keeps both."""

    item: str
    number: str
    corrects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSnapshot:
    """The same post was flagged again with another text, or by somebody else."""

    post_ref: str
    flag_ref: str
    changed: bool


Command = (
    Decide
    | Forward
    | Reverse
    | ConfirmApplied
    | ConfirmVerified
    | SuspectAbuse
    | SecureFiles
    | ReportToPolice
    | Register
    | AddSnapshot
)


# Events ---------------------------------------------------------------------------------------------------


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
    """What intake had taken in is destroyed with its salt; only link and times are left."""

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
class Delivered:
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """The card could not be delivered to this recipient; ``why`` is the platform's code."""

    to: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One who was out of reach has turned up and is owed the card."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Shown to one who was not sent the card: from then on this copy is updated like the others."""

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


# State ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDecision:
    """A decision with the time it was made."""

    made: Decided
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """A registration item (diarieföring): owed from the decision on, closed by the diary number."""

    id: str
    cause: RegistrationCause
    administration: str
    decision: int
    owed_at: datetime
    number: str | None = None
    registered_at: datetime | None = None
    registered_by: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """``version`` counts what changes what a decider must have seen; ``revision`` counts the whole stream.

    A post that changes after it was decided has to be looked at again: ``round`` counts how often the case was
    opened, ``opened_at`` is the last time. ``assignees`` may decide, ``informed`` may read.
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


_GONE = frozenset({ApplicationState.APPLIED, ApplicationState.VERIFIED})
"""The post has been removed, as far as anybody has said."""


# Deciding -------------------------------------------------------------------------------------------------


def decide(case: Case, command: Command, *, by: Actor, at: datetime) -> Sequence[CaseEvent] | Refusal:
    """The one transition function: what the command leads to, or why it may not.

    Registering is the registrar's right and adding a snapshot the intake's; all else is for those who may
    decide the case, whose role the caller resolved from the organisation.
    """
    if by.right is None:
        return Refusal(reason=Reason.NOT_ALLOWED)
    match command:
        case Decide():
            return _decide_open(case, command, by, at) if case.is_open else _too_late(case)
        case Reverse():
            return _reverse(case, command.decision, by, at)
        case Forward():
            return _forward(case, command, by) if case.is_open else _too_late(case)
        case SuspectAbuse():
            return _suspect_abuse(case, command, by)
        case ConfirmApplied() | ConfirmVerified():
            return _confirm(case, command)
        case SecureFiles():
            return _secure(case, command)
        case ReportToPolice():
            return _report(case, command, at)
        case Register():
            return _register(case, command, by)
        case AddSnapshot():
            return _flagged_again(case, command)
        case _:
            assert_never(command)


def _flagged_again(case: Case, command: AddSnapshot) -> Sequence[CaseEvent]:
    """Of what is destroyed nothing is taken in anew, but that it was seen again is."""
    if case.disposal is DisposalState.DISPOSED:
        return [SeenAgain()]
    added = SnapshotAdded(post_ref=command.post_ref, flag_ref=command.flag_ref, changed=command.changed)
    back = case.application in _GONE and not case.is_open and not command.changed
    return [added, SeenAgain()] if back else [added]


def _too_late(case: Case) -> Refusal:
    made = case.current
    if made is None:
        raise AssertionError("a case that is not open has a decision")
    return Refusal(reason=Reason.ALREADY_DECIDED, by=made.made.by_name, at=made.at)


def _decide_open(case: Case, command: Decide, by: Actor, at: datetime) -> Sequence[CaseEvent] | Refusal:
    if command.kind is DecisionKind.FORWARD:
        return Refusal(reason=Reason.RECIPIENT_MISSING, field="to")
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    return _lacking(case, command, at) or [_decision(case, command, by)]


def _reverse(case: Case, command: Decide, by: Actor, at: datetime) -> Sequence[CaseEvent] | Refusal:
    if case.is_open:
        return Refusal(reason=Reason.NOT_DECIDED)
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    if not command.has_reason:
        return Refusal(reason=Reason.REASON_MISSING, field="reason")
    if command.kind is DecisionKind.FORWARD:
        return Refusal(reason=Reason.RECIPIENT_MISSING, field="to")
    return _lacking(case, command, at) or [_decision(case, command, by)]


def _lacking(case: Case, command: Decide, at: datetime) -> Refusal | None:
    allowed = FOR_DIRECT if case.post_kind is PostKind.DIRECT_MESSAGE else FOR_PUBLIC
    if command.kind not in allowed:
        return Refusal(reason=Reason.WRONG_FOR_KIND)
    if command.kind in REMOVALS:
        return _lacking_removal(case, command, at)
    answers = command.kind in {DecisionKind.ANSWER, DecisionKind.REFER_TO_PARTIES}
    if answers and not command.has_reply:
        return Refusal(reason=Reason.REPLY_MISSING, field="reply")
    return None


def _lacking_removal(case: Case, command: Decide, at: datetime) -> Refusal | None:
    if command.ground is None:
        return Refusal(reason=Reason.GROUND_MISSING, field="ground")
    if not command.has_reason:
        return Refusal(reason=Reason.REASON_MISSING, field="reason")
    if command.ground is Ground.ANNAT_LAGBROTT and not command.has_law:
        return Refusal(reason=Reason.LAW_MISSING, field="law")
    if command.police is PoliceReport.REPORTED:
        if not command.has_police_reference:
            return Refusal(reason=Reason.POLICE_REFERENCE_MISSING, field="police_reference")
        if command.police_date is None or not _plausible(command.police_date, case, at):
            return Refusal(reason=Reason.POLICE_DATE_WRONG, field="police_date")
    hidden_only = command.kind is DecisionKind.UNPUBLISH and case.platform is Platform.FACEBOOK
    if hidden_only and is_duty(command.ground, obvious=command.obvious):
        return Refusal(reason=Reason.HIDING_NOT_ENOUGH, field="ground")
    return None


def is_duty(ground: Ground, *, obvious: bool) -> bool:
    """Whether the law itself demands that the post goes: such a ground, and the offence ticked as obvious."""
    return obvious and ground in DUTY_GROUNDS


def _decision(case: Case, command: Decide, by: Actor) -> Decided:
    removal = command.kind in REMOVALS
    return Decided(
        number=len(case.decisions) + 1,
        kind=command.kind,
        by=by.id,
        by_name=by.name,
        role=_right(by),
        seen=command.seen,
        snapshot_ref=case.snapshots[-1],
        texts_ref=command.texts_ref,
        passage=command.passage,
        guideline=command.guideline,
        ground=command.ground if removal else None,
        obvious=removal and command.obvious,
        police=command.police if removal else PoliceReport.NOT_ASSESSED,
        police_date=command.police_date if removal else None,
        administration=case.administration,
    )


def _right(by: Actor) -> Role:
    if by.right is None:
        raise AssertionError("rights are checked before a decision is formed")
    return by.right


def _forward(case: Case, command: Forward, by: Actor) -> Sequence[CaseEvent] | Refusal:
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    if not command.people or command.people == (by.id,):
        return Refusal(reason=Reason.RECIPIENT_MISSING, field="to")
    if command.purpose is ForwardPurpose.ANSWER:
        return [
            Assigned(
                to=command.to,
                people=command.people,
                by=by.id,
                by_name=by.name,
                texts_ref=command.texts_ref,
                seen=command.seen,
                passage=command.passage,
                guideline=command.guideline,
            )
        ]
    forwarded = Decide(
        kind=DecisionKind.FORWARD,
        seen=command.seen,
        texts_ref=command.texts_ref,
        passage=command.passage,
        guideline=command.guideline,
    )
    return [
        replace(
            _decision(case, forwarded, by),
            forwarded_to=command.to,
            people=() if command.to == command.administration else command.people,
            purpose=command.purpose,
            administration=command.administration,
        )
    ]


def _suspect_abuse(case: Case, command: SuspectAbuse, by: Actor) -> Sequence[CaseEvent] | Refusal:
    if case.disposal is DisposalState.DISPOSED:
        return Refusal(reason=Reason.NOTHING_KEPT)
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    files = [ref for one in case.secured for file in one.files for ref in (file.text_ref, file.data_ref)]
    destroyed = CopyDestroyed(refs=tuple(dict.fromkeys((*case.snapshots, *case.flags, *files))))
    removal = Decide(
        kind=DecisionKind.DELETE,
        seen=command.seen,
        texts_ref=command.texts_ref,
        ground=Ground.VALD_PORNOGRAFI,
        obvious=True,
        police=PoliceReport.RECOMMENDED,
        passage=command.passage,
        guideline=command.guideline,
    )
    return [destroyed, replace(_decision(case, removal, by), abuse=True)]


def _secure(case: Case, command: SecureFiles) -> Sequence[CaseEvent] | Refusal:
    if case.disposal is DisposalState.DISPOSED:
        return Refusal(reason=Reason.NOTHING_KEPT)
    known = {file.place for file in case.secured_of(command.snapshot)}
    files = tuple(file for file in command.files if file.place not in known)
    if not files:
        return Refusal(reason=Reason.FILES_NOT_REACHED)
    return [FilesSecured(snapshot=command.snapshot, files=files)]


def _confirm(case: Case, command: ConfirmApplied | ConfirmVerified) -> Sequence[CaseEvent] | Refusal:
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    match case.application, command:
        case ApplicationState.NONE, _:
            return Refusal(reason=Reason.NOT_A_REMOVAL)
        case ApplicationState.PENDING, ConfirmApplied():
            return [Applied()]
        case ApplicationState.PENDING, ConfirmVerified():
            return Refusal(reason=Reason.NOT_APPLIED)
        case ApplicationState.APPLIED, ConfirmVerified():
            return [VerifiedGone()]
        case _:
            return Refusal(reason=Reason.ALREADY_APPLIED, at=case.verified_at or case.applied_at)


def _plausible(reported: date, case: Case, at: datetime) -> bool:
    """Nobody reports a post before it was published; where nobody knows when, not a year before it was flagged."""
    earliest = (
        local_day(case.published_at)
        if case.published_at
        else local_day(case.flagged_at) - timedelta(days=365)
    )
    return earliest <= reported <= local_day(at)


def _report(case: Case, command: ReportToPolice, at: datetime) -> Sequence[CaseEvent] | Refusal:
    if case.current is None or case.current.made.kind not in REMOVALS:
        return Refusal(reason=Reason.NOT_A_REMOVAL)
    if not command.has_reference:
        return Refusal(reason=Reason.POLICE_REFERENCE_MISSING, field="police_reference")
    if not _plausible(command.reported, case, at):
        return Refusal(reason=Reason.POLICE_DATE_WRONG, field="police_date")
    return [PoliceReported(reference_ref=command.reference_ref, reported=command.reported)]


def _register(case: Case, command: Register, by: Actor) -> Sequence[CaseEvent] | Refusal:
    item = next((item for item in case.registrations if item.id == command.item), None)
    if item is None:
        return Refusal(reason=Reason.UNKNOWN_ITEM)
    if by.right is not Role.REGISTRAR:
        return Refusal(reason=Reason.NOT_ALLOWED)
    if item.number is not None and not command.corrects:
        return Refusal(reason=Reason.ALREADY_REGISTERED, by=item.number, at=item.registered_at)
    number = " ".join(command.number.split())
    if not number:
        return Refusal(reason=Reason.NUMBER_MISSING, field="number")
    if not _DIARY_NUMBER.fullmatch(number):
        return Refusal(reason=Reason.NUMBER_WRONG, field="number")
    return [Registered(item=command.item, number=number)]


_DIARY_NUMBER = re.compile(r"(?=.*\d)[A-Za-zÅÄÖåäö0-9 ./:_-]{1,40}")
"""As registers number: "KS 2026/123". It stays in the journal for good, so it can't be any text."""


# Folding --------------------------------------------------------------------------------------------------


def opened(designation: str, event: Flagged, *, at: datetime) -> Case:
    """The case that a flag brings into being."""
    return Case(
        designation=designation,
        channel=event.channel,
        platform=event.platform,
        administration=event.administration,
        post_kind=event.post_kind,
        source=event.source,
        snapshots=(event.post_ref,),
        flags=(event.flag_ref,),
        locator_ref=event.locator_ref,
        flagged_at=at,
        published_at=event.published_at,
        suggested=event.suggested,
    )


def apply(case: Case, event: CaseEvent | TrailEvent, *, at: datetime, by: str) -> Case:
    """The case after the event; ``by`` is the object id the event is recorded under."""
    match event:
        case Delivered() | Unreachable() | Reached() | Touched() | Opened() | Reminded() | Escalated():
            return _apply_trail(case, event, at)
        case Flagged():
            raise ValueError("a case is flagged once; a repeat adds a snapshot")
        case SnapshotAdded():
            case = replace(case, flags=(*case.flags, event.flag_ref))
            if event.changed:
                case = replace(case, snapshots=(*case.snapshots, event.post_ref), version=case.version + 1)
                case = case if _still_stands(case) else _reopened(case, at)
        case Decided():
            case = _apply_decision(case, event, at)
        case Assigned():
            case = replace(
                case,
                forwards=(*case.forwards, event),
                assignees=tuple(dict.fromkeys((*case.assignees, *event.people))),
                version=case.version + 1,
                touched_at=case.touched_at or at,
            )
        case Applied():
            case = replace(case, application=ApplicationState.APPLIED, applied_at=at)
        case SeenAgain():
            case = _seen_again(case, at)
        case VerifiedGone():
            case = replace(case, application=ApplicationState.VERIFIED, verified_at=at)
        case CopyDestroyed():
            case = replace(case, disposal=DisposalState.DISPOSED)
        case FilesSecured():
            case = replace(case, secured=(*case.secured, event), touched_at=case.touched_at or at)
        case PoliceReported():
            case = replace(case, police_reported=event.reported, police_ref=event.reference_ref)
        case Registered():
            case = replace(
                case,
                registrations=tuple(
                    replace(item, number=event.number, registered_at=at, registered_by=by)
                    if item.id == event.item
                    else item
                    for item in case.registrations
                ),
            )
        case _:
            assert_never(event)
    return replace(case, revision=case.revision + 1)


def _seen_again(case: Case, at: datetime) -> Case:
    case = replace(case, seen_again=case.seen_again + 1)
    return replace(_pending(case, at), version=case.version + 1) if case.application in _GONE else case


def _pending(case: Case, at: datetime) -> Case:
    """A removal is due from now on."""
    return replace(
        case,
        application=ApplicationState.PENDING,
        pending_since=at,
        applied_at=None,
        verified_at=None,
        removal_reminded_at=None,
        removal_escalated_at=None,
    )


def _still_stands(case: Case) -> bool:
    """Whether a changed text leaves the case as it is: not decided yet, or to be removed whatever it says now."""
    return case.is_open or case.application is ApplicationState.PENDING


def _reopened(case: Case, at: datetime) -> Case:
    return replace(
        case,
        decision=DecisionState.OPEN,
        round=case.round + 1,
        reopened_at=at,
        application=ApplicationState.NONE,
        applied_at=None,
        verified_at=None,
        delivered_at=None,
        touched_at=None,
        reminded_at=None,
        escalated_at=None,
    )


def _apply_trail(case: Case, event: TrailEvent, at: datetime) -> Case:
    match event:
        case Delivered():
            return case if case.delivered_at else replace(case, delivered_at=at)
        case Unreachable():
            return replace(case, unreachable=tuple(dict.fromkeys((*case.unreachable, event.to))))
        case Reached():
            return replace(case, unreachable=tuple(one for one in case.unreachable if one != event.to))
        case Touched():
            return case if case.touched_at else replace(case, touched_at=at)
        case Opened():
            return replace(case, viewers=tuple(dict.fromkeys((*case.viewers, event.by))))
        case Reminded():
            removal = event.of is Awaits.REMOVAL
            return replace(case, removal_reminded_at=at) if removal else replace(case, reminded_at=at)
        case Escalated():
            case = replace(case, escalated_at=case.escalated_at or at)
            return replace(case, removal_escalated_at=at) if event.of is Awaits.REMOVAL else case
        case _:
            assert_never(event)


def _apply_decision(case: Case, event: Decided, at: datetime) -> Case:
    application = _application_after(case, event)
    registration = _registration_owed(case, event, at)
    anew = application is ApplicationState.PENDING and case.application is not ApplicationState.PENDING
    after = _pending(case, at) if anew else case
    return replace(
        after,
        decision=DecisionState.DECIDED if case.is_open else DecisionState.REVERSED,
        decisions=(*case.decisions, MadeDecision(made=event, at=at)),
        application=application,
        registrations=(*case.registrations, *registration),
        police_reported=event.police_date or case.police_reported,
        touched_at=case.touched_at or at,
        informed=tuple(dict.fromkeys((*case.informed, *event.people))),
        applied_at=after.applied_at if application in _GONE else None,
        verified_at=after.verified_at if application in _GONE else None,
        version=case.version + 1,
    )


def _application_after(case: Case, event: Decided) -> ApplicationState:
    """A post that is gone stays gone when one removal replaces another; else a removal starts anew."""
    if event.kind not in REMOVALS:
        return ApplicationState.NONE
    same = case.current is not None and case.current.made.kind is event.kind
    return case.application if same and not case.is_open else ApplicationState.PENDING


def _registration_owed(case: Case, event: Decided, at: datetime) -> tuple[Registration, ...]:
    if event.kind in REMOVALS:
        cause, administration = RegistrationCause.REMOVAL, case.administration
    elif event.kind is DecisionKind.HAND_OVER:
        cause, administration = RegistrationCause.DIRECT_MESSAGE, case.administration
    elif event.kind is DecisionKind.FORWARD:
        cause, administration = RegistrationCause.FORWARDED, event.administration or case.administration
    else:
        return ()
    item = Registration(
        id=f"{case.designation}-{event.number}",
        cause=cause,
        administration=administration,
        decision=event.number,
        owed_at=at,
    )
    return (item,)
