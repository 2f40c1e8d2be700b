"""From a STORAGE_URL to a store."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from storage.embedded import EmbeddedStore
from storage.store import Projector, Store, StoreUnwritable


class UnsupportedStorage(ValueError):
    """The address names no store that is built in."""


def directory_of(url: str) -> Path:
    """The folder of a ``tinydb:`` address."""
    scheme, _, path = url.partition(":")
    if scheme != "tinydb" or not path:
        raise UnsupportedStorage(
            "STORAGE_URL is tinydb:FOLDER, the store in files beside the bot. "
            f"{scheme or 'An empty address'} is not supported (postgresql is not built in yet)"
        )
    return Path(path)


async def open_store(url: str, *, projector: Projector, clock: Callable[[], datetime]) -> Store:
    """Raises StoreUnwritable for a folder that can't be made or used, and what ``EmbeddedStore.open`` raises."""
    directory = directory_of(url)
    try:
        return await EmbeddedStore.open(directory, projector=projector, clock=clock)
    except OSError as error:
        raise StoreUnwritable(f"{directory}: {error.strerror or error}") from error
