"""What an export reads, and what a row of it is."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Protocol

from storage.store import Event

Row = Mapping[str, Any]


class Record(Protocol):
    """A store as export reads it."""

    def events(self) -> AsyncIterator[Event]: ...

    async def content(self, ref: str) -> bytes | None: ...
