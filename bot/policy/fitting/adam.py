"""Adam: steps down the slopes of small batches, each weight at a pace of its own."""

from collections.abc import Iterator, Sequence

import numpy as np

from bot.policy.fitting.sparse import Floats, Ints

_BATCH = 256
_LAST_RATE = 1e-5
_FADE, _FADE_SQUARES = 0.9, 0.99


def batches(rng: np.random.Generator, rows: int, *, epochs: int, rate: float) -> Iterator[tuple[float, Ints]]:
    """Each with its rate of learning, which sinks from epoch to epoch."""
    for epoch in range(epochs):
        order = rng.permutation(rows)
        for start in range(0, rows, _BATCH):
            yield rate * (1 - epoch / epochs) + _LAST_RATE, order[start : start + _BATCH]


class Adam:
    def __init__(self, layers: list[Floats]) -> None:
        self._layers = layers
        self._means = [np.zeros_like(layer) for layer in layers]
        self._squares = [np.zeros_like(layer) for layer in layers]
        self._steps = 0

    def step(self, slopes: Sequence[Floats], rate: float) -> None:
        """Changes the layers in place."""
        self._steps += 1
        early, early_squares = 1 - _FADE**self._steps, 1 - _FADE_SQUARES**self._steps
        for place, slope in enumerate(slopes):
            self._means[place] += np.float32(1 - _FADE) * (slope - self._means[place])
            self._squares[place] += np.float32(1 - _FADE_SQUARES) * (slope * slope - self._squares[place])
            size = np.sqrt(self._squares[place] / np.float32(early_squares)) + np.float32(1e-7)
            self._layers[place] -= np.float32(rate / early) * self._means[place] / size
