"""An administration's own stream between the domain and the store; its read-side table is ``administrations``."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from bot.adapters import ADAPTERS
from bot.domain import administrations
from bot.domain.administrations import AdministrationEvent, AdministrationRecord
from storage.store import Drop, Event, Json, NewEvent, Put, Tables

TABLE = "administrations"
_EVENTS: Mapping[str, type[Any]] = {
    "absence_set": administrations.AbsenceSet,
    "absence_ended": administrations.AbsenceEnded,
    "standing_decision_recorded": administrations.StandingDecisionRecorded,
}
_KINDS = {event: kind for kind, event in _EVENTS.items()}


def administration_event(event: AdministrationEvent) -> NewEvent:
    kind = type(event)
    return NewEvent(kind=_KINDS[kind], data=ADAPTERS[kind].dump_python(event, mode="json", exclude_none=True))


def administration_from(doc: Json) -> AdministrationRecord:
    return cast("AdministrationRecord", ADAPTERS[AdministrationRecord].validate_python(doc))


def project_administration(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is no administration's."""
    kind = _EVENTS.get(event.kind)
    if kind is None:
        return
    name = event.stream.partition("/")[2]
    doc = tables.get(TABLE, name)
    before = administration_from(doc) if doc else AdministrationRecord(id=name)
    after = administrations.apply(before, ADAPTERS[kind].validate_python(event.data), at=event.at)
    kept = ADAPTERS[AdministrationRecord].dump_python(after, mode="json", exclude_defaults=True)
    yield Put(table=TABLE, key=name, doc=kept)
