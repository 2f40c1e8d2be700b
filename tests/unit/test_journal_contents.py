"""The content file where things went half way."""

import errno
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from storage.contents import ContentFile, seal
from storage.erasing import Erasure
from storage.store import BrokenChain, Content


def filled(path: Path, count: int = 3) -> list[Content]:
    contents = [seal(f"a text that somebody wrote, number {n}".encode()) for n in range(count)]
    file = opened(path, 0)
    for seq, content in enumerate(contents, start=1):
        file.landed(file.write([(content, seq)]))
    file.close()
    return contents


def opened(path: Path, newest: int) -> ContentFile:
    file = ContentFile(path)
    file.scan(newest)
    return file


def erase(file: ContentFile, *refs: str) -> None:
    erasure = Erasure(file, [refs])
    erasure.write()
    erasure.settle(None)


@pytest.mark.parametrize("reached", [0.3, 0.6, 0.95])
def test_an_erasure_that_was_interrupted_is_finished_at_start(tmp_path: Path, reached: float) -> None:
    path = tmp_path / "contents.jsonl"
    contents = filled(path)
    before = path.read_bytes().splitlines(keepends=True)
    file = opened(path, 3)
    erase(file, contents[1].ref)
    file.close()
    after = path.read_bytes().splitlines(keepends=True)
    half = 100 + int((len(before[1]) - 100) * reached)
    path.write_bytes(before[0] + after[1][:half] + before[1][half:] + before[2])
    file = opened(path, 3)
    assert file.get(contents[1].ref) is None
    assert file.get(contents[2].ref) == contents[2].data
    file.close()
    assert path.read_bytes() == b"".join(after[:2]) + before[2]


@pytest.mark.parametrize("sums", [True, False])
def test_an_erasure_that_was_cut_off_behind_its_brace_is_finished_at_start(
    tmp_path: Path, sums: bool
) -> None:
    """Where a page of the file ends there, a killed process leaves just that."""
    path = tmp_path / "contents.jsonl"
    contents = filled(path)
    if not sums:
        path.write_bytes(without_sums(path.read_bytes()))
    before = path.read_bytes().splitlines(keepends=True)
    brace = before[1].index(b',"salt"')
    path.write_bytes(before[0] + before[1][:brace] + b"}" + before[1][brace + 1 :] + before[2])
    file = opened(path, 3)
    assert [file.get(content.ref) for content in contents] == [contents[0].data, None, contents[2].data]
    file.close()
    assert (
        path.read_bytes()
        == before[0] + before[1][:brace] + b"}".ljust(len(before[1]) - brace - 1) + b"\n" + before[2]
    )


@pytest.mark.parametrize("tail", ["whole", "torn"])
@pytest.mark.parametrize("sums", [True, False])
def test_a_wipe_that_was_killed_after_any_byte_is_finished_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tail: str, sums: bool
) -> None:
    path = tmp_path / "contents.jsonl"
    filled(path, 4)
    whole = path.read_bytes() if sums else without_sums(path.read_bytes())
    left = whole[:-60] if tail == "torn" else whole
    for room in range(0, 2 * len(left), 23):
        path.write_bytes(left)
        with monkeypatch.context() as patch, suppress(Killed):
            patch.setattr(os, "pwrite", killed_after(room))
            opened(path, 1).close()
        opened(path, 1).close()
        assert path.read_bytes() == whole.splitlines(keepends=True)[0], f"killed after {room} bytes"


def test_a_refused_commit_that_cannot_be_cut_off_is_not_taken_for_one_that_was_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commits without contents go on meanwhile, and take the numbers of the one that was refused."""
    path = tmp_path / "contents.jsonl"
    filled(path, 2)
    whole = path.read_bytes()
    file = opened(path, 2)
    written = file.write([(seal(b"of a commit that the journal refused"), 3)])
    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", refuse)
        file.take_back(written)
    file.close()
    assert path.read_bytes().rstrip(b" ") == whole
    opened(path, 3).close()
    assert path.read_bytes() == whole


class Killed(BaseException):
    """The process is gone."""


def killed_after(room: int) -> Callable[[int, bytes, int], int]:
    """An ``os.pwrite`` that ends the process once it has written so many bytes in all."""
    write = os.pwrite

    def pwrite(fd: int, data: bytes, offset: int) -> int:
        nonlocal room
        count = write(fd, data[:room], offset) if room else 0
        room -= count
        if count < len(data):
            raise Killed
        return count

    return pwrite


def refuse(*_: object) -> None:
    raise OSError(errno.ENOSPC, "no space")


def without_sums(data: bytes) -> bytes:
    """As it was written before there were sums."""
    return re.sub(rb',"sum":"[0-9a-f]{8}"', b"", data)


def test_what_no_event_refers_to_is_erased_at_start_with_what_was_torn(tmp_path: Path) -> None:
    path = tmp_path / "contents.jsonl"
    contents = filled(path)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:200])
    file = opened(path, 2)
    assert [file.get(content.ref) for content in contents] == [contents[0].data, contents[1].data, None]
    file.close()
    assert path.read_bytes() == b"".join(whole.splitlines(keepends=True)[:2])


def test_the_same_content_twice_is_kept_once_and_does_not_come_back_from_disposal(tmp_path: Path) -> None:
    path = tmp_path / "contents.jsonl"
    (content,) = filled(path, 1)
    file = opened(path, 1)
    file.landed(file.write([(content, 2)]))
    erase(file, content.ref, "no such ref")
    file.landed(file.write([(content, 3)]))
    assert file.get(content.ref) is None
    file.close()


@pytest.mark.parametrize("at", [90, 150, -10])
def test_a_flipped_bit_is_an_error_and_never_a_disposal(tmp_path: Path, at: int) -> None:
    path = tmp_path / "contents.jsonl"
    contents = filled(path)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)

    def read_all() -> None:
        file = ContentFile(path)
        try:
            file.scan(3)
            assert None not in [file.get(content.ref) for content in contents]
        finally:
            file.close()

    with pytest.raises(BrokenChain):
        read_all()
    assert path.read_bytes() == data, "nothing was written over"
