"""Multinomial logistic regression by L-BFGS."""

from collections.abc import Callable, Sequence

import numpy as np

from bot.policy.fitting.sparse import Floats, Sparse, shares_of

_L2 = 0.02
_ROUNDS = 100
_REMEMBERED = 6

_Step = tuple[Floats, Floats, float]


def regression(matrix: Sparse, targets: Floats) -> Floats:
    """A row of weights for each column of ``matrix``."""
    turned, used = matrix.transposed()
    shape = (matrix.width, targets.shape[1])

    def cost(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        shares = shares_of(matrix.times(weights))
        slope = np.float32(_L2) * weights
        slope[used] += turned.times(shares - targets)
        missed = -float((targets * np.log(shares + 1e-12)).sum()) + _L2 / 2 * float(flat @ flat)
        return missed, slope.ravel()

    return _lowest(cost, np.zeros(shape[0] * shape[1], np.float32)).reshape(shape)


def _lowest(cost: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats:
    """Goes down in steps that are halved until they do."""
    steps: list[_Step] = []
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


def _direction(slope: Floats, steps: Sequence[_Step]) -> Floats:
    direction, shares = -slope, []
    for moved, turned, rho in reversed(steps):
        share = np.float32(rho * float(moved @ direction))
        shares.append(share)
        direction = direction - share * turned
    if steps:
        _, turned, rho = steps[-1]
        direction *= np.float32(1 / (rho * float(turned @ turned)))
    for (moved, turned, rho), share in zip(steps, reversed(shares), strict=True):
        direction = direction + (share - np.float32(rho * float(turned @ direction))) * moved
    return direction
