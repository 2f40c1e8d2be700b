"""Which messages a change of a request makes the bot owe, and to whom."""

from collections.abc import Iterable, Sequence
from datetime import date

from bot.cases import owing
from bot.domain.organisation import Organisation
from bot.domain.requests import (
    Awaits,
    Decided,
    HandedOver,
    Request,
    RequestEvent,
    Surroundings,
    consulted,
    waited_for,
)
from bot.requests.record import REQUEST_ITEM_MESSAGE, REQUEST_MESSAGE
from storage.store import Message

REQUEST_REFRESH = "request_refresh"
REQUEST_ITEM_REFRESH = "request_item_refresh"
REQUEST_REMINDER = "request_reminder"
WELCOME = "request_welcome"
CONTACT = "request_contact"
FORMER_ADMIN = "request_former_admin"
ENDING = "request_ending"


def waited_at(request: Request, within: Surroundings, day: date) -> tuple[str, ...]:
    """Where the card goes to those whose turn it is: communications may have a conversation for theirs."""
    organisation = within.organisation
    if request.awaits is Awaits.OPINION and consulted(request, within):
        members = organisation.communications.members
        if len(consulted(request, within)) == len(members):
            return owing.communications(organisation)
    return tuple(owing.person(one) for one in waited_for(request, within, day))


def cards(request: Request, to: Iterable[str], *, cause: str, again: str = "") -> tuple[Message, ...]:
    """The request's card; ``cause`` says which banner it comes with. Owed once in each turn, unless ``again`` says
    which further time it is."""
    name, turn = request.designation, request.turn
    once = f"{name}/{cause}:{turn}{again}"
    return owing.to_each(to, REQUEST_MESSAGE, once=once, subject=name, cause=cause, turn=turn)


def turn_cards(request: Request, told: Iterable[str], within: Surroundings, day: date) -> tuple[Message, ...]:
    """For those whose turn it is and who have not been owed the card in this turn."""
    if request.awaits is None:
        return ()
    known = frozenset(told)
    to = [one for one in waited_at(request, within, day) if one not in known]
    return cards(request, to, cause=str(request.awaits))


def refreshes(request: Request, *, cause: str, but: Iterable[str] = ()) -> tuple[Message, ...]:
    """One update for everybody who has the card, by whatever way; ``cause`` is the change, which owes it once."""
    people = (*request.requesters, *request.viewers)
    to = dict.fromkeys((*request.recipients, *(owing.person(one) for one in people)))
    skipped, name = frozenset(but), request.designation
    told = (one for one in to if one not in skipped)
    return owing.to_each(told, REQUEST_REFRESH, once=f"{name}/{cause}", subject=name)


def items(request: Request, to: Iterable[str], *, cause: str = "") -> tuple[Message, ...]:
    """The card of the registration item."""
    name = request.designation
    return owing.to_each(to, REQUEST_ITEM_MESSAGE, once=f"{name}{cause}", subject=name)


def item_refreshes(request: Request, *, cause: str) -> tuple[Message, ...]:
    item, name = request.registration, request.designation
    to = dict.fromkeys((*(item.recipients if item else ()), *(owing.person(one) for one in request.viewers)))
    return owing.to_each(to, REQUEST_ITEM_REFRESH, once=f"{name}/{cause}", subject=name)


def notice(kind: str, request: Request, to: str, *, channel: str, person: str = "") -> Message:
    """What follows from an approval and is told once: a welcome, contact details, the end of a task."""
    once = f"{request.designation}/{channel}/{person}"
    return owing.message(to, kind, once=once, subject=request.designation, channel=channel, person=person)


def owed(
    before: Request | None,
    after: Request,
    events: Sequence[RequestEvent],
    *,
    told: Iterable[str],
    within: Surroundings,
    day: date,
) -> tuple[Message, ...]:
    """``told`` are those who have been owed the card in the turn that ``after`` is in."""
    new = [*turn_cards(after, told, within, day), *_news(before, after, events)]
    told_anew = [one.to for one in new]
    cause = str(after.revision)
    updates = refreshes(after, cause=cause, but=told_anew) if before is not None else ()
    registering = _registering(before, after, within.organisation, cause)
    return (*new, *updates, *registering)


def _news(before: Request | None, after: Request, events: Sequence[RequestEvent]) -> tuple[Message, ...]:
    """A card of its own, not an update far up in the chat, for whom the change concerns most."""
    if any(isinstance(one, Decided) for one in events):
        return cards(after, [owing.person(after.requester)], cause="decided")
    handed = [one for one in events if isinstance(one, HandedOver)]
    taken = [before.requester for one in handed if before is not None and one.by != before.requester]
    told = cards(after, [owing.person(one) for one in taken], cause="handed_away")
    if handed and after.awaits is not Awaits.COMPLETION:
        return (*told, *cards(after, [owing.person(one.to) for one in handed], cause="handed_over"))
    return told


def _registering(
    before: Request | None, after: Request, organisation: Organisation, cause: str
) -> tuple[Message, ...]:
    if after.registration is None:
        return ()
    if before is None or before.registration is None:
        return items(after, registrars(after, organisation))
    return item_refreshes(after, cause=cause)


def registrars(request: Request, organisation: Organisation) -> tuple[str, ...]:
    """Communications where the administration has none: somebody has to see to it."""
    found = owing.registrars_of(request.administration, organisation)
    return found or owing.communications(organisation)
