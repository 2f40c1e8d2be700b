"""What the journal is looked up by: streams, and the names (idempotency keys, message ids) that are taken."""

import hashlib
from array import array
from collections.abc import Iterator

from storage.numbers import Numbers
from storage.store import Event


class Index:
    """About 100 bytes a stream and as many a new name, 16 an old one, whatever their events hold.

    An event knows the event before it in its stream, so that a stream costs no list. A name is kept as 64 bits
    of its hash: whoever finds one looks into the event whether it is the same name.
    """

    def __init__(self) -> None:
        self.newest: dict[str, int] = {}
        self.earlier = array("I")
        self.versions = array("I")
        self.names = Numbers()

    def add(self, event: Event) -> None:
        self.earlier.append(self.newest.get(event.stream, 0))
        self.versions.append(event.version)
        self.newest[event.stream] = event.seq
        for key in event.keys:
            self.names[_key(key)] = event.seq
        for message in event.owes:
            name = _message(message.id)
            if name not in self.names:
                self.names[name] = event.seq

    def version(self, stream: str) -> int:
        seq = self.newest.get(stream, 0)
        return self.versions[seq - 1] if seq else 0

    def of(self, stream: str) -> list[int]:
        """The stream's events, oldest first."""
        return list(self._backwards(stream))[::-1]

    def _backwards(self, stream: str) -> Iterator[int]:
        seq = self.newest.get(stream, 0)
        while seq:
            yield seq
            seq = self.earlier[seq - 1]

    def took(self, key: str) -> int | None:
        """The event that took the key, unless it only took one with the same 64 bits."""
        return self.names.get(_key(key))

    def owed(self, message_id: str) -> int | None:
        """Likewise for the event that first owed the message."""
        return self.names.get(_message(message_id))


def _key(key: str) -> int:
    return _short(b"key:", key)


def _message(message_id: str) -> int:
    return _short(b"message:", message_id)


def _short(kind: bytes, name: str) -> int:
    digest = hashlib.blake2b(kind + name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
