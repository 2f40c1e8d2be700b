"""To whom a request goes on: whose turn it is, to a deputy, to another requester."""

from collections.abc import Sequence
from datetime import date

from bot.domain.organisation import Person
from bot.domain.requests.commands import HandOver, Reassign
from bot.domain.requests.events import HandedOver, Reassigned, RequestEvent
from bot.domain.requests.rights import Surroundings, bar_to_decide
from bot.domain.requests.state import Request
from bot.domain.requests.terms import DECIDERS, Part, Reason, Refusal, RequestStatus


def whose_turn(status: RequestStatus | None) -> frozenset[Part]:
    match status:
        case RequestStatus.CONSULTATION:
            return frozenset({Part.CONSULTED})
        case RequestStatus.DECISION:
            return DECIDERS
        case _:
            return frozenset({Part.REQUESTER})


def deputies_there(request: Request, by: str, within: Surroundings, day: date) -> tuple[str, ...]:
    """To whom the request can be passed on: neither barred nor away that day, and not who has it already."""
    unit = within.unit_of(request)
    return tuple(
        one
        for one in (unit.deputies if unit else ())
        if one != by and one not in request.reassigned
        if not bar_to_decide(request, one, within, day) and not within.away_until(request, one, day)
    )


def reassign(
    request: Request, command: Reassign, by: Person, within: Surroundings, day: date
) -> Sequence[RequestEvent] | Refusal:
    unit = within.unit_of(request)
    if unit is None or command.to not in unit.deputies:
        return Refusal(reason=Reason.NOT_A_DEPUTY, field="to")
    if bar_to_decide(request, command.to, within, day):
        return Refusal(reason=Reason.DEPUTY_BARRED, field="to")
    until = within.away_until(request, command.to, day)
    if until is not None:
        return Refusal(reason=Reason.DEPUTY_AWAY, field="to", due=until)
    if command.to == by.id or command.to in request.reassigned:
        return Refusal(reason=Reason.ALREADY_THEIRS, field="to")
    return [Reassigned(to=command.to, by=by.id, texts_ref=command.texts_ref)]


def hand_over(
    request: Request, command: HandOver, by: Person, within: Surroundings
) -> Sequence[RequestEvent] | Refusal:
    """By the requester, or for one who is missed by those whose work waits for the answer: a new requester may
    withdraw the request, so nobody takes it from one who is there.

    Not to head, deputies or communications: the bar that comes with it would let others choose who decides, or
    that nobody gives an opinion.
    """
    unit = within.unit_of(request)
    if by.id != request.requester:
        if request.status is RequestStatus.DRAFT:
            return Refusal(reason=Reason.NOT_ALLOWED)  # nobody else knows of it yet
        if not request.requester_is_missed:
            return Refusal(reason=Reason.REQUESTER_IS_THERE)
    if not command.to:
        return Refusal(reason=Reason.RECIPIENT_MISSING, field="to")
    if command.to == request.requester:
        return Refusal(reason=Reason.ALREADY_THEIRS, field="to")
    if unit is not None and command.to in (unit.head, *unit.deputies):
        return Refusal(reason=Reason.RECIPIENT_DECIDES, field="to")
    if command.to in within.organisation.communications.members:
        return Refusal(reason=Reason.RECIPIENT_CONSULTED, field="to")
    return [HandedOver(to=command.to, to_name=command.to_name, by=by.id)]
