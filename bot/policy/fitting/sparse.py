"""Sparse matrices, as far as fitting needs them: products with dense ones, and picking rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_PORTION = 512  # so few rows at a time that what is picked out stays in the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparse:
    """Row ``i`` has ``columns[starts[i]:starts[i + 1]]`` with ``values``. No row is empty."""

    starts: Ints
    columns: Ints
    values: Floats
    width: int

    def times(self, dense: Floats) -> Floats:
        return np.concatenate([self._product(dense, *portion) for portion in self._portions()])

    def _product(self, dense: Floats, starts: Ints, first: int, end: int) -> Floats:
        terms = dense[self.columns[first:end]]
        terms *= self.values[first:end, None]
        return np.add.reduceat(terms, starts - first, axis=0, dtype=np.float32)

    def _portions(self) -> Iterator[tuple[Ints, int, int]]:
        ends = np.append(self.starts[1:], len(self.columns))
        for row in range(0, len(self.starts), _PORTION):
            starts = self.starts[row : row + _PORTION]
            yield starts, int(starts[0]), int(ends[row + len(starts) - 1])

    def rows(self, places: Ints) -> "Sparse":
        ends = np.append(self.starts[1:], len(self.columns))
        lengths = (ends - self.starts)[places]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        at = np.repeat(self.starts[places] - starts, lengths) + np.arange(lengths.sum())
        return Sparse(starts=starts, columns=self.columns[at], values=self.values[at], width=self.width)

    def transposed(self) -> tuple["Sparse", Ints]:
        """Without the columns that are empty: a row for each of the columns that the second value names."""
        lengths = np.diff(np.append(self.starts, len(self.columns)))
        rows = np.repeat(np.arange(len(self.starts)), lengths)
        order = np.argsort(self.columns, kind="stable")
        used, starts = np.unique(self.columns[order], return_index=True)
        turned = Sparse(starts=starts, columns=rows[order], values=self.values[order], width=len(self.starts))
        return turned, used


def shares_of(totals: Floats) -> Floats:
    """Softmax by rows."""
    powers = np.exp(totals - totals.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
