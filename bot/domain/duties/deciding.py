"""What may be done with a duty, and by whom."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.domain.channels import Register
from bot.domain.duties.events import (
    ChangeAsked,
    ChangeDocumented,
    DutyCancelled,
    DutyEvent,
    DutyFulfilled,
    DutyRenewed,
    DutyScheduled,
)
from bot.domain.duties.state import Duty
from bot.domain.duties.terms import (
    AUTOMATION,
    EARLIEST,
    SCREENSHOTS,
    YEARLY,
    CancelCause,
    Document,
    DutyKind,
    DutyStatus,
    Picture,
    Reason,
    Refusal,
)
from bot.domain.duties.timing import next_due
from bot.domain.organisation import SYSTEM, Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfil:
    """``due`` is the day that the card showed. ``unchanged`` confirms contact details as they are."""

    due: date
    picture: Picture | None = None
    texts_ref: str = ""
    document: Document | None = None
    has_text: bool = False
    unchanged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    """A screenshot after a great change, whenever it is."""

    picture: Picture | None = None
    texts_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    cause: CancelCause


Command = Fulfil | DocumentChange | Cancel


def schedule(there: Duty | None, wanted: DutyScheduled) -> DutyScheduled | DutyRenewed | Refusal:
    """A duty is there once for its subject; one that nobody owed for a while begins anew."""
    if there is None:
        return wanted
    if there.status is DutyStatus.CANCELLED:
        return DutyRenewed(due=wanted.due)
    return Refusal(reason=Reason.ALREADY_SCHEDULED, due=there.due)


def decide(
    duty: Duty,
    command: Command,
    *,
    by: str,
    today: date,
    organisation: Organisation,
    register: Register,
) -> Sequence[DutyEvent] | Refusal:
    if by not in _allowed(duty, command, organisation, register):
        return Refusal(reason=Reason.NOT_ALLOWED)
    if duty.status is DutyStatus.CANCELLED:
        return Refusal(reason=Reason.CANCELLED)
    match command:
        case Fulfil():
            return _fulfil(duty, command, by, today)
        case DocumentChange():
            return _document(duty, command, by)
        case Cancel():
            done = duty.status is DutyStatus.DONE
            return _already(duty) if done else [DutyCancelled(cause=command.cause)]
        case _:
            assert_never(command)


def _allowed(duty: Duty, command: Command, organisation: Organisation, register: Register) -> tuple[str, ...]:
    if isinstance(command, Cancel):
        return (SYSTEM,)
    signed = (AUTOMATION,) if duty.kind in SCREENSHOTS else ()
    return (*may_fulfil(duty, organisation, register), *signed)


def _fulfil(duty: Duty, command: Fulfil, by: str, today: date) -> Sequence[DutyEvent] | Refusal:
    if not duty.is_open or command.due != duty.due:
        return _already(duty)
    if duty.kind in YEARLY and today < duty.due - EARLIEST:
        return Refusal(reason=Reason.TOO_EARLY, due=duty.due)
    lacking = _lacking(duty, command)
    if lacking is not None:
        return lacking
    done = DutyFulfilled(
        due=duty.due,
        by=by,
        picture=command.picture,
        texts_ref=command.texts_ref,
        document=command.document,
    )
    return [done, DutyRenewed(due=next_due(duty, today))] if duty.kind in YEARLY else [done]


def _already(duty: Duty) -> Refusal:
    """The second of two administrators learns who was first."""
    last = duty.last
    return Refusal(
        reason=Reason.ALREADY_FULFILLED,
        by=last.by if last else None,
        at=last.at if last else None,
        due=duty.due,
    )


def _lacking(duty: Duty, command: Fulfil) -> Refusal | None:
    if duty.kind in SCREENSHOTS and command.picture is None:
        return Refusal(reason=Reason.PICTURE_MISSING, field="picture")
    confirms = command.unchanged and duty.kind is DutyKind.CONTACT_DETAILS
    if duty.kind not in SCREENSHOTS and not command.has_text and not confirms:
        return Refusal(reason=Reason.TEXT_MISSING, field="text")
    return None


def _document(duty: Duty, command: DocumentChange, by: str) -> Sequence[DutyEvent] | Refusal:
    if duty.kind is not DutyKind.SCREENSHOT:
        return Refusal(reason=Reason.WRONG_FOR_KIND)
    if command.picture is None:
        return Refusal(reason=Reason.PICTURE_MISSING, field="picture")
    return [ChangeDocumented(by=by, picture=command.picture, texts_ref=command.texts_ref)]


def ask_for_change(
    duty: Duty, *, by: str, organisation: Organisation, register: Register
) -> ChangeAsked | Refusal:
    """A screenshot is asked for now, whenever the next one is due."""
    if by not in may_fulfil(duty, organisation, register):
        return Refusal(reason=Reason.NOT_ALLOWED)
    if duty.kind is not DutyKind.SCREENSHOT:
        return Refusal(reason=Reason.WRONG_FOR_KIND)
    return ChangeAsked(by=by) if duty.is_open else Refusal(reason=Reason.CANCELLED)


def screenshot_command(duty: Duty, picture: Picture, today: date) -> Fulfil | DocumentChange:
    """What a screenshot that comes today is: the one that is due, or one after a great change."""
    once = duty.kind is DutyKind.LAST_SCREENSHOT
    if once or today >= duty.due - EARLIEST:
        return Fulfil(due=duty.due, picture=picture)
    return DocumentChange(picture=picture)


def answerable(
    duty: Duty,
    organisation: Organisation,
    register: Register,
    *,
    unreachable: Container[str] = (),
    absent: Container[str] = (),
) -> tuple[str, ...]:
    """Who gets the card: a channel's administrators or its last ones, the head or a deputy; communications where
    there is nobody. Of those ``absent`` the card is kept only while somebody else is there."""
    there = [one for one in responsible(duty, organisation, register) if one not in unreachable]
    if duty.kind is DutyKind.EVALUATION:
        there = ([one for one in there if one not in absent] or there)[:1]
    return tuple(there) or organisation.communications.members


def may_fulfil(duty: Duty, organisation: Organisation, register: Register) -> tuple[str, ...]:
    """Those who owe it, and communications, to whom it goes in any case."""
    owing = responsible(duty, organisation, register)
    return tuple(dict.fromkeys((*owing, *organisation.communications.members)))


def may_see(duty: Duty, person: str, organisation: Organisation, register: Register) -> bool:
    """Those who may do it, and the administration's head and deputies."""
    unit = organisation.administrations.get(duty.administration)
    heads = (unit.head, *unit.deputies) if unit else ()
    return person in (*may_fulfil(duty, organisation, register), *heads)


def responsible(duty: Duty, organisation: Organisation, register: Register) -> tuple[str, ...]:
    """Who owes it, perhaps nobody. Of a channel's administrators also those whom an Entra group gives it, and the register does not name."""
    if duty.kind is DutyKind.EVALUATION:
        unit = organisation.administrations.get(duty.administration)
        return tuple(one for one in (unit.head, *unit.deputies) if one) if unit else ()
    entry = register.channels.get(duty.subject)
    if entry is None:
        return ()
    if duty.kind is DutyKind.LAST_SCREENSHOT or not entry.is_active:
        return entry.former_admins
    in_force = organisation.channels.get(duty.subject)
    return tuple(dict.fromkeys((*entry.admins, *(in_force.admins if in_force else ()))))
