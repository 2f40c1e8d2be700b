"""Pictures that came in chat and wait to be told what they show, between chat and the store.

Read-side table: ``received_pictures`` (id -> the picture). One that becomes a channel's screenshot, or that nobody
says anything of, leaves it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.adapters import read_from
from bot.domain.duties import Picture
from bot.erasing import destroyed
from storage.store import Drop, Event, Json, NewEvent, Put, Tables

RECEIVED = "picture_received"
DISCARDED = "picture_discarded"
_USING = frozenset({"duty_fulfilled", "duty_change_documented"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPicture:
    """``id`` is its delivery's, digested: a repeated one is the same picture."""

    id: str
    by: str
    at: datetime
    picture: Picture


def picture_stream(received: str) -> str:
    return f"picture/{received}"


def used_key(received: str) -> str:
    """Taken by what becomes of the picture: it is used once, or destroyed."""
    return f"picture_used:{received}"


def received_event(picture: Picture, *, by: str) -> NewEvent:
    data = {"by": by, "text_ref": picture.text_ref, "data_ref": picture.data_ref}
    return NewEvent(kind=RECEIVED, data=data)


def discarded_event(picture: Picture) -> NewEvent:
    """Nobody said what it shows: its content is destroyed."""
    return NewEvent(kind=DISCARDED, data={"refs": [picture.text_ref, picture.data_ref]})


def picture_from(doc: Json) -> ReceivedPicture:
    return read_from(doc, ReceivedPicture)


def project_picture(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is about no picture."""
    if event.kind == RECEIVED:
        yield _waiting(event)
    elif event.kind == DISCARDED:
        yield Drop(table="received_pictures", key=event.stream.partition("/")[2])
        yield from destroyed(event.data["refs"])
    elif event.kind in _USING:
        received = (event.data.get("picture") or {}).get("received")
        if received and tables.get("received_pictures", received):
            yield Drop(table="received_pictures", key=received)


def _waiting(event: Event) -> Put:
    key = event.stream.partition("/")[2]
    doc = {
        "id": key,
        "by": event.data["by"],
        "at": event.at.isoformat(),
        "picture": {
            "text_ref": event.data["text_ref"],
            "data_ref": event.data["data_ref"],
            "received": key,
        },
    }
    return Put(table="received_pictures", key=key, doc=doc)
