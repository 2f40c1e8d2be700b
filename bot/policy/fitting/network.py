"""A network with one hidden layer, by Adam in small batches; some of the hidden units and of a question's
signs are left out of each step, so that none of them learns a question by heart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.policy.fitting.adam import Adam, batches
from bot.policy.fitting.sparse import Floats, Sparse, shares_of

UNITS = 64
_EPOCHS = 10
_RATE = 4e-3
_KEPT = 0.7
_SIGNS_KEPT = 0.7
_SCALE = 2.5  # of the input: the layer learns as quickly as the rest only if signs weigh enough
_SPREAD = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """``inner``: a row for each column of the matrix; ``hidden`` and ``constants`` are added before and after."""

    inner: Floats
    hidden: Floats
    outer: Floats
    constants: Floats


def network(matrix: Sparse, targets: Floats, *, units: int = UNITS, seed: int = 3) -> Network:
    rng = np.random.default_rng(seed)
    classes = targets.shape[1]
    layers = [
        (rng.standard_normal((matrix.width, units)) * _SPREAD).astype(np.float32),
        np.zeros(units, np.float32),
        (rng.standard_normal((units, classes)) / np.sqrt(units)).astype(np.float32),
        np.zeros(classes, np.float32),
    ]
    adam = Adam(layers)
    for rate, batch in batches(rng, len(targets), epochs=_EPOCHS, rate=_RATE):
        rows = matrix.rows(batch)
        thinned = replace(rows, values=rows.values * _kept(rng, rows.values.shape, _SIGNS_KEPT))
        adam.step(_slopes(layers, thinned, targets[batch], _kept(rng, (len(batch), units), _KEPT)), rate)
    inner, hidden, outer, constants = layers
    return Network(inner=inner * np.float32(_SCALE), hidden=hidden, outer=outer, constants=constants)


def _kept(rng: np.random.Generator, shape: tuple[int, ...], share: float) -> Floats:
    """Nought for what is left out; what is kept weighs the more."""
    return ((rng.random(shape) < share) / share).astype(np.float32)


def _slopes(layers: Sequence[Floats], rows: Sparse, targets: Floats, kept: Floats) -> list[Floats]:
    inner, hidden, outer, constants = layers
    units = np.tanh(np.float32(_SCALE) * rows.times(inner) + hidden)
    missed = (shares_of((units * kept) @ outer + constants) - targets) / np.float32(len(targets))
    back = (missed @ outer.T) * kept * (1 - units * units)
    turned, used = rows.transposed()
    slope = np.zeros_like(inner)
    slope[used] = np.float32(_SCALE) * turned.times(back)
    return [slope, back.sum(axis=0), (units * kept).T @ missed, missed.sum(axis=0)]
