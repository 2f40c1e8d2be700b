"""Fits the classifiers to their examples: ``make fit``, some minutes. The only part that needs numpy.

A sign weighs by its kind, the more the rarer it is, and less in a question with many of its kind; signs that occur less
than three times are left out. Every question is learnt with a typo too, read as the speller mends it. A question that
stands in the bank for several clauses counts for each in equal parts.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.policy.askings import ASKINGS_FILE
from bot.policy.bank import BANK_FILE, Phrasing, answered_by
from bot.policy.classifier import MOST_STEPS, ZERO, Head, mark_of, packed
from bot.policy.concepts import CONCEPTS_FILE
from bot.policy.fitting.network import UNITS, Network, network
from bot.policy.fitting.regression import regression
from bot.policy.fitting.sparse import Floats, Ints, Sparse
from bot.policy.normalise import WORDS_FILE
from bot.policy.passages import clauses_of
from bot.policy.roughening import with_a_typo
from bot.policy.shipped import load_guideline
from bot.policy.signs import Kind, SignReader, Signs, load_sign_reader
from bot.policy.speller import Speller

_WEIGHTS = {
    Kind.WORD: 1.0,
    Kind.PAIR: 0.5,
    Kind.TOGETHER: 0.3,
    Kind.PIECE: 2.0,
    Kind.CONCEPT: 0.7,
    Kind.PUT: 0.7,
}
_RARITY = 0.25
CONSTANT = 0.3
_FEWEST = 3
_WITHIN = (0.97, 0.98, 0.99, 0.995, 0.998)
"""Shares of the weights to try for what is within the steps; the few beyond are cut to the largest one."""
_DECIMALS = 4
_STEP_DECIMALS = 7
_TINY = 1e-6

Bytes = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
Worth = Mapping[int, tuple[float, Kind]]
"""What each sign that is kept weighs, and its kind, in the order of the signs."""


def fit(phrasings: Sequence[Phrasing], speller: Speller) -> bytes:
    """The classifier's file, for the shipped guideline."""
    guideline, reader = load_guideline(), load_sign_reader(speller)
    clauses = clauses_of(guideline)
    wanted: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in phrasings:
        place = answered_by(one, clauses, guideline) if one.passage else len(clauses)
        if place is not None:
            wanted[one.language, one.question].add(place)
    learnt = learn(wanted, len(clauses) + 1, reader, fewest=_FEWEST, units=UNITS)
    marks = tuple(mark_of(guideline.text[one.start : one.end]) for one in clauses)
    return packed_of(learnt, guideline=guideline.version, clauses=marks, made_of=made_of())


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    worth: Worth
    weights: Floats
    net: Network


def learn(
    wanted: Mapping[tuple[str, str], Set[int]], classes: int, reader: SignReader, *, fewest: int, units: int
) -> Learnt:
    """``wanted``: language and text -> the classes that are right for it. ``fewest``: texts that a sign must occur in.
    ``units``: hidden ones."""
    read = [reader.signs(text, language) for language, text in wanted]
    targets = np.zeros((len(read), classes), np.float32)
    for row, places in enumerate(wanted.values()):
        targets[row, list(places)] = 1 / len(places)
    worth = worth_of(read, fewest)
    slipped = [reader.signs(with_a_typo(text, which=1), language) for language, text in wanted]
    matrix = matrix_of([*read, *slipped], worth)
    targets = np.concatenate([targets, targets])
    return Learnt(worth=worth, weights=regression(matrix, targets), net=network(matrix, targets, units=units))


def made_of() -> str:
    """A checksum of all that the shipped classifier was made of, so that a test can hold it to that."""
    return checksum(BANK_FILE, WORDS_FILE, CONCEPTS_FILE, ASKINGS_FILE)


def checksum(*paths: Path) -> str:
    told = hashlib.sha256()
    for path in paths:
        told.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return told.hexdigest()


def worth_of(read: Sequence[Signs], fewest: int) -> Worth:
    weights: dict[int, tuple[float, Kind]] = {}
    for kind, weight in _WEIGHTS.items():
        counts = Counter(sign for signs in read for sign in signs.of[kind])
        for sign, count in counts.items():
            if count >= fewest:
                weights[sign] = weight * _RARITY * math.log((len(read) + 1) / (count + 0.5)), kind
    return dict(sorted(weights.items()))


def matrix_of(read: Sequence[Signs], worth: Worth) -> Sparse:
    """A row for each question; the last column is the constant, which every question has."""
    places = {sign: place for place, sign in enumerate(worth)}
    starts: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for signs in read:
        starts.append(len(columns))
        for found in signs.of.values():
            kept = sorted(
                sign for sign in found if sign in worth
            )  # a set has no order: a sum would differ each time
            columns += [places[sign] for sign in kept]
            values += [worth[sign][0] / math.sqrt(len(found)) for sign in kept]
        columns.append(len(worth))
        values.append(CONSTANT)
    return Sparse(
        starts=np.array(starts),
        columns=np.array(columns),
        values=np.array(values, np.float32),
        width=len(worth) + 1,
    )


def packed_of(learnt: Learnt, *, guideline: str, clauses: tuple[int, ...], made_of: str) -> bytes:
    """What differs between the classes is all that counts, so their weights are centred before they are cut to bytes."""
    weights, net = learnt.weights, learnt.net
    each = np.array([weight for weight, _ in learnt.worth.values()], np.float32)[:, None]
    kinds = np.array([kind for _, kind in learnt.worth.values()])
    told = weights[:-1] * each
    by_class, class_steps = in_half_bytes(told - told.mean(axis=1, keepdims=True), kinds)
    by_unit, unit_steps = in_half_bytes(net.inner[:-1] * each, kinds)
    rows = np.concatenate([by_class, by_unit], axis=1)
    rows = np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4)), constant_values=ZERO)
    head = Head(
        guideline=guideline,
        clauses=clauses,
        made_of=made_of,
        constants=_rounded(weights[-1] * np.float32(CONSTANT)),
        hidden=_rounded(net.hidden + net.inner[-1] * np.float32(CONSTANT)),
        outer=tuple(map(_rounded, np.concatenate([net.constants[None], net.outer]).T)),
        steps=tuple(zip(class_steps, unit_steps, strict=True)),
    )
    return packed(head, list(learnt.worth), (rows[:, ::2] | rows[:, 1::2] << 4).tobytes())


def in_half_bytes(weights: Floats, kinds: Ints) -> tuple[Bytes, list[float]]:
    """The weights in half bytes, and for each kind of sign what a step is worth."""
    rows, steps = np.full(weights.shape, ZERO, np.uint8), []
    for kind in Kind:
        of_kind = weights[kinds == kind]
        step = min(
            _steps(of_kind), key=lambda step: float(((_cut(of_kind, step) * step - of_kind) ** 2).sum())
        )
        rows[kinds == kind] = (_cut(of_kind, step) + ZERO).astype(np.uint8)
        steps.append(round(step, _STEP_DECIMALS))
    return rows, steps


def _steps(weights: Floats) -> list[float]:
    if not weights.size:
        return [0.0]
    return [float(one) / MOST_STEPS + _TINY for one in np.quantile(np.abs(weights), _WITHIN)]


def _cut(weights: Floats, step: float) -> Floats:
    return np.asarray(np.clip(np.rint(weights / np.float32(step)), -MOST_STEPS, MOST_STEPS), np.float32)


def _rounded(weights: Floats) -> tuple[float, ...]:
    return tuple(round(float(one), _DECIMALS) for one in weights)
