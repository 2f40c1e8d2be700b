"""How values of the domain are written to and read from JSON: pydantic's adapters, each made when it is first asked for.

All of them together take a megabyte and 30 ms of every start; a day's work needs most of them, an hour's few. Their own
methods only hand on what they are given, in 0.2 us: what every click writes and reads goes past them.
"""

from collections.abc import Mapping
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from storage.store import Event, Json, NewEvent

_T = TypeVar("_T")
_E = TypeVar("_E")


class Adapters(dict[type[Any], TypeAdapter[Any]]):
    """By type."""

    def __missing__(self, kind: type[Any]) -> TypeAdapter[Any]:
        made = self[kind] = TypeAdapter(kind)
        return made


ADAPTERS = Adapters()


def doc_of(value: object) -> Json:
    """What the read side keeps of a value: all that differs from its defaults."""
    doc: Json = ADAPTERS[type(value)].serializer.to_python(value, mode="json", exclude_defaults=True)
    return doc


def read_from(doc: Mapping[str, Any], kind: type[_T]) -> _T:
    value: _T = ADAPTERS[kind].validator.validate_python(doc)
    return value


class EventForms(Generic[_E]):
    """A closed union of events, each by the kind that it is stored under."""

    def __init__(self, events: Mapping[str, type[_E]]) -> None:
        self._events = events
        self._kinds = {event: kind for kind, event in events.items()}

    def stored(self, event: _E) -> NewEvent:
        kind = type(event)
        data = ADAPTERS[kind].serializer.to_python(event, mode="json", exclude_none=True)
        return NewEvent(kind=self._kinds[kind], data=data)

    def happened(self, event: Event) -> _E | None:
        """The domain's event, or None for one that is none of these."""
        kind = self._events.get(event.kind)
        return read_from(event.data, kind) if kind else None

    def read(self, event: Event) -> _E:
        """The same for one that is known to be one of these."""
        return read_from(event.data, self._events[event.kind])
