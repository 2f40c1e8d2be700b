"""Small durable logs beside the journal: what the outbox has done, and documents that are no part of the record.

Both are key-value: the newest line of a key counts, and a log that is mostly old lines is written anew.
"""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from storage.files import open_log, replace_file, write_all
from storage.store import BrokenChain, Json, StoreUnwritable

COMPACT_ABOVE = 1 << 20


class KeyedLog:
    """A mapping whose every change is on the disk when ``put`` returns; changes made together share a sync."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd, _ = open_log(path)
        self.docs: dict[str, Json] = {}
        self._size = self._live = 0
        self._waiting: list[tuple[str, Json | None, bytes, asyncio.Future[None]]] = []
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                self._load(number, line)

    def _load(self, number: int, line: bytes) -> None:
        try:
            key, doc = json.loads(line)
        except ValueError as error:
            raise BrokenChain(f"{self._path.name}, line {number}", str(error)) from error
        self._size += len(line)
        self._keep(key, doc)

    def _keep(self, key: str, doc: Json | None) -> None:
        if doc is None:
            self.docs.pop(key, None)
        else:
            self.docs[key] = doc

    async def put(self, key: str, doc: Json | None) -> None:
        """None forgets the key. Raises StoreUnwritable with nothing changed."""
        line = _line(key, doc)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._flush)
        self._waiting.append((key, doc, line, done))
        await done

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        data = b"".join(line for _, _, line, _ in waiting)
        try:
            write_all(self._fd, data, at=self._size)
        except OSError as error:
            for _, _, _, done in waiting:
                if not done.done():
                    done.set_exception(StoreUnwritable(str(error)))
            return
        self._size += len(data)
        for key, doc, _, done in waiting:
            self._keep(key, doc)
            if not done.done():
                done.set_result(None)
        if self._size > max(COMPACT_ABOVE, 2 * self._live):
            self._compact()

    def _compact(self) -> None:
        data = b"".join(_line(key, doc) for key, doc in self.docs.items())
        self._live = len(data)
        if self._size < 2 * self._live:
            return
        try:
            replace_file(self._path, data)
        except OSError:
            return  # the long log is as good as the short one; the next change tries again
        os.close(self._fd)
        self._fd, _ = open_log(self._path)
        self._size = len(data)

    def close(self) -> None:
        os.close(self._fd)


def _line(key: str, doc: Mapping[str, Any] | None) -> bytes:
    return json.dumps([key, doc], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
