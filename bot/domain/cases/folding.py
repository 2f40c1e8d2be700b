"""From an event to the case after it."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.cases.events import (
    Applied,
    Assigned,
    Awaits,
    CaseEvent,
    CopyDestroyed,
    Decided,
    Escalated,
    FilesSecured,
    Flagged,
    PoliceReported,
    Registered,
    Reminded,
    SeenAgain,
    SnapshotAdded,
    Touched,
    TrailEvent,
    VerifiedGone,
)
from bot.domain.cases.state import GONE, Case, MadeDecision, Registration
from bot.domain.cases.terms import (
    REMOVALS,
    ApplicationState,
    DecisionKind,
    DecisionState,
    DisposalState,
    RegistrationCause,
)
from bot.domain.trail import Delivered, Opened, Reached, Unreachable


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
        case Decided():  # in one step: a copy of a case costs as much as a tenth of its card
            return _apply_decision(case, event, at)
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
            case = replace(case, disposal=DisposalState.DISPOSED, destroyed=event.refs)
        case FilesSecured():
            case = replace(case, secured=(*case.secured, event), touched_at=case.touched_at or at)
        case PoliceReported():
            case = replace(case, police_reported=event.reported, police_ref=event.reference_ref)
        case Registered():
            case = replace(
                case,
                registrations=tuple(
                    replace(
                        item,
                        number=event.number,
                        entered=item.entered + 1,
                        registered_at=at,
                        registered_by=by,
                    )
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
    return replace(_pending(case, at), version=case.version + 1) if case.application in GONE else case


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
        police_ref=event.texts_ref if event.police_date else case.police_ref,
        touched_at=case.touched_at or at,
        informed=tuple(dict.fromkeys((*case.informed, *event.people))),
        applied_at=after.applied_at if application in GONE else None,
        verified_at=after.verified_at if application in GONE else None,
        version=case.version + 1,
        revision=case.revision + 1,
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
