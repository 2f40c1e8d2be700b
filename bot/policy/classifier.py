"""The trained classifier: which clause answers, or none, as probabilities, in plain Python.

Multinomial logistic regression over the signs of a question. Each known sign has a row with one byte for every class;
the rows of a kind are added a whole row at a time, as one long number whose digits are the classes, which takes some
fifty microseconds for a question. ``make fit`` writes the file.
"""

import json
import math
import struct
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.policy.signs import Kind, Signs

CLASSIFIER_FILE = Path(__file__).parent / "data" / "classifier.bin"

ZERO = 128
"""The byte that stands for no weight at all."""
_MOST_ADDED = 250  # 250 bytes still fit the 16 bits that a class has in the long number


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``guideline``: the version it was fitted on. ``made_of``: a checksum of everything else it was made of.
    ``scales``: what a step of a byte is worth, by kind."""

    guideline: str
    made_of: str
    classes: int
    constants: tuple[float, ...]
    scales: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Classifier:
    """The classes are the guideline's clauses in order; the last one is that no clause answers."""

    head: Head
    _keys: Sequence[int]
    _rows: bytes
    _odd: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "_odd", int.from_bytes(b"\xff\x00" * (_width(self.head.classes) // 2), "little")
        )

    def probabilities(self, signs: Signs) -> list[float]:
        totals = list(self.head.constants)
        for kind, scale in self.head.scales.items():
            found = signs.of[Kind[kind]]
            if found:
                worth = scale / math.sqrt(len(found))
                totals = [
                    total + worth * step for total, step in zip(totals, self._added(found), strict=True)
                ]
        highest = max(totals)
        shares = [math.exp(total - highest) for total in totals]
        whole = sum(shares)
        return [share / whole for share in shares]

    def knows(self, signs: Signs, kind: Kind) -> float:
        """The share of these signs that the classifier has ever seen."""
        found = signs.of[kind]
        return sum(1 for sign in found if self._place(sign) is not None) / len(found) if found else 0.0

    def _added(self, signs: Iterable[int]) -> list[int]:
        known = [place for sign in signs if (place := self._place(sign)) is not None]
        totals = [0] * self.head.classes
        for start in range(0, len(known), _MOST_ADDED):
            part = known[start : start + _MOST_ADDED]
            totals = [total + one for total, one in zip(totals, self._sum(part), strict=True)]
        return totals

    def _sum(self, places: Sequence[int]) -> list[int]:
        width, rows, mask = _width(self.head.classes), self._rows, self._odd
        even = odd = 0
        for place in places:
            row = int.from_bytes(rows[place * width : (place + 1) * width], "little")
            even += row & mask
            odd += (row >> 8) & mask
        half = width // 2
        evens = struct.unpack(f"<{half}H", even.to_bytes(width, "little"))
        odds = struct.unpack(f"<{half}H", odd.to_bytes(width, "little"))
        offset = ZERO * len(places)
        both = [step - offset for pair in zip(evens, odds, strict=True) for step in pair]
        return both[: self.head.classes]

    def _place(self, sign: int) -> int | None:
        keys = self._keys
        place = bisect_left(keys, sign)
        return place if place < len(keys) and keys[place] == sign else None


def load_classifier(path: Path = CLASSIFIER_FILE) -> Classifier:
    data = path.read_bytes()
    head, _, rest = data.partition(b"\n")
    told = json.loads(head)
    count = told.pop("signs")
    keys = array("I")
    keys.frombytes(rest[: 4 * count])
    if sys.byteorder == "big":
        keys.byteswap()
    told["constants"] = tuple(told["constants"])
    return Classifier(head=Head(**told), _keys=keys, _rows=rest[4 * count :])


def packed(head: Head, keys: Sequence[int], rows: bytes) -> bytes:
    """The file: a line of JSON, the known signs in order (32 bits each), and their rows."""
    told = {
        "guideline": head.guideline,
        "made_of": head.made_of,
        "classes": head.classes,
        "constants": [round(one, 4) for one in head.constants],
        "scales": head.scales,
        "signs": len(keys),
    }
    return json.dumps(told).encode() + b"\n" + struct.pack(f"<{len(keys)}I", *keys) + rows


def _width(classes: int) -> int:
    """Bytes of a row: an even number, since they are added by twos."""
    return classes + classes % 2
