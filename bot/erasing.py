"""Destroying what the record says is destroyed: at once, and again until it is done."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

from storage.store import Put, Store

log = logging.getLogger(__name__)


def destroyed(refs: Iterable[str]) -> Iterable[Put]:
    """The rows by which ``Erasing`` knows of it."""
    for ref in refs:
        yield Put(table="destroyed", key=ref, doc={"ref": ref})


async def erase(store: Store, refs: Sequence[str]) -> None:
    """The record says so already: a disk that refuses now is asked again by ``Erasing``."""
    try:
        await store.dispose(refs)
    except Exception:
        log.exception("Content could not be destroyed yet", extra={"count": len(refs)})


class Erasing:
    """Looks for what the process did not get to destroy: it may have died, or the disk have refused."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self, every: float = 30.0) -> None:
        while True:
            await self.look()
            await asyncio.sleep(every)

    async def look(self) -> None:
        """What is gone already costs a look into the index. A store that can't be asked is asked again."""
        try:
            rows = await self._store.select("destroyed")
        except Exception:
            log.exception("What is to be destroyed could not be read")
            return
        await erase(self._store, [row["ref"] for row in rows])
