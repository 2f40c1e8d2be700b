"""Mends typos by the words that the question bank is written in, before a question is read.

A word that the bank or the word lists know is left alone, however rare. Any other is taken for the commonest known
word that is one slip away and begins with the same letter. Words are found by what is left of them without one letter;
all of it is checksums in arrays, since lists of strings would take ten times the memory.
"""

import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO
from zlib import crc32

from bot.policy.vocabulary import deletions

SPELLER_FILE = Path(__file__).parent / "data" / "speller.bin"
SHORTEST, LONGEST = 4, 30
_COUNTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Speller:
    """``known``: words to leave alone. ``shortened``: mendable words with and without a letter, in order; ``of``: which
    word each of them is. The words run from ``ends`` to ``ends`` in ``text``, the commonest first."""

    known: Sequence[int]
    shortened: Sequence[int]
    of: Sequence[int]
    ends: Sequence[int]
    text: bytes

    def mended(self, word: str) -> str:
        if not mendable(word) or _place(self.known, crc32(word.encode())) is not None:
            return word
        near = {place for short in (word, *deletions(word)) for place in self._with(short)}
        return next((one for one in map(self._word, sorted(near)) if _one_slip(word, one)), word)

    def knows(self, word: str) -> bool:
        """Whether it stands in the bank or the word lists just so."""
        return _place(self.known, crc32(word.encode("utf-8", "replace"))) is not None

    def _with(self, short: str) -> Iterator[int]:
        sought = crc32(short.encode())
        place = _place(self.shortened, sought)
        while place is not None and place < len(self.shortened) and self.shortened[place] == sought:
            yield self.of[place]
            place += 1

    def _word(self, place: int) -> str:
        return self.text[self.ends[place] : self.ends[place + 1]].decode()


def mendable(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()


@cache
def load_speller(path: Path = SPELLER_FILE) -> Speller:
    with path.open("rb") as file:
        return read_speller(file)


def packed(known: Sequence[str], words: Sequence[str]) -> bytes:
    """The file: three counts, checksums of the known words, the mendable words by checksums, their ends and themselves."""
    pairs = sorted(
        (crc32(short.encode()), place)
        for place, word in enumerate(words)
        for short in {word, *deletions(word)}
    )
    checksums = sorted({crc32(word.encode()) for word in known})
    ends = [0, *accumulate(map(len, words))]
    numbers = [len(checksums), len(pairs), len(ends), *checksums, *(checksum for checksum, _ in pairs), *ends]
    return b"".join(
        [
            _little("I", numbers).tobytes(),
            _little("H", [place for _, place in pairs]).tobytes(),
            "".join(words).encode(),
        ]
    )


def read_speller(file: BinaryIO) -> Speller:
    known, shortened, ends = _read("I", file, _COUNTS)
    return Speller(
        known=_read("I", file, known),
        shortened=_read("I", file, shortened),
        ends=_read("I", file, ends),
        of=_read("H", file, shortened),
        text=file.read(),
    )


def _little(kind: str, numbers: Sequence[int]) -> "array[int]":
    made = array(kind, numbers)
    if sys.byteorder == "big":
        made.byteswap()
    return made


def _read(kind: str, file: BinaryIO, count: int) -> "array[int]":
    read = array(kind)
    read.frombytes(file.read(read.itemsize * count))
    if sys.byteorder == "big":
        read.byteswap()
    return read


def _place(numbers: Sequence[int], sought: int) -> int | None:
    place = bisect_left(numbers, sought)
    return place if place < len(numbers) and numbers[place] == sought else None


def _one_slip(word: str, known: str) -> bool:
    """People seldom get the first letter wrong, so another one is another word."""
    if word[0] != known[0] or abs(len(word) - len(known)) > 1:
        return False
    at = next(
        (place for place, (one, other) in enumerate(zip(word, known, strict=False)) if one != other), -1
    )
    swapped = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
    return (
        at < 0
        or word[at + 1 :] in (known[at + 1 :], known[at:])
        or word[at:] == known[at + 1 :]
        or swapped == known
    )
