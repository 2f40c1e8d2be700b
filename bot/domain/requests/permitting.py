"""Who may ask for what, and in which states: two tables that ``decide`` goes by before anything else."""

from collections.abc import Mapping
from datetime import date

from bot.domain.organisation import Person
from bot.domain.requests.commands import (
    AskForMore,
    Command,
    Comment,
    Complete,
    Decide,
    GiveOpinion,
    HandOver,
    Lapse,
    Reassign,
    Register,
    Resume,
    SaveDraft,
    Submit,
    Withdraw,
)
from bot.domain.requests.rights import Surroundings, bar_to_decide, parts_of
from bot.domain.requests.state import Request
from bot.domain.requests.terms import (
    DECIDED,
    DECIDERS,
    UNDER_WAY,
    Bar,
    Part,
    Reason,
    Refusal,
    RequestStatus,
)

_REQUESTER = frozenset({Part.REQUESTER})
_CONSULTED = frozenset({Part.CONSULTED})
_INVOLVED = DECIDERS | _CONSULTED | _REQUESTER

WHO: Mapping[type[Command], frozenset[Part]] = {
    SaveDraft: _REQUESTER,
    Submit: _REQUESTER,
    GiveOpinion: _CONSULTED,
    Lapse: frozenset({Part.SYSTEM}),
    AskForMore: DECIDERS | _CONSULTED,
    Complete: _REQUESTER,
    Resume: DECIDERS | _CONSULTED,
    Decide: DECIDERS,
    Withdraw: _REQUESTER,
    Reassign: DECIDERS,
    HandOver: _INVOLVED,
    Comment: _INVOLVED,
    Register: frozenset({Part.REGISTRAR}),
}

WHEN: Mapping[type[Command], frozenset[RequestStatus]] = {
    SaveDraft: frozenset({RequestStatus.DRAFT}),
    Submit: frozenset({RequestStatus.DRAFT}),
    GiveOpinion: frozenset({RequestStatus.CONSULTATION, RequestStatus.DECISION}),
    Lapse: frozenset({RequestStatus.CONSULTATION}),
    AskForMore: frozenset({RequestStatus.CONSULTATION, RequestStatus.DECISION}),
    Complete: frozenset({RequestStatus.MORE_INFORMATION}),
    Resume: frozenset({RequestStatus.MORE_INFORMATION}),
    Decide: frozenset({RequestStatus.DECISION}),
    Withdraw: UNDER_WAY | {RequestStatus.DRAFT},
    Reassign: UNDER_WAY,
    HandOver: UNDER_WAY | {RequestStatus.DRAFT},
    Comment: UNDER_WAY,
    Register: DECIDED,
}

_BARRED_FROM = frozenset({GiveOpinion, AskForMore, Resume, Decide, Reassign, HandOver})
"""What one who is barred (jäv) takes no part in; what they may as the requester they still may."""


def acting_as(
    request: Request, command: Command, by: Person, within: Surroundings, day: date
) -> frozenset[Part] | Refusal:
    """The parts in which the person may ask for this."""
    parts = parts_of(request, by.id, within, day) & WHO[type(command)]
    if not parts:
        return Refusal(reason=Reason.NOT_ALLOWED)
    if type(command) not in _BARRED_FROM or parts & _REQUESTER:
        return parts
    bar = bar_to_decide(request, by.id, within, day) if isinstance(command, Decide) else request.bar(by.id)
    return Refusal(reason=_BARS[bar]) if bar else parts


_BARS = {
    Bar.REQUESTER: Reason.OWN_REQUEST,
    Bar.NAMED: Reason.NAMED_IN_REQUEST,
    Bar.ADVISED: Reason.GAVE_THE_OPINION,
}


def out_of_turn(request: Request, command: Command) -> Refusal | None:
    """Why this can't be asked for in the state that the request is in; None when it can."""
    if request.status in WHEN[type(command)]:
        return None
    match request.status:
        case RequestStatus.APPROVED | RequestStatus.REJECTED | RequestStatus.WITHDRAWN:
            return closed(request)
        case _ if isinstance(command, Register):
            return Refusal(reason=Reason.NOT_DECIDED)
        case RequestStatus.DRAFT:
            return Refusal(reason=Reason.NOT_SUBMITTED)
        case _ if isinstance(command, SaveDraft | Submit):
            return Refusal(reason=Reason.ALREADY_SUBMITTED, at=request.submitted_at)
        case RequestStatus.MORE_INFORMATION:
            return Refusal(reason=Reason.AWAITS_REQUESTER, by=request.requester_name, at=request.since)
        case _ if isinstance(command, Complete | Resume):
            return Refusal(reason=Reason.NOTHING_ASKED)
        case RequestStatus.CONSULTATION:
            return Refusal(reason=Reason.CONSULTATION_OPEN, due=request.consultation_due)
        case _:
            return Refusal(reason=Reason.CONSULTATION_OVER)


def closed(request: Request) -> Refusal:
    """Who closed it, and when: the head who presses after a withdrawal, the second of two deputies."""
    if request.withdrawal is not None:
        gone = request.withdrawal
        return Refusal(reason=Reason.WITHDRAWN, by=gone.by_name, at=gone.at)
    if request.decision is None:
        raise AssertionError("a closed request is decided or withdrawn")
    return Refusal(reason=Reason.ALREADY_DECIDED, by=request.decision.made.by_name, at=request.decision.at)
