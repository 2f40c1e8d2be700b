"""Which messages an event makes the bot owe, and to whom."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from bot.cases.record import CASE_MESSAGE, REGISTRATION_MESSAGE
from bot.domain.cases import Case, Registration
from bot.domain.organisation import Channel, Organisation
from storage.store import Message

REFRESH = "refresh"
REGISTRATION_REFRESH = "registration_refresh"
REMINDER = "reminder"
LIST_REFRESH = "list_refresh"


def message(to: str, kind: str, *, once: str, subject: str, **data: Any) -> Message:
    """``once`` says for what ``to`` is owed one of this kind, and no second."""
    return Message(id=f"{kind}/{once}/{to}", to=to, kind=kind, subject=subject, data=data)


def to_each(to: Iterable[str], kind: str, *, once: str, subject: str, **data: Any) -> tuple[Message, ...]:
    return tuple(message(one, kind, once=once, subject=subject, **data) for one in to)


def person(object_id: str) -> str:
    return f"person:{object_id}"


def conversation(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


def communications(organisation: Organisation, *, but: Collection[str] = ()) -> tuple[str, ...]:
    """Where the unit's cards go: its Teams channel, or each of its members where it has none, or one that is closed.
    ``but`` are those who can't be reached."""
    unit = organisation.communications
    if unit.cards_to and (office := conversation(unit.cards_to)) not in but:
        return (office,)
    return tuple(to for one in unit.members if (to := person(one)) not in but)


def to_each_instead(
    message: Message, organisation: Organisation, lost: Collection[str]
) -> tuple[Message, ...]:
    """The same to each of communications, where the unit's own Teams channel could not be reached; else nothing."""
    office = organisation.communications.cards_to
    if not office or message.to != conversation(office):
        return ()
    members = communications(organisation, but={*lost, message.to})
    return tuple(replace(message, id=f"{message.id}:instead/{one}", to=one) for one in members)


def admins_of(channel: Channel, organisation: Organisation) -> tuple[str, ...]:
    """Where a channel's cards go: its Teams conversation, else each admin, else communications."""
    if channel.cards_to:
        return (conversation(channel.cards_to),)
    return tuple(person(admin) for admin in channel.admins) or communications(organisation)


def case_cards(
    designation: str, to: Iterable[str], *, cause: str = "flagged", at: str = ""
) -> tuple[Message, ...]:
    """The case's card for each recipient; ``cause`` says which banner it comes with, ``at`` which time it is."""
    return to_each(to, CASE_MESSAGE, once=f"{designation}/{cause}{at}", subject=designation, cause=cause)


def refreshes(case: Case, *, cause: str) -> tuple[Message, ...]:
    """One update of the card for everybody who has one; ``cause`` is the change, which owes it once."""
    to, name = _with_viewers(case.recipients, case), case.designation
    return to_each(to, REFRESH, once=f"{name}/{cause}", subject=name)


def registration_cards(
    item: str, designation: str, to: Iterable[str], *, cause: str = ""
) -> tuple[Message, ...]:
    return to_each(to, REGISTRATION_MESSAGE, once=f"{item}{cause}", subject=designation, item=item)


def registration_refreshes(item: Registration, case: Case, *, cause: str) -> tuple[Message, ...]:
    to, once = _with_viewers(item.recipients, case), f"{item.id}/{cause}"
    return to_each(to, REGISTRATION_REFRESH, once=once, subject=case.designation, item=item.id)


def list_refreshes(case: Case, readers: Iterable[tuple[str, str]]) -> tuple[Message, ...]:
    """Lists quote what posts say: each that was ever shown, by name and to whom, is made anew once a post's words are
    destroyed. Who may see the case now would be too few: rights change, and the lists stay in the chat."""
    name = case.designation
    return tuple(
        message(person(reader), LIST_REFRESH, once=f"{name}/{what}", subject=name, what=what)
        for what, reader in readers
    )


def registrars_of(administration: str, organisation: Organisation) -> tuple[str, ...]:
    return tuple(person(one) for one in organisation.registrars_of(administration))


def _with_viewers(recipients: Iterable[str], case: Case) -> Iterable[str]:
    return dict.fromkeys((*recipients, *(person(viewer) for viewer in case.viewers)))
