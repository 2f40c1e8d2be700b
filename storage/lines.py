"""The journal's line: an event in canonical JSON (RFC 8785) with its hash behind it."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from storage.json_form import from_json
from storage.store import Event, Message

_HEAD = b'{"event":'
_HASH = b',"hash":"'
_TAIL = len(_HASH) + 64 + len(b'"}\n')
_EXACT = 2**53 - 1


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 for what ``plain`` lets through: ASCII keys, strings, exact whole numbers, booleans, null.

    orjson gives the same bytes for these and is a hundred times quicker than a general one; a property test
    holds the two side by side.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def plain(value: object) -> Any:
    """A copy in dicts, lists, str, int, bool and None, which nobody else can change any more.

    Raises TypeError or ValueError (UnicodeEncodeError for a lone surrogate) for what has no one canonical form.
    """
    if type(value) is str and value.isascii():  # nearly all of them
        return value
    if type(value) is dict:
        return {_ascii(key): plain(inner) for key, inner in value.items()}
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value.isascii():
            value.encode()  # a lone surrogate has no UTF-8 form
        return str.__str__(value)
    if isinstance(value, int):
        if not -_EXACT <= value <= _EXACT:
            raise ValueError("an event's whole numbers stay within 2**53, beyond which JSON is not exact")
        return int(value)
    if isinstance(value, Mapping):
        return {_ascii(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    raise TypeError(f"an event cannot hold {type(value).__name__}: it has no one canonical form")


def _ascii(key: object) -> str:
    if type(key) is str and key.isascii():
        return key
    if not isinstance(key, str) or not key.isascii():
        raise TypeError(f"an event's keys are ASCII: {key!r}")
    return str.__str__(key)


def instant(at: datetime) -> str:
    """UTC with microseconds, always of the same length, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("a time without its zone cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def message_doc(message: Message) -> dict[str, Any]:
    doc: dict[str, Any] = {
        "id": message.id,
        "to": message.to,
        "kind": message.kind,
        "subject": message.subject,
    }
    if message.data:
        doc["data"] = message.data
    if message.not_before:
        doc["not_before"] = instant(message.not_before)
    return doc


def message_from(doc: Mapping[str, Any]) -> Message:
    return Message(
        id=doc["id"],
        to=doc["to"],
        kind=doc["kind"],
        subject=doc["subject"],
        data=doc.get("data", {}),
        not_before=moment(doc["not_before"]) if "not_before" in doc else None,
    )


def encode(body: Mapping[str, Any]) -> tuple[bytes, str]:
    """The line for an event's body, and the event's hash."""
    event = canonical(body)
    digest = hashlib.sha256(event).hexdigest()
    return b"".join((_HEAD, event, _HASH, digest.encode(), b'"}\n')), digest


def body_in(line: bytes) -> bytes:
    """The canonical JSON that the hash of a line which ``encode`` made is of."""
    return line[len(_HEAD) : -_TAIL]


def again(event: Event) -> bytes:
    """The line that the event was read from. Raises ValueError if it would be another."""
    body = {
        "seq": event.seq,
        "stream": event.stream,
        "version": event.version,
        "at": instant(event.at),
        "actor": event.actor,
        "kind": event.kind,
        "data": event.data,
        "keys": event.keys,
        "owes": [message_doc(message) for message in event.owes],
        "left": event.left,
        "prev": event.prev,
    }
    line, digest = encode(body)
    if digest != event.hash:
        raise ValueError(f"event {event.seq} cannot be written as it was read")
    return line


def event_from(body: Mapping[str, Any], digest: str) -> Event:
    return Event(
        seq=body["seq"],
        stream=body["stream"],
        version=body["version"],
        at=moment(body["at"]),
        actor=body["actor"],
        kind=body["kind"],
        data=body["data"],
        keys=tuple(body["keys"]),
        owes=tuple([message_from(doc) for doc in body["owes"]]) if body["owes"] else (),
        left=body["left"],
        prev=body["prev"],
        hash=digest,
    )


def decode(line: bytes) -> Event:
    """The event of a whole line. Raises ValueError saying what is wrong with it."""
    digest = line[-_TAIL + len(_HASH) : -3].decode("ascii", "replace")
    if not line.startswith(_HEAD) or line[-_TAIL : -_TAIL + len(_HASH)] != _HASH or line[-3:] != b'"}\n':
        raise ValueError("not a journal line")
    return event_of(body_in(line), digest)


def event_of(body: bytes, digest: str) -> Event:
    """The event of this canonical JSON. Raises ValueError as ``decode`` does."""
    if hashlib.sha256(body).hexdigest() != digest:
        raise ValueError("the event does not match its hash")
    try:
        return event_from(from_json(body), digest)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the event lacks or garbles a field: {error}") from error
