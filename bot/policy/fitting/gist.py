"""Fits the gist of clauses and questions to their examples: a question and a rule of one kind are drawn together, those of
different kinds apart.

Each step takes one rule and one question of so many kinds, and tells for each question which of the rules is its own, and
the other way round, by the cosines of their gists; some of their signs are left out, so that none is learned by heart.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.policy.classifier import Head, packed
from bot.policy.fitting import CONSTANT, in_half_bytes, matrix_of, worth_of
from bot.policy.fitting.adam import Adam
from bot.policy.fitting.kinds import Example, made_of_examples
from bot.policy.fitting.sparse import Floats, Ints, Sparse, shares_of
from bot.policy.kinds import kind_reader
from bot.policy.speller import Speller

_UNITS = 64
_STEPS = 3000
_KINDS = 160
"""At a time."""
_RATE, _LAST_RATE = 4e-3, 1e-4
_KEPT = 0.7
_FEWEST = 6
_SCALE = np.float32(2.5)  # of the input: the layer learns as quickly as the rest only if signs weigh enough
_SPREAD = 0.05
_SHARPNESS = np.float32(10)  # cosines lie between -1 and 1: too close together to tell 160 rules apart
_TINY = np.float32(1e-6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """Rows of the matrix."""

    rules: Ints
    questions: Ints


def fit_gist(examples: Sequence[Example], speller: Speller) -> bytes:
    """The file, in the form of a classifier's without classes."""
    told = [one for one in examples if one.kind is not None and not one.near]
    reader = kind_reader(speller)
    read = [reader.signs(one.text, one.language) for one in told]
    worth = worth_of(read, _FEWEST)
    inner = _drawn_together(matrix_of(read, worth), _kinds(told))
    each = np.array([weight for weight, _ in worth.values()], np.float32)[:, None]
    rows, steps = in_half_bytes(inner[:-1] * each, np.array([kind for _, kind in worth.values()]))
    head = Head(
        guideline="",
        clauses=(),
        made_of=made_of_examples(),
        constants=(),
        hidden=tuple(round(float(one), 4) for one in inner[-1] * np.float32(CONSTANT)),
        outer=(),
        steps=tuple((0.0, step) for step in steps),
    )
    return packed(head, list(worth), (rows[:, ::2] | rows[:, 1::2] << 4).tobytes())


def _kinds(told: Sequence[Example]) -> list[_Kind]:
    rules, questions = defaultdict[str | None, list[int]](list), defaultdict[str | None, list[int]](list)
    for row, one in enumerate(told):
        (rules if one.rule else questions)[one.kind].append(row)
    return [
        _Kind(rules=np.array(rules[kind]), questions=np.array(questions[kind]))
        for kind in sorted(kind for kind in rules if kind and kind in questions)
    ]


def _drawn_together(matrix: Sparse, kinds: Sequence[_Kind], *, seed: int = 3) -> Floats:
    """A row for each column of the matrix."""
    rng = np.random.default_rng(seed)
    inner = (rng.standard_normal((matrix.width, _UNITS)) * _SPREAD).astype(np.float32)
    adam = Adam([inner])
    for step in range(_STEPS):
        some = [kinds[place] for place in rng.permutation(len(kinds))[:_KINDS]]
        picked = [*(rng.choice(one.questions) for one in some), *(rng.choice(one.rules) for one in some)]
        rows = matrix.rows(np.array(picked))
        kept = ((rng.random(rows.values.shape) < _KEPT) / _KEPT).astype(np.float32)
        slope = _slope(inner, replace(rows, values=rows.values * kept))
        adam.step([slope], _RATE * (1 - step / _STEPS) + _LAST_RATE)
    return inner * _SCALE


def _slope(inner: Floats, rows: Sparse) -> Floats:
    """The first half of the rows are questions, the second their rules in the same order."""
    units = np.tanh(_SCALE * rows.times(inner))
    lengths = np.linalg.norm(units, axis=1, keepdims=True) + _TINY
    gists = units / lengths
    half = len(gists) // 2
    questions, rules = gists[:half], gists[half:]
    cosines = questions @ rules.T * _SHARPNESS
    own = np.eye(half, dtype=np.float32)
    missed = (shares_of(cosines) - own + (shares_of(cosines.T) - own).T) * _SHARPNESS / np.float32(2 * half)
    back = np.concatenate([missed @ rules, missed.T @ questions])
    back = (back - gists * (back * gists).sum(axis=1, keepdims=True)) / lengths
    turned, used = rows.transposed()
    slope = np.zeros_like(inner)
    slope[used] = _SCALE * turned.times(back * (1 - units * units))
    return slope
