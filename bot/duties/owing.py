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
    due = duty.due.isoformat()
    once = f"{duty.id}/{due}/{cause}"
    return owing.to_each(to, DUTY_MESSAGE, once=once, subject=duty.id, due=due, cause=cause)


def duty_refreshes(record: DutyRecord, *, revision: int) -> tuple[Message, ...]:
    """One update for everybody who has the card; ``revision`` is the duty's after the change."""
    duty = record.duty.id
    return owing.to_each(record.recipients, DUTY_REFRESH, once=f"{duty}/{revision}", subject=duty)


def done_messages(duty: Duty, number: int, organisation: Organisation) -> tuple[Message, ...]:
    """To communications, to whom the guideline has it sent."""
    to = owing.communications(organisation)
    return owing.to_each(to, DONE_MESSAGE, once=f"{duty.id}/{number}", subject=duty.id, number=number)


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
