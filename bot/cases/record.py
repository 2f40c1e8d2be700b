"""Between the domain and the store: events to and from their stored form, and the read side they keep.

Read-side tables: ``cases`` (designation -> the case), ``open_cases`` (what waits for a decision or a removal),
``waiting/<what for>`` (the same, those that began to wait first first), ``unregistered`` (item id -> where it
is owed), ``decisions/<object id>`` (what a person decided) , ``counters`` (year -> last number given) and ``destroyed`` (content that must be gone).
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.adapters import EventForms, doc_of, read_from
from bot.cases.removal_counts import count_removals
from bot.domain import cases
from bot.domain.cases import Awaits, Case, CaseEvent, Registered, TrailEvent
from bot.erasing import destroyed
from storage.store import Drop, Event, Json, Put, Tables

_EVENTS: Mapping[str, type[CaseEvent | TrailEvent]] = {
    "flagged": cases.Flagged,
    "snapshot_added": cases.SnapshotAdded,
    "decided": cases.Decided,
    "assigned": cases.Assigned,
    "applied": cases.Applied,
    "verified_gone": cases.VerifiedGone,
    "seen_again": cases.SeenAgain,
    "copy_destroyed": cases.CopyDestroyed,
    "files_secured": cases.FilesSecured,
    "police_reported": cases.PoliceReported,
    "registered": cases.Registered,
    "delivered": cases.Delivered,
    "unreachable": cases.Unreachable,
    "reached": cases.Reached,
    "touched": cases.Touched,
    "opened": cases.Opened,
    "reminded": cases.Reminded,
    "escalated": cases.Escalated,
}
_FORMS = EventForms(_EVENTS)
store_form, domain_form = _FORMS.stored, _FORMS.happened

CASE_MESSAGE = "case"
"""The kind of an owed message that brings a case card; its recipients are told of every change."""
REGISTRATION_MESSAGE = "registration"
"""The same for the card of a registration item, which ``data["item"]`` names."""


def case_doc(case: Case) -> Json:
    doc = doc_of(case)
    _remembered(doc, case)
    return doc


def case_from(doc: Json) -> Case:
    """A click reads the same case three times; what was read a moment ago is not read anew."""
    known = _READ.get(doc["designation"])
    if known is not None and known[0] == doc:
        return known[1]
    return _remembered(doc, read_from(doc, Case))


_READ: OrderedDict[str, tuple[Json, Case]] = OrderedDict()
_MOST_READ = 256


def _remembered(doc: Json, case: Case) -> Case:
    _READ[case.designation] = doc, case
    if len(_READ) > _MOST_READ:
        _READ.popitem(last=False)
    return case


def designation_of(stream: str) -> str:
    return stream.partition("/")[0]


def fold(case: Case | None, event: Event) -> Case | None:
    """The case after a stored event of its stream or trail; None before it was flagged."""
    happened = domain_form(event)
    return case if happened is None else _after(case, happened, event)


def _after(case: Case | None, happened: CaseEvent | TrailEvent, event: Event) -> Case:
    if isinstance(happened, cases.Flagged):
        case = cases.opened(event.stream, happened, at=event.at)
    elif case is None:
        raise ValueError(f"{event.stream}: event {event.seq} comes before the case was flagged")
    else:
        case = cases.apply(case, happened, at=event.at, by=event.actor)
    return _with_recipients(case, event) if event.owes else case


def _with_recipients(case: Case, event: Event) -> Case:
    """Who is owed a card has one, as far as the record knows."""
    told = [message.to for message in event.owes if message.kind == CASE_MESSAGE]
    items: dict[str, list[str]] = {}
    for message in event.owes:
        if message.kind == REGISTRATION_MESSAGE:
            items.setdefault(message.data["item"], []).append(message.to)
    if not told and not items:
        return case
    registrations = tuple(
        replace(item, recipients=_joined(item.recipients, items[item.id])) if item.id in items else item
        for item in case.registrations
    )
    return replace(case, recipients=_joined(case.recipients, told), registrations=registrations)


def _joined(before: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def project_case(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is no case's; pure but for what it reads from ``tables``."""
    happened = domain_form(event)
    if happened is None:
        return
    designation = designation_of(event.stream)
    doc = tables.get("cases", designation)
    before = case_from(doc) if doc else None
    case = _after(before, happened, event)
    yield Put(table="cases", key=designation, doc=case_doc(case))
    if event.kind == "flagged":
        _, year, number = designation.split("-")
        yield Put(table="counters", key=year, doc={"last": int(number)})
    if case.awaits:
        yield Put(table="open_cases", key=designation, doc=_open_row(case, case.awaits))
    elif before and before.awaits:
        yield Drop(table="open_cases", key=designation)
    yield from _waits(before, case)
    if event.kind == "decided":
        yield from _decided(case, event)
        yield from count_removals(before, case, tables)
    if isinstance(happened, cases.CopyDestroyed):
        yield from destroyed(happened.refs)
    if isinstance(happened, Registered):
        yield Drop(table="unregistered", key=happened.item)


def _open_row(case: Case, awaits: Awaits) -> Json:
    removal = awaits is Awaits.REMOVAL
    reminded, escalated = (
        (case.removal_reminded_at, case.removal_escalated_at)
        if removal
        else (case.reminded_at, case.escalated_at)
    )
    return {
        "designation": case.designation,
        "channel": case.channel,
        "awaits": awaits,
        "since": case.waiting_since.isoformat(),
        "assignees": list(case.assignees),
        "reminded": reminded is not None,
        "escalated": escalated is not None,
        "called": case.escalated_at is not None,
    }


def _waits(before: Case | None, case: Case) -> Iterable[Put | Drop]:
    """Each wait has a key of its own and so stands last when it begins: the first has waited longest."""
    was = (before.awaits, before.waiting_since) if before else (None, case.waiting_since)
    now = (case.awaits, case.waiting_since)
    if was == now:
        return
    for (awaits, since), ended in ((was, True), (now, False)):
        table, key = f"waiting/{awaits}", f"{case.designation}@{since.isoformat()}"
        if awaits:
            yield (
                Drop(table=table, key=key)
                if ended
                else Put(table=table, key=key, doc={"since": since.isoformat()})
            )


def _decided(case: Case, event: Event) -> Iterable[Put]:
    made = case.decisions[-1]
    yield Put(
        table=f"decisions/{event.actor}",
        key=f"{case.designation}-{made.made.number}",
        doc={"designation": case.designation, "number": made.made.number, "at": made.at.isoformat()},
    )
    for item in case.registrations:
        if item.decision == made.made.number:
            yield Put(
                table="unregistered",
                key=item.id,
                doc={
                    "item": item.id,
                    "designation": case.designation,
                    "administration": item.administration,
                    "owed_at": item.owed_at.isoformat(),
                },
            )


def waiting_since(row: Json) -> datetime:
    """Since when the case of this row has waited for a decision, or for its removal."""
    return datetime.fromisoformat(row["since"])
