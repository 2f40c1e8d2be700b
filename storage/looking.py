"""A look at a store from outside, which leaves everything as it is: what a self-check stands on."""

import fcntl
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from storage.chain import fault
from storage.opening import directory_of, is_in_files, open_record
from storage.store import GENESIS, BrokenChain, Event, StoreUnwritable

_ROOM = bytes(65536)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """How far the chain was followed; ``whole``: to its end, and all that lies beside it was looked at."""

    events: int
    head: str
    whole: bool


async def follow(url: str, *, see: Callable[[Event], None], seconds: float) -> Looked:
    """Follows the chain, and then looks at the rest of what a start reads, for so long at most; shows each event to
    ``see``. Blocks its event loop where the record lies in files. Raises NoRecord and BrokenChain, StoreUnusable, and
    StoreUnwritable for a database that does not answer."""
    deadline = time.monotonic() + seconds
    seq, head, before = 0, GENESIS, None
    async with open_record(url) as record:
        async for event in record.events():
            wrong = fault(event, head, seq, before)
            if wrong:
                raise BrokenChain(f"event {event.seq}", wrong)
            see(event)
            seq, head, before = event.seq, event.hash, event if event.left else None
            if time.monotonic() > deadline:
                return Looked(events=seq, head=head, whole=False)
        async for _ in record.beside(seq):
            if time.monotonic() > deadline:
                return Looked(events=seq, head=head, whole=False)
    return Looked(events=seq, head=head, whole=True)


def holder(url: str) -> str | None:
    """The process that writes to the files there, None if there is none. A database has no such holder."""
    if not is_in_files(url):
        return None
    try:
        fd = os.open(directory_of(url) / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return os.pread(fd, 20, 0).decode("ascii", "replace").strip() or "unknown"
    finally:
        os.close(fd)
    return None


async def try_writing(url: str) -> None:
    """Writes something and takes it back. Raises StoreUnwritable or StoreUnusable."""
    if is_in_files(url):
        _try_files(directory_of(url))
        return
    from storage.postgres.looking import try_writing as try_database  # noqa: PLC0415  as in storage.opening

    await try_database(url)


def _try_files(directory: Path) -> None:
    place = next(one for one in (directory, *directory.absolute().parents) if one.exists())
    kept = [one for one in place.glob("*.jsonl") if place == directory and not os.access(one, os.W_OK)]
    if kept:
        raise StoreUnwritable(f"{kept[0]}: may not be written by this user")
    try:
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(_ROOM)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreUnwritable(f"{place}: {error.strerror or error}") from error
