"""The one transition function: what a command on a request leads to, or why it may not."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from bot.domain.organisation import Person
from bot.domain.requests.advising import ask_for_more, give_opinion, lapse
from bot.domain.requests.approving import decide_verdict, register
from bot.domain.requests.commands import (
    AskForMore,
    Begin,
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
from bot.domain.requests.events import (
    Commented,
    Drafted,
    DraftSaved,
    RequestEvent,
    Withdrawn,
)
from bot.domain.requests.permitting import acting_as, out_of_turn
from bot.domain.requests.rights import Surroundings
from bot.domain.requests.routing import hand_over, reassign
from bot.domain.requests.state import Request
from bot.domain.requests.submitting import complete, resume, submit
from bot.domain.requests.terms import Reason, Refusal
from bot.domain.zone import local_day


def begin(command: Begin, *, by: Person, within: Surroundings) -> Drafted | Refusal:
    """Anybody may begin a draft; what it lacks is told when it is submitted, and what nobody knows is left out."""
    kind = within.kinds.get(command.kind)
    if kind is None:
        return Refusal(reason=Reason.UNKNOWN_KIND, field="kind")
    return Drafted(
        kind=kind.id,
        requester=by.id,
        requester_name=by.name,
        administration=within.administration_of(kind, command.form, command.administration),
        form=within.known_form(kind, command.form),
    )


def decide(
    request: Request, command: Command, *, by: Person, at: datetime, within: Surroundings
) -> Sequence[RequestEvent] | Refusal:
    """What the command leads to, or why it may not: first who asks, then the state, then what is asked."""
    day = local_day(at)
    acting = acting_as(request, command, by, within, day)
    if isinstance(acting, Refusal):
        return acting
    refused = out_of_turn(request, command)
    if refused is not None:
        return refused
    match command:
        case SaveDraft():
            return _save(request, command, within)
        case Submit():
            return submit(request, command, within, day)
        case GiveOpinion():
            return give_opinion(request, command, by, day)
        case Lapse():
            return lapse(request, within, day)
        case AskForMore():
            return ask_for_more(request, command, by, acting)
        case Complete():
            return complete(request, command, within, day)
        case Resume():
            return resume(request, command, by, acting)
        case Decide():
            return decide_verdict(request, command, by, acting, within, day)
        case Withdraw():
            return [Withdrawn(by=by.id, by_name=by.name, texts_ref=command.texts_ref)]
        case Reassign():
            return reassign(request, command, by, within, day)
        case HandOver():
            return hand_over(request, command, by, within)
        case Comment():
            return _comment(command, by)
        case Register():
            return register(request, command)
        case _:
            assert_never(command)


def _save(request: Request, command: SaveDraft, within: Surroundings) -> Sequence[RequestEvent] | Refusal:
    kind = within.kinds.get(request.kind)
    if kind is None:
        return Refusal(reason=Reason.UNKNOWN_KIND, field="kind")
    unit = within.administration_of(kind, command.form, command.administration)
    return [DraftSaved(administration=unit, form=within.known_form(kind, command.form))]


def _comment(command: Comment, by: Person) -> Sequence[RequestEvent] | Refusal:
    if not command.has_text:
        return Refusal(reason=Reason.TEXT_MISSING, field="comment")
    return [Commented(by=by.id, by_name=by.name, texts_ref=command.texts_ref)]
