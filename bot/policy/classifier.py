"""The trained classifier: which clause answers, or none, as probabilities, in plain Python.

Two models over the signs of a question, which err differently: multinomial logistic regression, and a network with one
hidden layer. Each known sign has a row of half bytes, one for every class and one for every hidden unit; what a step of
them is worth is told for each kind of sign, so that as few as fifteen steps lose nothing. The rows of a kind are added a
whole row at a time, as one long number with the columns as its digits: that takes some hundred microseconds for a
question. ``make fit`` writes the file.
"""

import json
import math
import re
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from operator import mul
from pathlib import Path
from zlib import crc32

from bot.policy.signs import Kind, Signs

CLASSIFIER_FILE = Path(__file__).parent / "data" / "classifier.bin"

_MARKS = re.compile(r"[*#|_]")
ZERO = 8
"""The half byte that stands for no weight at all."""
MOST_STEPS = 7
_IN_TWO_BYTES = 4
_MOST_ADDED = (
    4000  # so many half bytes still fit the 16 bits of a column; no question has more signs of a kind
)
_FIT_A_BYTE = 17  # so many still fit one byte
_TELLING = 40
_BUCKET = 20  # bits: signs that begin alike are sought among themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``guideline``: the version it was fitted on. ``clauses``: the marks of its clauses, in the order of the classes.
    ``made_of``: a checksum of everything else it was made of.

    ``constants``: of the classes. ``hidden``: of the hidden units. ``outer``: for each class a constant and the weights
    of the hidden units. ``steps``: by kind of sign, what a step is worth for the classes and for the hidden units.
    """

    guideline: str
    clauses: tuple[int, ...]
    made_of: str
    constants: tuple[float, ...]
    hidden: tuple[float, ...]
    outer: tuple[tuple[float, ...], ...]
    steps: tuple[tuple[float, float], ...]

    @property
    def classes(self) -> int:
        return len(self.constants)

    @property
    def width(self) -> int:
        """Half bytes of a row, filled up to whole pairs of bytes."""
        columns = len(self.constants) + len(self.hidden)
        return columns + -columns % _IN_TWO_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """The classes are the guideline's clauses in order; the last one is that no clause answers."""

    head: Head
    _keys: Sequence[int]
    _rows: bytes
    _buckets: Sequence[int] = field(init=False)
    _halves: int = field(init=False)
    _bytes: int = field(init=False)
    _constants: Sequence[float] = field(init=False)
    """Of both models together."""
    _outer: Sequence[Sequence[float]] = field(init=False)

    def __post_init__(self) -> None:
        places = [bisect_left(self._keys, bucket << _BUCKET) for bucket in range((1 << 32 - _BUCKET) + 1)]
        object.__setattr__(self, "_buckets", array("H", places))
        pairs = self.head.width // _IN_TWO_BYTES
        object.__setattr__(self, "_halves", int.from_bytes(b"\x0f\x0f" * pairs, "little"))
        object.__setattr__(self, "_bytes", int.from_bytes(b"\xff\x00" * pairs, "little"))
        each = zip(self.head.constants, self.head.outer, strict=True)
        object.__setattr__(self, "_constants", [constant + outer[0] for constant, outer in each])
        object.__setattr__(self, "_outer", [outer[1:] for outer in self.head.outer])

    def probabilities(self, signs: Signs) -> list[float]:
        """The geometric mean of what the two models say."""
        added = self._weighed(signs)
        units = self._units(added)
        totals = [
            (constant + total + sum(map(mul, outer, units))) / 2
            for constant, total, outer in zip(self._constants, added, self._outer, strict=False)
        ]
        highest = max(totals)
        shares = [math.exp(total - highest) for total in totals]
        whole = sum(shares)
        return [share / whole for share in shares]

    def units(self, signs: Signs) -> list[float]:
        """What the hidden units tell of these signs, each from -1 to 1."""
        return self._units(self._weighed(signs))

    def _units(self, added: Sequence[float]) -> list[float]:
        totals = added[self.head.classes :]
        return [
            math.tanh(constant + total) for constant, total in zip(self.head.hidden, totals, strict=False)
        ]

    def _weighed(self, signs: Signs) -> list[float]:
        """The sums of all columns; a sign counts less in a question with many of its kind."""
        head = self.head
        classes, units = [0.0] * head.classes, [0.0] * len(head.hidden)
        for (class_step, unit_step), kind in zip(head.steps, Kind, strict=True):
            places = self._places(signs.of[kind])
            if places:
                added, worth = self._sum(places), 1 / math.sqrt(len(signs.of[kind]))
                by_class, by_unit, nothing = class_step * worth, unit_step * worth, ZERO * len(places)
                classes = [
                    total + by_class * (one - nothing) for total, one in zip(classes, added, strict=False)
                ]
                units = [
                    total + by_unit * (one - nothing)
                    for total, one in zip(units, added[head.classes :], strict=False)
                ]
        return classes + units

    def knows(self, signs: Signs, kind: Kind) -> float:
        """The share of these signs that the classifier has ever seen; of many a few tell."""
        found = [*islice(signs.of[kind], _TELLING)]
        return len(self._places(found)) / len(found) if found else 0.0

    def _places(self, signs: Iterable[int]) -> list[int]:
        known = [place for sign in signs if (place := self._place(sign)) is not None]
        return known[:_MOST_ADDED]

    def _sum(self, places: Sequence[int]) -> list[int]:
        """Of the half bytes of these rows, by column."""
        size, halves, whole, rows = self.head.width // 2, self._halves, self._bytes, self._rows
        read, starts = int.from_bytes, [place * size for place in places]
        first = second = third = fourth = 0
        for group in range(0, len(places), _FIT_A_BYTE):
            even = odd = 0
            for start in starts[group : group + _FIT_A_BYTE]:
                row = read(rows[start : start + size], "little")
                even += row & halves
                odd += row >> 4 & halves
            first += even & whole
            second += odd & whole
            third += even >> 8 & whole
            fourth += odd >> 8 & whole
        told = struct.Struct(f"<{size // 2}H")
        columns = [told.unpack(one.to_bytes(size, "little")) for one in (first, second, third, fourth)]
        return [*chain.from_iterable(zip(*columns, strict=True))]

    def _place(self, sign: int) -> int | None:
        keys, bucket = self._keys, sign >> _BUCKET
        place = bisect_left(keys, sign, self._buckets[bucket], self._buckets[bucket + 1])
        return place if place < len(keys) and keys[place] == sign else None


