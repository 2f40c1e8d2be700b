"""An administration's own stream between the domain and the store; its read-side table is ``administrations``."""

from collections.abc import Iterable, Mapping

from bot.adapters import EventForms, doc_of, read_from
from bot.domain import administrations
from bot.domain.administrations import AdministrationEvent, AdministrationRecord
from storage.store import Drop, Event, Json, Put, Tables

TABLE = "administrations"
_EVENTS: Mapping[str, type[AdministrationEvent]] = {
    "absence_set": administrations.AbsenceSet,
    "absence_ended": administrations.AbsenceEnded,
    "standing_decision_recorded": administrations.StandingDecisionRecorded,
}
_FORMS = EventForms(_EVENTS)
administration_event = _FORMS.stored


def administration_from(doc: Json) -> AdministrationRecord:
    return read_from(doc, AdministrationRecord)


def project_administration(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is no administration's."""
    happened = _FORMS.happened(event)
    if happened is None:
        return
    name = event.stream.partition("/")[2]
    doc = tables.get(TABLE, name)
    before = administration_from(doc) if doc else AdministrationRecord(id=name)
    after = administrations.apply(before, happened, at=event.at)
    yield Put(table=TABLE, key=name, doc=doc_of(after))
