"""A network with one hidden layer, by Adam in small batches; half of the hidden units are left out of each step, so
that none of them learns a question by heart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bot.policy.fitting.sparse import Floats, Ints, Sparse, shares_of

UNITS = 64
_EPOCHS = 8
_BATCH = 256
_RATE = 4e-3
_LAST_RATE = 1e-5
_FADE, _FADE_SQUARES = 0.9, 0.99
_KEPT = 0.7
_SCALE = 2.5  # of the input: the layer learns as quickly as the rest only if signs weigh enough
_SPREAD = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """``inner``: a row for each column of the matrix; ``hidden`` and ``constants`` are added before and after."""

    inner: Floats
    hidden: Floats
    outer: Floats
    constants: Floats


def network(matrix: Sparse, targets: Floats, *, seed: int = 3) -> Network:
    rng = np.random.default_rng(seed)
    classes = targets.shape[1]
    layers = [
        (rng.standard_normal((matrix.width, UNITS)) * _SPREAD).astype(np.float32),
        np.zeros(UNITS, np.float32),
        (rng.standard_normal((UNITS, classes)) / np.sqrt(UNITS)).astype(np.float32),
        np.zeros(classes, np.float32),
    ]
    adam = _Adam(layers)
    for rate, batch in _batches(rng, len(targets)):
        kept = ((rng.random((len(batch), UNITS)) < _KEPT) / _KEPT).astype(np.float32)
        adam.step(_slopes(layers, matrix.rows(batch), targets[batch], kept), np.float32(rate))
    inner, hidden, outer, constants = layers
    return Network(inner=inner * np.float32(_SCALE), hidden=hidden, outer=outer, constants=constants)


def _batches(rng: np.random.Generator, rows: int) -> Iterator[tuple[float, Ints]]:
    """Each with its rate of learning, which sinks from epoch to epoch."""
    for epoch in range(_EPOCHS):
        order = rng.permutation(rows)
        for start in range(0, rows, _BATCH):
            yield _RATE * (1 - epoch / _EPOCHS) + _LAST_RATE, order[start : start + _BATCH]


def _slopes(layers: Sequence[Floats], rows: Sparse, targets: Floats, kept: Floats) -> list[Floats]:
    inner, hidden, outer, constants = layers
    units = np.tanh(np.float32(_SCALE) * rows.times(inner) + hidden)
    missed = (shares_of((units * kept) @ outer + constants) - targets) / np.float32(len(targets))
    back = (missed @ outer.T) * kept * (1 - units * units)
    turned, used = rows.transposed()
    slope = np.zeros_like(inner)
    slope[used] = np.float32(_SCALE) * turned.times(back)
    return [slope, back.sum(axis=0), (units * kept).T @ missed, missed.sum(axis=0)]


class _Adam:
    def __init__(self, layers: list[Floats]) -> None:
        self._layers = layers
        self._means = [np.zeros_like(layer) for layer in layers]
        self._squares = [np.zeros_like(layer) for layer in layers]
        self._steps = 0

    def step(self, slopes: Sequence[Floats], rate: np.float32) -> None:
        """Changes the layers in place."""
        self._steps += 1
        early, early_squares = 1 - _FADE**self._steps, 1 - _FADE_SQUARES**self._steps
        for place, slope in enumerate(slopes):
            self._means[place] += np.float32(1 - _FADE) * (slope - self._means[place])
            self._squares[place] += np.float32(1 - _FADE_SQUARES) * (slope * slope - self._squares[place])
            size = np.sqrt(self._squares[place] / np.float32(early_squares)) + np.float32(1e-7)
            self._layers[place] -= rate / np.float32(early) * self._means[place] / size
