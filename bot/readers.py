"""Who has been shown which list: what lists quote must be taken out of them when it is destroyed."""

import logging
from typing import Protocol

from storage.store import Json, StoreUnwritable

log = logging.getLogger(__name__)

_COLLECTION = "list_readers"


class Documents(Protocol):
    """The part of the store that this needs."""

    async def add_document(self, collection: str, key: str, doc: Json) -> Json: ...

    async def document(self, collection: str, key: str) -> Json | None: ...

    async def documents(self, collection: str) -> dict[str, Json]: ...

    async def drop_document(self, collection: str, key: str) -> None: ...


async def note_reader(store: Documents, what: str, person: str) -> None:
    """Before the list is shown, once for each person and list."""
    key = _key(what, person)
    if await store.document(_COLLECTION, key) is not None:
        return
    try:
        await store.add_document(_COLLECTION, key, {"what": what, "person": person})
    except StoreUnwritable:
        # Reading goes on; where the list is shown can't be kept either, so nobody could take words out of it.
        log.warning("Who reads a list could not be kept", extra={"list": what})


async def list_readers(store: Documents) -> tuple[tuple[str, str], ...]:
    """All lists ever shown, each by its name and to whom; some hundreds in a municipality."""
    return tuple((doc["what"], doc["person"]) for doc in (await store.documents(_COLLECTION)).values())


async def forget_reader(store: Documents, what: str, person: str) -> None:
    """Once the list was taken from them; shown again, it is noted again."""
    await store.drop_document(_COLLECTION, _key(what, person))


def _key(what: str, person: str) -> str:
    return f"{what}|{person}"
