"""Which messages a duty makes the bot owe, and to whom. A duty's cards go to people, since pictures are sent in
personal chats; those for communications where the unit has its cards."""

from collections.abc import Collection, Iterable

from bot.cases import owing
from bot.domain.channels import Register
from bot.domain.duties import Duty, answerable
from bot.domain.organisation import Organisation
from bot.duties.record import DUTY_MESSAGE, DutyRecord
from storage.store import Message

DUTY_REFRESH = "duty_refresh"
DONE_MESSAGE = "duty_done"
"""Tells communications that something was handed in; ``data["number"]`` says which time of the duty's it was."""
KINDS = frozenset({DUTY_MESSAGE, DUTY_REFRESH, DONE_MESSAGE})


def duty_cards(duty: Duty, to: Iterable[str], *, cause: str) -> tuple[Message, ...]:
    """The duty's card for each recipient, once for each turn and cause."""
    return tuple(
        Message(
            id=f"{DUTY_MESSAGE}/{duty.id}/{duty.due.isoformat()}/{cause}/{one}",
            to=one,
            kind=DUTY_MESSAGE,
            subject=duty.id,
            data={"due": duty.due.isoformat(), "cause": cause},
        )
        for one in to
    )


def duty_refreshes(record: DutyRecord, *, revision: int) -> tuple[Message, ...]:
    """One update for everybody who has the card; ``revision`` is the duty's after the change."""
    return tuple(
        Message(
            id=f"{DUTY_REFRESH}/{record.duty.id}/{revision}/{one}",
            to=one,
            kind=DUTY_REFRESH,
            subject=record.duty.id,
        )
        for one in record.recipients
    )


def done_messages(duty: Duty, number: int, organisation: Organisation) -> tuple[Message, ...]:
    """To communications, to whom the guideline has it sent."""
    return tuple(
        Message(
            id=f"{DONE_MESSAGE}/{duty.id}/{number}/{one}",
            to=one,
            kind=DONE_MESSAGE,
            subject=duty.id,
            data={"number": number},
        )
        for one in owing.communications(organisation)
    )


def recipients(
    duty: Duty,
    organisation: Organisation,
    register: Register,
    *,
    unreachable: Collection[str] = (),
    absent: Collection[str] = (),
) -> tuple[str, ...]:
    """Who gets the card now; ``unreachable`` as messages are addressed, ``absent`` as people have said."""
    lost = {one.removeprefix("person:") for one in unreachable}
    people = answerable(duty, organisation, register, unreachable=lost, absent=absent)
    if people != organisation.communications.members:
        return tuple(owing.person(one) for one in people)
    return owing.communications(organisation, but=unreachable)
