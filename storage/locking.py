"""One writing process at a time: the kernel's lock goes with the process, however that ends."""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from storage.store import StoreLocked


def lock(directory: Path) -> int:
    """The descriptor that holds the lock until it is closed. Raises StoreLocked naming the process that has it."""
    fd = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        owner = os.pread(fd, 20, 0).decode("ascii", "replace").strip()
        os.close(fd)
        raise StoreLocked(
            f"{directory} is in use by another process ({owner or 'unknown'}); only one may write to it"
        ) from error
    with suppress(OSError):  # a full disk: the lock holds without the name of its owner
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"{os.getpid()}\n".encode(), 0)
    return fd
