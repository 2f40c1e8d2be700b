"""From an event to the request after it."""

from dataclasses import replace
from datetime import date, datetime
from typing import assert_never

from bot.domain.organisation import Person
from bot.domain.requests.events import (
    Commented,
    Completed,
    ConsultationLapsed,
    Decided,
    DeputiesCalled,
    DocumentAsked,
    Drafted,
    DraftSaved,
    EffectCarriedOut,
    Escalated,
    HandedOver,
    MoreAsked,
    OpinionGiven,
    Reassigned,
    Registered,
    Reminded,
    RequestEvent,
    Resumed,
    Submitted,
    TrailEvent,
    Withdrawn,
)
from bot.domain.requests.state import (
    Approval,
    Opinion,
    Questions,
    Registration,
    Remark,
    Request,
    Withdrawal,
)
from bot.domain.requests.terms import RequestStatus
from bot.domain.trail import Delivered, Opened, Reached, Unreachable


def drafted(designation: str, event: Drafted, *, at: datetime) -> Request:
    """The request that a draft brings into being."""
    return Request(
        designation=designation,
        kind=event.kind,
        administration=event.administration,
        requester=event.requester,
        requester_name=event.requester_name,
        requesters=(event.requester,),
        form=event.form,
        drafted_at=at,
        since=at,
    )


def apply(request: Request, event: RequestEvent | TrailEvent, *, at: datetime, by: str) -> Request:
    """The request after the event; ``by`` is the object id the event is recorded under."""
    version = request.version + 1
    match event:
        case Drafted():
            raise ValueError("a request is drafted once")
        case DraftSaved() | Submitted() | Completed():
            request = replace(_formed(request, event, at), form_version=version)
        case OpinionGiven():
            request = _advised(request, event, at)
        case ConsultationLapsed():
            request = replace(_turned(request, at, RequestStatus.DECISION), lapsed=event.cause)
        case MoreAsked():
            request = _asked(request, event, at)
        case Resumed():
            request = _back(request, event.consultation_due, at)
        case Decided():
            request = _decided(request, event, at)
        case Withdrawn():
            request = _withdrawn(request, event, at)
        case Reassigned():
            request = _reassigned(request, event, at)
        case HandedOver():
            request = _handed_over(request, event, at)
        case Commented():
            remark = Remark(made=event, at=at)
            return replace(request, comments=(*request.comments, remark), revision=request.revision + 1)
        case Registered():
            return replace(_registered(request, event, at, by), revision=request.revision + 1)
        case _:
            return _apply_trail(request, event, at)
    return replace(request, version=version, revision=request.revision + 1)


def _turned(request: Request, at: datetime, status: RequestStatus | None = None) -> Request:
    """It is somebody else's turn now: waiting is counted anew."""
    return replace(
        request,
        status=status or request.status,
        since=at,
        turn=request.turn + 1,
        reminded_at=None,
        escalated_at=None,
    )


def _formed(request: Request, event: DraftSaved | Submitted | Completed, at: datetime) -> Request:
    request = replace(request, form=event.form)
    match event:
        case DraftSaved():
            return replace(request, administration=event.administration)
        case Submitted():
            consults = event.consultation_due is not None
            to = RequestStatus.CONSULTATION if consults else RequestStatus.DECISION
            return replace(
                _turned(request, at, to),
                administration=event.administration,
                submitted_at=at,
                consultation_due=event.consultation_due,
            )
        case Completed():
            answered = replace(request.questions[-1], answer_ref=event.texts_ref, answered_at=at)
            back = _back(request, event.consultation_due, at)
            return replace(back, questions=(*request.questions[:-1], answered))
        case _:
            assert_never(event)


def _back(request: Request, due: date | None, at: datetime) -> Request:
    """To where it was when more was asked for."""
    back = _turned(request, at, request.returns_to)
    return replace(back, returns_to=None, consultation_due=due or request.consultation_due)


def _advised(request: Request, event: OpinionGiven, at: datetime) -> Request:
    opinion = Opinion(given=event, at=at, form_version=request.form_version)
    in_time = request.status is RequestStatus.CONSULTATION
    after = _turned(request, at, RequestStatus.DECISION) if in_time else request
    return replace(after, opinions=(*request.opinions, opinion))


def _asked(request: Request, event: MoreAsked, at: datetime) -> Request:
    asked = Questions(asked=event, at=at)
    return replace(
        _turned(request, at, RequestStatus.MORE_INFORMATION),
        returns_to=request.status,
        questions=(*request.questions, asked),
    )


def _decided(request: Request, event: Decided, at: datetime) -> Request:
    """Either verdict is to be registered."""
    item = Registration(id=f"{request.designation}-1", administration=request.administration, owed_at=at)
    return replace(
        _turned(request, at, RequestStatus(event.verdict)),
        decision=Approval(made=event, at=at),
        registration=item,
    )


def _withdrawn(request: Request, event: Withdrawn, at: datetime) -> Request:
    withdrawal = Withdrawal(by=event.by, by_name=event.by_name, at=at, texts_ref=event.texts_ref)
    gone = _turned(request, at, RequestStatus.WITHDRAWN)
    return replace(gone, withdrawal=withdrawal, returns_to=None)


def _reassigned(request: Request, event: Reassigned, at: datetime) -> Request:
    after = _turned(request, at) if request.status is RequestStatus.DECISION else request
    return replace(after, reassigned=(*request.reassigned, event.to))


def _handed_over(request: Request, event: HandedOver, at: datetime) -> Request:
    theirs = request.status in {RequestStatus.DRAFT, RequestStatus.MORE_INFORMATION}
    return replace(
        _turned(request, at) if theirs else request,
        requester=event.to,
        requester_name=event.to_name,
        requesters=tuple(dict.fromkeys((*request.requesters, event.to))),
        earlier_requesters=(
            *request.earlier_requesters,
            Person(id=request.requester, name=request.requester_name),
        ),
    )


def _registered(request: Request, event: Registered, at: datetime, by: str) -> Request:
    if request.registration is None:
        raise ValueError("only a decided request has an item to register")
    item = replace(request.registration, number=event.number, registered_at=at, registered_by=by)
    return replace(request, registration=item)


def _apply_trail(request: Request, event: TrailEvent, at: datetime) -> Request:
    match event:
        case Delivered():
            return request if request.delivered_at else replace(request, delivered_at=at)
        case Unreachable():
            return replace(request, unreachable=tuple(dict.fromkeys((*request.unreachable, event.to))))
        case Reached():
            return replace(request, unreachable=tuple(one for one in request.unreachable if one != event.to))
        case Opened():
            return replace(request, viewers=tuple(dict.fromkeys((*request.viewers, event.by))))
        case Reminded():
            return replace(request, reminded_at=at) if event.turn == request.turn else request
        case Escalated():
            return replace(request, escalated_at=at) if event.turn == request.turn else request
        case DeputiesCalled():
            return request if request.deputies_called_at else replace(request, deputies_called_at=at)
        case DocumentAsked():
            return request
        case EffectCarriedOut():
            return replace(request, carried_out=(*request.carried_out, event))
        case _:
            assert_never(event)
