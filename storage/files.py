"""Writing to log files so that what was acknowledged is on the disk and a failure leaves them whole."""

import os
from pathlib import Path


def open_log(path: Path) -> tuple[int, int]:
    """The file open for appending, private to its owner, and how many bytes of a torn last line were cut.

    A line without its end was never acknowledged: the process died while writing it.
    """
    new = not path.exists()
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if new:
        sync_directory(path.parent)
    dropped = _torn(fd)
    if dropped:
        os.ftruncate(fd, os.fstat(fd).st_size - dropped)
        os.fsync(fd)
    return fd, dropped


def _torn(fd: int) -> int:
    size = os.fstat(fd).st_size
    end = size
    while end > 0:
        start = max(0, end - 65536)
        found = os.pread(fd, end - start, start).rfind(b"\n")
        if found >= 0:
            return size - (start + found + 1)
        end = start
    return size


def write_all(fd: int, data: bytes, *, at: int) -> None:
    """Writes and syncs ``data`` at offset ``at``, the end of the file, or raises OSError with nothing written."""
    if not data:
        return
    done = 0
    try:
        while done < len(data):
            done += os.pwrite(fd, data[done:] if done else data, at + done)
        os.fdatasync(fd)
    except OSError:
        os.ftruncate(fd, at)
        raise


def replace_file(path: Path, data: bytes) -> None:
    """The file's new content, whole or not at all, whenever the power goes."""
    fresh = path.with_suffix(".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        write_all(fd, data, at=0)
    finally:
        os.close(fd)
    fresh.replace(path)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
