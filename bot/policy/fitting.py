"""Fits the classifier to the question bank: ``make fit``, some two minutes. The only part that needs numpy.

Logistic regression by L-BFGS. A sign weighs by its kind, the more the rarer it is, and less in a question with many of
its kind; signs that occur once are left out. A line of the bank whose question stands there for several clauses counts
for each of them in equal parts.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.policy.askings import ASKINGS_FILE
from bot.policy.bank import BANK_FILE, Phrasing, answered_by, load_bank
from bot.policy.classifier import CLASSIFIER_FILE, ZERO, Classifier, Head, load_classifier, packed
from bot.policy.concepts import CONCEPTS_FILE
from bot.policy.normalise import WORDS_FILE
from bot.policy.passages import clauses_of
from bot.policy.shipped import load_guideline
from bot.policy.signs import Kind, Signs, load_sign_reader

_WEIGHTS = {
    Kind.WORD: 1.0,
    Kind.PAIR: 0.5,
    Kind.TOGETHER: 0.3,
    Kind.PIECE: 2.0,
    Kind.CONCEPT: 0.7,
    Kind.PUT: 0.7,
}
_FEWEST = 2
_L2 = 0.01
_ROUNDS = 100
_REMEMBERED = 6
_LARGEST_STEPS = 127
_KEPT_SHARE = 0.9998  # of the weights; the few beyond are cut to the largest step

_Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparse:
    """A matrix by rows: row ``i`` has ``columns[starts[i]:starts[i + 1]]`` with ``values``. No row is empty."""

    starts: _Ints
    columns: _Ints
    values: _Floats
    width: int

    def times(self, dense: _Floats) -> _Floats:
        return np.concatenate(
            [
                np.add.reduceat(dense[self.columns[a:b]] * self.values[a:b, None], starts - a, axis=0)
                for starts, a, b in self._portions()
            ]
        ).astype(np.float32)

    def _portions(self, rows: int = 512) -> Iterable[tuple[_Ints, int, int]]:
        """So few rows at a time that what is picked out stays in the processor's cache."""
        ends = np.append(self.starts[1:], len(self.columns))
        for first in range(0, len(self.starts), rows):
            starts = self.starts[first : first + rows]
            yield starts, int(starts[0]), int(ends[min(first + rows, len(ends)) - 1])

    def transposed(self) -> "Sparse":
        lengths = np.diff(np.append(self.starts, len(self.columns)))
        rows = np.repeat(np.arange(len(self.starts)), lengths)
        order = np.argsort(self.columns, kind="stable")
        counts = np.bincount(self.columns, minlength=self.width)
        return Sparse(
            starts=np.concatenate([[0], np.cumsum(counts)[:-1]]),
            columns=rows[order],
            values=self.values[order],
            width=len(self.starts),
        )


def fit(phrasings: Sequence[Phrasing], *, made_of: str = "") -> bytes:
    """The classifier's file, for the shipped guideline."""
    guideline, reader = load_guideline(), load_sign_reader()
    clauses = clauses_of(guideline)
    wanted: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in phrasings:
        place = answered_by(one, clauses, guideline) if one.passage else len(clauses)
        if place is not None:
            wanted[one.language, one.question].add(place)
    read = [reader.signs(question, language) for language, question in wanted]
    targets = np.zeros((len(read), len(clauses) + 1), np.float32)
    for row, places in enumerate(wanted.values()):
        targets[row, list(places)] = 1 / len(places)
    keys, worth = _known(read)
    weights = _fitted(_matrix(read, keys, worth), targets)
    return _file(guideline.version, made_of, keys, worth, weights)


def _known(read: Sequence[Signs]) -> tuple[dict[int, int], _Floats]:
    """The signs that are kept, in order, each with its place, and what each weighs."""
    weights: dict[int, float] = {}
    for kind, weight in _WEIGHTS.items():
        counts = Counter(sign for signs in read for sign in signs.of[kind])
        for sign, count in counts.items():
            if count >= _FEWEST:
                weights[sign] = weight * math.log((len(read) + 1) / (count + 0.5)) / 4
    places = {sign: place for place, sign in enumerate(sorted(weights))}
    return places, np.array([weights[sign] for sign in places], np.float32)