def mark_of(clause: str) -> int:
    """A checksum of the clause's words; how they are broken into lines and emphasised makes no difference."""
    return crc32(" ".join(_MARKS.sub("", clause).split()).encode())


def load_classifier(path: Path = CLASSIFIER_FILE) -> Classifier:
    keys = array("I")
    with path.open("rb") as file:  # each part once: what is read twice stays in the process when it is let go
        read = json.loads(file.readline())
        keys.fromfile(file, read["signs"])
        rows = file.read()
    if sys.byteorder == "big":
        keys.byteswap()
    head = Head(
        guideline=read["guideline"],
        clauses=tuple(read["clauses"]),
        made_of=read["made_of"],
        constants=tuple(read["constants"]),
        hidden=tuple(read["hidden"]),
        outer=tuple(map(tuple, read["outer"])),
        steps=tuple(map(tuple, read["steps"])),
    )
    return Classifier(head=head, _keys=keys, _rows=rows)


def packed(head: Head, keys: Sequence[int], rows: bytes) -> bytes:
    """The file: a line of JSON, the known signs in order (32 bits each), and their rows."""
    told = json.dumps({**asdict(head), "signs": len(keys)})
    return told.encode() + b"\n" + struct.pack(f"<{len(keys)}I", *keys) + rows
