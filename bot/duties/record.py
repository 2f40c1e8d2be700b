"""Yearly duties between the domain and the store.

Read-side tables: ``duties`` (id -> the duty and who has its card), ``open_duties`` (id -> when it is due and what was
said of it) and the same rows by ``open_duties/channel/<id>`` and ``open_duties/administration/<id>``. Contact details
that are out of date go to ``destroyed``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.adapters import EventForms, doc_of, read_from
from bot.domain import duties
from bot.domain.duties import OF_CHANNELS, ChangeAsked, Duty, DutyEvent, DutyKind, Level, duty_id
from bot.domain.trail import Reached, Unreachable
from bot.erasing import destroyed
from storage.store import Drop, Event, Json, Put, Tables

DUTY_MESSAGE = "duty"
"""The kind of an owed message that brings a duty's card; its recipients are told of every change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRecord:
    """``recipients`` have this turn's card, as far as the record knows; ``asked`` for a screenshot after a change;
    ``trail`` is the version of what happens beside it."""

    duty: Duty
    recipients: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    asked: bool = False
    trail: int = 0


_Beside = ChangeAsked | Unreachable | Reached
_EVENTS: Mapping[str, type[DutyEvent | _Beside]] = {
    "duty_scheduled": duties.DutyScheduled,
    "duty_reminded": duties.DutyReminded,
    "duty_escalated": duties.DutyEscalated,
    "duty_fulfilled": duties.DutyFulfilled,
    "duty_renewed": duties.DutyRenewed,
    "duty_change_documented": duties.ChangeDocumented,
    "duty_cancelled": duties.DutyCancelled,
    "duty_change_asked": ChangeAsked,
    "duty_unreachable": Unreachable,
    "duty_reached": Reached,
}
_FORMS = EventForms(_EVENTS)
duty_event = _FORMS.stored


def duty_from(doc: Json) -> DutyRecord:
    return read_from(doc, DutyRecord)


def duty_of_row(row: Json) -> Duty:
    """As much of an open duty as its row tells: enough to say what is due of it now."""
    return Duty(
        kind=DutyKind(row["kind"]),
        subject=row["subject"],
        administration=row["administration"],
        first_due=date.fromisoformat(row["due"]),
        due=date.fromisoformat(row["due"]),
        level=Level(row["level"]) if row["level"] else None,
        escalated=row["escalated"],
    )


def subject_rows(kind: DutyKind, subject: str) -> str:
    """The table of what is open for a channel, or of an administration and its channels."""
    return f"open_duties/{'channel' if kind in OF_CHANNELS else 'administration'}/{subject}"


def project_duty(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is no duty's."""
    if is_of_duty(event):
        doc = tables.get("duties", id_of(event.stream))
        before = duty_from(doc) if doc else None
        after = fold_duty(before, event)
        yield from _rows(before, after)
        if _gives_contacts(event, after.duty):
            yield from destroyed(contacts_of(tables.get("channels", after.duty.subject)))


def id_of(stream: str) -> str:
    """The duty whose stream or trail it is."""
    _, kind, subject, *_ = stream.split("/")
    return duty_id(DutyKind(kind), subject)


def is_of_duty(event: Event) -> bool:
    return event.kind in _EVENTS


def fold_duty(before: DutyRecord | None, event: Event) -> DutyRecord:
    """The duty after a stored event of its stream or trail."""
    happened = _FORMS.read(event)
    if isinstance(happened, duties.DutyScheduled):
        return _told(DutyRecord(duty=duties.scheduled(happened)), event)
    if before is None:
        raise ValueError(f"{event.stream}: event {event.seq} comes before the duty was scheduled")
    return _told(_after(before, happened, event), event)


def _after(before: DutyRecord, happened: DutyEvent | _Beside, event: Event) -> DutyRecord:
    if isinstance(happened, _Beside):
        before = replace(before, trail=event.version)
    match happened:
        case ChangeAsked():
            return replace(before, asked=True)
        case Unreachable(to=to):
            return replace(before, unreachable=tuple(dict.fromkeys((*before.unreachable, to))))
        case Reached(to=to):
            return replace(before, unreachable=tuple(one for one in before.unreachable if one != to))
        case _:
            record = replace(before, duty=duties.apply(before.duty, happened, at=event.at))
    match happened:
        case duties.DutyRenewed():
            return replace(record, recipients=(), unreachable=())
        case duties.DutyFulfilled() | duties.ChangeDocumented():
            return replace(record, asked=False)
        case _:
            return record


def _told(record: DutyRecord, event: Event) -> DutyRecord:
    told = [message.to for message in event.owes if message.kind == DUTY_MESSAGE]
    return replace(record, recipients=tuple(dict.fromkeys((*record.recipients, *told)))) if told else record


def _rows(before: DutyRecord | None, after: DutyRecord) -> Iterable[Put | Drop]:
    yield Put(table="duties", key=after.duty.id, doc=doc_of(after))
    already = duties.freed_contacts(before.duty) if before else ()
    yield from destroyed(ref for ref in duties.freed_contacts(after.duty) if ref not in already)
    for table in _tables_of(after.duty):
        if after.duty.is_open:
            yield Put(table=table, key=after.duty.id, doc=_open_row(after))
        elif before and before.duty.is_open:
            yield Drop(table=table, key=after.duty.id)


def _gives_contacts(event: Event, duty: Duty) -> bool:
    return (
        event.kind == "duty_fulfilled"
        and duty.kind is DutyKind.CONTACT_DETAILS
        and bool(event.data.get("texts_ref"))
    )


def contacts_of(channel: Json | None) -> tuple[str, ...]:
    """What was said of the administrators when they were appointed, by the register's row."""
    return tuple(channel.get("contacts", {}).values()) if channel else ()


def contacts_given_by(person: str, duty: Json | None) -> tuple[str, ...]:
    """What that person last said of how the channel's administrators are reached, by the duty's row."""
    given = [one for one in duty_from(duty).duty.fulfilments if one.texts_ref] if duty else []
    return (given[-1].texts_ref,) if given and given[-1].by == person else ()


def _tables_of(duty: Duty) -> tuple[str, ...]:
    own = "open_duties", subject_rows(DutyKind.EVALUATION, duty.administration)
    return (*own, subject_rows(duty.kind, duty.subject)) if duty.kind in OF_CHANNELS else own


def _open_row(record: DutyRecord) -> Json:
    duty = record.duty
    return {
        "duty": duty.id,
        "kind": duty.kind,
        "subject": duty.subject,
        "administration": duty.administration,
        "due": duty.due.isoformat(),
        "level": duty.level,
        "escalated": duty.escalated,
        "asked": record.asked,
    }