def _matrix(read: Sequence[Signs], keys: dict[int, int], worth: _Floats) -> Sparse:
    """The last column is the constant, which every question has."""
    starts: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for signs in read:
        starts.append(len(columns))
        for found in signs.of.values():
            places = [keys[sign] for sign in found if sign in keys]
            columns += places
            values += [1 / math.sqrt(len(found) or 1)] * len(places)
        columns.append(len(keys))
        values.append(1.0)
    at = np.array(columns)
    return Sparse(
        starts=np.array(starts),
        columns=at,
        values=np.array(values, np.float32) * np.append(worth, np.float32(0.3))[at],
        width=len(keys) + 1,
    )


def _fitted(matrix: Sparse, targets: _Floats) -> _Floats:
    """One row of weights a sign, the constant last."""
    turned = matrix.transposed()
    shape = (matrix.width, targets.shape[1])

    def cost(flat: _Floats) -> tuple[float, _Floats]:
        weights = flat.reshape(shape)
        totals = matrix.times(weights)
        totals -= totals.max(axis=1, keepdims=True)
        shares = np.exp(totals)
        shares /= shares.sum(axis=1, keepdims=True)
        missed = -float((targets * np.log(shares + 1e-12)).sum()) + _L2 / 2 * float(flat @ flat)
        return missed, (turned.times(shares - targets) + _L2 * weights).ravel()

    return _lowest(cost, np.zeros(shape[0] * shape[1], np.float32)).reshape(shape)


def _lowest(cost: Callable[[_Floats], tuple[float, _Floats]], at: _Floats) -> _Floats:
    """L-BFGS with a step that is halved until it goes down."""
    steps: list[tuple[_Floats, _Floats, float]] = []
    value, slope = cost(at)
    for _ in range(_ROUNDS):
        direction = _direction(slope, steps)
        size, fall = (1.0 if steps else 1 / float(np.linalg.norm(slope))), float(direction @ slope)
        while True:
            there = at + np.float32(size) * direction
            lower, new_slope = cost(there)
            if lower <= value + 1e-4 * size * fall or size < 1e-6:
                break
            size /= 2
        moved, turned = there - at, new_slope - slope
        curve = float(moved @ turned)
        if curve > 1e-10:
            steps = [*steps, (moved, turned, 1 / curve)][-_REMEMBERED:]
        at, value, slope = there, lower, new_slope
    return at


def _direction(slope: _Floats, steps: Sequence[tuple[_Floats, _Floats, float]]) -> _Floats:
    direction, shares = -slope, []
    for moved, turned, rho in reversed(steps):
        share = np.float32(rho * float(moved @ direction))
        shares.append(share)
        direction = direction - share * turned
    if steps:
        moved, turned, rho = steps[-1]
        direction *= np.float32(1 / (rho * float(turned @ turned)))
    for (moved, turned, rho), share in zip(steps, reversed(shares), strict=True):
        direction = direction + (share - np.float32(rho * float(turned @ direction))) * moved
    return direction


def _file(version: str, made_of: str, keys: dict[int, int], worth: _Floats, weights: _Floats) -> bytes:
    """What differs between the classes is all that counts, so each row is centred before it is cut to bytes."""
    rows = weights[:-1] * worth[:, None]
    rows -= rows.mean(axis=1, keepdims=True)
    scale = float(np.quantile(np.abs(rows), _KEPT_SHARE)) / _LARGEST_STEPS
    steps = np.clip(np.rint(rows / scale), -_LARGEST_STEPS, _LARGEST_STEPS) + ZERO
    padded = np.full((len(rows), rows.shape[1] + rows.shape[1] % 2), ZERO, np.uint8)
    padded[:, : rows.shape[1]] = steps.astype(np.uint8)
    head = Head(
        guideline=version,
        made_of=made_of,
        classes=rows.shape[1],
        constants=tuple(float(one) for one in weights[-1] * np.float32(0.3)),
        scales={kind.name: scale for kind in _WEIGHTS},
    )
    return packed(head, list(keys), padded.tobytes())


def made_of() -> str:
    """A checksum of all that the shipped classifier was made of, so that a test can hold it to that."""
    told = hashlib.sha256()
    for path in (BANK_FILE, WORDS_FILE, CONCEPTS_FILE, ASKINGS_FILE):
        told.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return told.hexdigest()


def main() -> None:
    CLASSIFIER_FILE.write_bytes(fit(load_bank(), made_of=made_of()))


def fitted(phrasings: Sequence[Phrasing], folder: Path) -> Classifier:
    """A classifier of these phrasings alone, to be measured on others."""
    path = folder / CLASSIFIER_FILE.name
    path.write_bytes(fit(phrasings))
    return load_classifier(path)


if __name__ == "__main__":
    main()
