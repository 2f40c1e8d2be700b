"""The one transition function: what a command leads to, or why it may not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.cases.commands import (
    AddSnapshot,
    Command,
    ConfirmApplied,
    ConfirmVerified,
    Decide,
    Forward,
    Register,
    ReportToPolice,
    Reverse,
    SecureFiles,
    SuspectAbuse,
)
from bot.domain.cases.events import Assigned, CaseEvent, SeenAgain, SnapshotAdded
from bot.domain.cases.following import confirm, register, report, secure, suspect_abuse
from bot.domain.cases.forming import form_decision, is_duty, plausible_day
from bot.domain.cases.state import GONE, Case
from bot.domain.cases.terms import (
    FOR_DIRECT,
    FOR_PUBLIC,
    REMOVALS,
    Actor,
    DecisionKind,
    DisposalState,
    ForwardPurpose,
    PoliceReport,
    Reason,
    Refusal,
)
from bot.domain.grounds import Ground
from bot.domain.organisation import Platform
from bot.domain.posts import PostKind


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
            return suspect_abuse(case, command, by)
        case ConfirmApplied() | ConfirmVerified():
            return confirm(case, command)
        case SecureFiles():
            return secure(case, command)
        case ReportToPolice():
            return report(case, command, at)
        case Register():
            return register(case, command, by)
        case AddSnapshot():
            return _flagged_again(case, command)
        case _:
            assert_never(command)


def _flagged_again(case: Case, command: AddSnapshot) -> Sequence[CaseEvent]:
    """Of what is destroyed nothing is taken in anew, but that it was seen again is."""
    if case.disposal is DisposalState.DISPOSED:
        return [SeenAgain()]
    added = SnapshotAdded(post_ref=command.post_ref, flag_ref=command.flag_ref, changed=command.changed)
    back = case.application in GONE and not case.is_open and not command.changed
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
    return _lacking(case, command, at) or [form_decision(case, command, by)]


def _reverse(case: Case, command: Decide, by: Actor, at: datetime) -> Sequence[CaseEvent] | Refusal:
    if case.is_open:
        return Refusal(reason=Reason.NOT_DECIDED)
    if command.seen != case.version:
        return Refusal(reason=Reason.STALE)
    if not command.has_reason:
        return Refusal(reason=Reason.REASON_MISSING, field="reason")
    if command.kind is DecisionKind.FORWARD:
        return Refusal(reason=Reason.RECIPIENT_MISSING, field="to")
    return _lacking(case, command, at) or [form_decision(case, command, by)]


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
        if command.police_date is None or not plausible_day(command.police_date, case, at):
            return Refusal(reason=Reason.POLICE_DATE_WRONG, field="police_date")
    hidden_only = command.kind is DecisionKind.UNPUBLISH and case.platform is Platform.FACEBOOK
    if hidden_only and is_duty(command.ground, obvious=command.obvious):
        return Refusal(reason=Reason.HIDING_NOT_ENOUGH, field="ground")
    return None


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
            form_decision(case, forwarded, by),
            forwarded_to=command.to,
            people=() if command.to == command.administration else command.people,
            purpose=command.purpose,
            administration=command.administration,
        )
    ]
