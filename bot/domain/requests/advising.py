"""The consultation: an opinion, none in time, or questions back to the requester."""

from collections.abc import Sequence
from datetime import date

from bot.domain.organisation import Person
from bot.domain.requests.calling import consulted
from bot.domain.requests.commands import AskForMore, GiveOpinion
from bot.domain.requests.events import ConsultationLapsed, MoreAsked, OpinionGiven, RequestEvent
from bot.domain.requests.rights import Surroundings
from bot.domain.requests.routing import whose_turn
from bot.domain.requests.state import Request
from bot.domain.requests.terms import LapseCause, OpinionKind, Part, Reason, Refusal


def give_opinion(
    request: Request, command: GiveOpinion, by: Person, day: date
) -> Sequence[RequestEvent] | Refusal:
    """One for each state of the form: communications speak with one voice. It may come late, until it is decided.

    It is stale only when the form has changed since: that the last day has passed meanwhile changes nothing in it.
    """
    due = request.consultation_due
    if due is None:
        return Refusal(reason=Reason.NO_CONSULTATION)
    if command.seen < request.form_version or command.seen > request.version:
        return Refusal(reason=Reason.STALE)
    first = request.opinion_in_force
    if first is not None:
        return Refusal(reason=Reason.OPINION_GIVEN, by=first.given.by_name, at=first.at)
    if command.kind is None:
        return Refusal(reason=Reason.OPINION_MISSING, field="opinion")
    if command.kind is not OpinionKind.NO_OBJECTION and not command.has_reason:
        return Refusal(reason=Reason.REASON_MISSING, field="reason")
    return [
        OpinionGiven(
            number=len(request.opinions) + 1,
            kind=command.kind,
            by=by.id,
            by_name=by.name,
            seen=command.seen,
            texts_ref=command.texts_ref,
            late=day > due,
        )
    ]


def lapse(request: Request, within: Surroundings, day: date) -> Sequence[RequestEvent] | Refusal:
    """At once where nobody may give an opinion, else once the last day is past."""
    if not consulted(request, within):
        return [ConsultationLapsed(cause=LapseCause.NOBODY)]
    if request.consultation_due is None or day <= request.consultation_due:
        return Refusal(reason=Reason.NOT_YET_DUE, due=request.consultation_due)
    return [ConsultationLapsed(cause=LapseCause.DEADLINE)]


def ask_for_more(
    request: Request, command: AskForMore, by: Person, acting: frozenset[Part]
) -> Sequence[RequestEvent] | Refusal:
    """By whoever's turn it is: communications while they are consulted, then those who decide."""
    parts = sorted(acting & whose_turn(request.status))
    if not parts:
        return Refusal(reason=Reason.NOT_YOUR_TURN)
    if command.seen != request.version:
        return Refusal(reason=Reason.STALE)
    if not command.has_questions:
        return Refusal(reason=Reason.QUESTIONS_MISSING, field="questions")
    return [
        MoreAsked(by=by.id, by_name=by.name, part=parts[0], seen=command.seen, texts_ref=command.texts_ref)
    ]
