"""Fits the classifier to the question bank: ``make fit``, about a minute. The only part that needs numpy.

A sign weighs by its kind, the more the rarer it is, and less in a question with many of its kind; signs that occur less
than three times are left out. Every question is learnt with a typo too. A question that stands in the bank for several clauses counts for each in equal parts.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from bot.policy.askings import ASKINGS_FILE
from bot.policy.bank import BANK_FILE, Phrasing, answered_by
from bot.policy.classifier import ZERO, Head, packed
from bot.policy.concepts import CONCEPTS_FILE
from bot.policy.fitting.network import Network, network
from bot.policy.fitting.regression import regression
from bot.policy.fitting.sparse import Floats, Sparse
from bot.policy.normalise import WORDS_FILE
from bot.policy.passages import clauses_of
from bot.policy.roughening import with_a_typo
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
_RARITY = 0.25
_CONSTANT = 0.3
_FEWEST = 3
_LARGEST_STEPS = 127
_KEPT_SHARE = 0.9998  # of the weights; the few beyond are cut to the largest step
_DECIMALS = 4


def fit(phrasings: Sequence[Phrasing]) -> bytes:
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
    worth = _worth(read)
    slipped = [reader.signs(with_a_typo(question, which=1), language) for language, question in wanted]
    matrix = _matrix([*read, *slipped], worth)
    targets = np.concatenate([targets, targets])
    return _file(guideline.version, worth, regression(matrix, targets), network(matrix, targets))


def made_of() -> str:
    """A checksum of all that the shipped classifier was made of, so that a test can hold it to that."""
    told = hashlib.sha256()
    for path in (BANK_FILE, WORDS_FILE, CONCEPTS_FILE, ASKINGS_FILE):
        told.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return told.hexdigest()


def _worth(read: Sequence[Signs]) -> dict[int, float]:
    """What each sign that is kept weighs, in the order of the signs."""
    weights: dict[int, float] = {}
    for kind, weight in _WEIGHTS.items():
        counts = Counter(sign for signs in read for sign in signs.of[kind])
        for sign, count in counts.items():
            if count >= _FEWEST:
                weights[sign] = weight * _RARITY * math.log((len(read) + 1) / (count + 0.5))
    return dict(sorted(weights.items()))


def _matrix(read: Sequence[Signs], worth: Mapping[int, float]) -> Sparse:
    """A row for each question; the last column is the constant, which every question has."""
    places = {sign: place for place, sign in enumerate(worth)}
    starts: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for signs in read:
        starts.append(len(columns))
        for found in signs.of.values():
            kept = [sign for sign in found if sign in worth]
            columns += [places[sign] for sign in kept]
            values += [worth[sign] / math.sqrt(len(found)) for sign in kept]
        columns.append(len(worth))
        values.append(_CONSTANT)
    return Sparse(
        starts=np.array(starts),
        columns=np.array(columns),
        values=np.array(values, np.float32),
        width=len(worth) + 1,
    )


def _file(version: str, worth: Mapping[int, float], weights: Floats, net: Network) -> bytes:
    """What differs between the classes is all that counts, so their weights are centred before they are cut to bytes."""
    each = np.array([*worth.values()], np.float32)[:, None]
    told = weights[:-1] * each
    by_class, class_step = _bytes(told - told.mean(axis=1, keepdims=True))
    by_unit, unit_step = _bytes(net.inner[:-1] * each)
    rows = np.concatenate([by_class, by_unit], axis=1)
    if rows.shape[1] % 2:
        rows = np.concatenate([rows, np.full((len(rows), 1), ZERO, np.uint8)], axis=1)
    head = Head(
        guideline=version,
        made_of=made_of(),
        constants=_rounded(weights[-1] * np.float32(_CONSTANT)),
        hidden=_rounded(net.hidden + net.inner[-1] * np.float32(_CONSTANT)),
        outer=tuple(map(_rounded, np.concatenate([net.constants[None], net.outer]).T)),
        steps=(class_step, unit_step),
    )
    return packed(head, list(worth), rows.tobytes())


def _bytes(weights: Floats) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], float]:
    step = float(np.quantile(np.abs(weights), _KEPT_SHARE)) / _LARGEST_STEPS
    steps = np.clip(np.rint(weights / np.float32(step)), -_LARGEST_STEPS, _LARGEST_STEPS) + ZERO
    return steps.astype(np.uint8), step


def _rounded(weights: Floats) -> tuple[float, ...]:
    return tuple(round(float(one), _DECIMALS) for one in weights)
