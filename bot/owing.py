"""Which messages an event makes the bot owe, and to whom."""

from collections.abc import Iterable, Sequence

from bot.domain.cases import Case
from bot.domain.organisation import Channel, Organisation
from bot.record import CASE_MESSAGE
from storage.store import Message

REFRESH = "refresh"
REGISTRATION = "registration"
REGISTRATION_REFRESH = "registration_refresh"
REMINDER = "reminder"


def person(object_id: str) -> str:
    return f"person:{object_id}"


def conversation(conversation_id: str) -> str:
    return f"conversation:{conversation_id}"


def communications(organisation: Organisation) -> tuple[str, ...]:
    unit = organisation.communications
    return (conversation(unit.cards_to),) if unit.cards_to else tuple(person(one) for one in unit.members)


def admins_of(channel: Channel, organisation: Organisation) -> tuple[str, ...]:
    """Where a channel's cards go: its Teams conversation, else each admin, else communications."""
    if channel.cards_to:
        return (conversation(channel.cards_to),)
    return tuple(person(admin) for admin in channel.admins) or communications(organisation)


def case_cards(designation: str, to: Iterable[str], *, cause: str = "flagged") -> tuple[Message, ...]:
    """The case's card for each recipient; ``cause`` says which banner it comes with."""
    return tuple(
        Message(
            id=f"{CASE_MESSAGE}/{designation}/{cause}/{one}",
            to=one,
            kind=CASE_MESSAGE,
            subject=designation,
            data={"cause": cause},
        )
        for one in to
    )


def refreshes(case: Case, *, revision: int) -> tuple[Message, ...]:
    """One update of the card for everybody who has one; ``revision`` is the stream's after the change."""
    return tuple(
        Message(
            id=f"{REFRESH}/{case.designation}/{revision}/{one}",
            to=one,
            kind=REFRESH,
            subject=case.designation,
        )
        for one in dict.fromkeys((*case.recipients, *(person(viewer) for viewer in case.viewers)))
    )


def registration_cards(item: str, designation: str, registrars: Sequence[str]) -> tuple[Message, ...]:
    return tuple(
        Message(
            id=f"{REGISTRATION}/{item}/{one}",
            to=person(one),
            kind=REGISTRATION,
            subject=designation,
            data={"item": item},
        )
        for one in registrars
    )


def registration_refreshes(
    item: str, designation: str, registrars: Sequence[str], *, revision: int
) -> tuple[Message, ...]:
    return tuple(
        Message(
            id=f"{REGISTRATION_REFRESH}/{item}/{revision}/{one}",
            to=person(one),
            kind=REGISTRATION_REFRESH,
            subject=designation,
            data={"item": item},
        )
        for one in registrars
    )
