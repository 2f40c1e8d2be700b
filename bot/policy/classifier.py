"""The trained classifier: which clause answers, or none, as probabilities, in plain Python.

Two models over the signs of a question, which err differently: multinomial logistic regression, and a network with one
hidden layer. Each known sign has a row of bytes, one for every class and one for every hidden unit. The rows of a kind
are added a whole row at a time, as one long number with the columns as its digits: that takes some hundred microseconds
for a question. ``make fit`` writes the file.
"""

import json
import math
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from operator import mul
from pathlib import Path

from bot.policy.signs import Kind, Signs

CLASSIFIER_FILE = Path(__file__).parent / "data" / "classifier.bin"

ZERO = 128
"""The byte that stands for no weight at all."""
_MOST_ADDED = 250  # 250 bytes still fit the 16 bits that a class has in the long number


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``guideline``: the version it was fitted on. ``made_of``: a checksum of everything else it was made of.

    ``constants``: of the classes. ``hidden``: of the hidden units. ``outer``: for each class a constant and the weights
    of the hidden units. ``steps``: what a step of a byte is worth, for the classes and for the hidden units.
    """

    guideline: str
    made_of: str
    constants: tuple[float, ...]
    hidden: tuple[float, ...]
    outer: tuple[tuple[float, ...], ...]
    steps: tuple[float, float]

    @property
    def classes(self) -> int:
        return len(self.constants)

    @property
    def width(self) -> int:
        """Bytes of a row: an even number, since they are added by twos."""
        columns = len(self.constants) + len(self.hidden)
        return columns + columns % 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """The classes are the guideline's clauses in order; the last one is that no clause answers."""

    head: Head
    _keys: Sequence[int]
    _rows: bytes
    _odd: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_odd", int.from_bytes(b"\xff\x00" * (self.head.width // 2), "little"))

    def probabilities(self, signs: Signs) -> list[float]:
        """The geometric mean of what the two models say."""
        head, added = self.head, self._weighed(signs)
        by_class, by_unit = head.steps
        units = [
            math.tanh(constant + by_unit * total)
            for constant, total in zip(head.hidden, added[head.classes :], strict=False)
        ]
        totals = [
            (constant + by_class * total + outer[0] + sum(map(mul, outer[1:], units))) / 2
            for constant, total, outer in zip(head.constants, added, head.outer, strict=False)
        ]
        highest = max(totals)
        shares = [math.exp(total - highest) for total in totals]
        whole = sum(shares)
        return [share / whole for share in shares]

    def _weighed(self, signs: Signs) -> list[float]:
        """The sums of all columns; a sign counts less in a question with many of its kind."""
        totals = [0.0] * self.head.width
        for found in signs.of.values():
            if found:
                worth = 1 / math.sqrt(len(found))
                totals = [total + worth * one for total, one in zip(totals, self._added(found), strict=True)]
        return totals

    def knows(self, signs: Signs, kind: Kind) -> float:
        """The share of these signs that the classifier has ever seen."""
        found = signs.of[kind]
        return sum(1 for sign in found if self._place(sign) is not None) / len(found) if found else 0.0

    def _added(self, signs: Iterable[int]) -> list[int]:
        known = [place for sign in signs if (place := self._place(sign)) is not None]
        totals = [0] * self.head.width
        for start in range(0, len(known), _MOST_ADDED):
            part = known[start : start + _MOST_ADDED]
            totals = [total + one for total, one in zip(totals, self._sum(part), strict=True)]
        return totals

    def _sum(self, places: Sequence[int]) -> list[int]:
        width, rows, mask = self.head.width, self._rows, self._odd
        even = odd = 0
        for place in places:
            row = int.from_bytes(rows[place * width : (place + 1) * width], "little")
            even += row & mask
            odd += (row >> 8) & mask
        half = width // 2
        evens = struct.unpack(f"<{half}H", even.to_bytes(width, "little"))
        odds = struct.unpack(f"<{half}H", odd.to_bytes(width, "little"))
        offset = ZERO * len(places)
        return [step - offset for pair in zip(evens, odds, strict=True) for step in pair]

    def _place(self, sign: int) -> int | None:
        keys = self._keys
        place = bisect_left(keys, sign)
        return place if place < len(keys) and keys[place] == sign else None


def load_classifier(path: Path = CLASSIFIER_FILE) -> Classifier:
    data = path.read_bytes()
    told, _, rest = data.partition(b"\n")
    read = json.loads(told)
    count = read["signs"]
    keys = array("I")
    keys.frombytes(rest[: 4 * count])
    if sys.byteorder == "big":
        keys.byteswap()
    head = Head(
        guideline=read["guideline"],
        made_of=read["made_of"],
        constants=tuple(read["constants"]),
        hidden=tuple(read["hidden"]),
        outer=tuple(map(tuple, read["outer"])),
        steps=tuple(read["steps"]),
    )
    return Classifier(head=head, _keys=keys, _rows=rest[4 * count :])


def packed(head: Head, keys: Sequence[int], rows: bytes) -> bytes:
    """The file: a line of JSON, the known signs in order (32 bits each), and their rows."""
    told = json.dumps({**asdict(head), "signs": len(keys)})
    return told.encode() + b"\n" + struct.pack(f"<{len(keys)}I", *keys) + rows
