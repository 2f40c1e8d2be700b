"""What a person may ask of a request as it is now: what a card offers. ``decide`` judges all the same."""

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
    Reassign,
    Register,
    Resume,
    SaveDraft,
    Submit,
    Withdraw,
)
from bot.domain.requests.forms import Form
from bot.domain.requests.permitting import acting_as, out_of_turn
from bot.domain.requests.rights import Surroundings
from bot.domain.requests.routing import deputies_there, whose_turn
from bot.domain.requests.state import Request
from bot.domain.requests.terms import OpinionKind, Part, Refusal, RequestStatus, Verdict

_DAY = date.min
_ASKED: tuple[Command, ...] = (
    SaveDraft(form=Form()),
    Submit(form=Form(), consultation_due=_DAY),
    GiveOpinion(kind=OpinionKind.SUPPORTS, seen=1),
    AskForMore(seen=1, texts_ref=""),
    Complete(form=Form(), consultation_due=_DAY, seen=1),
    Resume(consultation_due=_DAY, seen=1),
    Decide(verdict=Verdict.APPROVED, seen=1),
    Withdraw(),
    Reassign(to=""),
    HandOver(to="", to_name=""),
    Comment(texts_ref=""),
    Register(item="", number=""),
)


def offered(request: Request, person: str, within: Surroundings, day: date) -> frozenset[type[Command]]:
    """The commands that neither the person's part nor the request's state stands against."""
    by = Person(id=person, name="")
    return frozenset(type(one) for one in _ASKED if _may(request, one, by, within, day))


def _may(request: Request, command: Command, by: Person, within: Surroundings, day: date) -> bool:
    acting = acting_as(request, command, by, within, day)
    if isinstance(acting, Refusal) or out_of_turn(request, command) is not None:
        return False
    if isinstance(command, Reassign):
        return bool(deputies_there(request, by.id, within, day))
    return _makes_sense(request, command, acting)


def _makes_sense(request: Request, command: Command, acting: frozenset[Part]) -> bool:
    match command:
        case AskForMore():
            return bool(acting & whose_turn(request.status))
        case Resume():
            return bool(acting & whose_turn(request.returns_to))
        case GiveOpinion():
            return request.lacks_opinion
        case HandOver():
            missed = request.status is not RequestStatus.DRAFT and request.requester_is_missed
            return Part.REQUESTER in acting or missed
        case _:
            return True
