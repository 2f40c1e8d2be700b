"""What was measured beside its goal, and whether the goal is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line. ``ratio`` is held against ``at_least`` or ``at_most``; with neither it is shown apart. Where a goal is
    absolute it is the measured number itself, in the unit that ``says`` names.

    A row without a ratio was left out, or its measuring ``broke`` off; ``measured`` then says why.
    """

    goal: str
    says: str
    measured: str
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    broke: bool = False

    @property
    def met(self) -> bool | None:
        """None where nothing is promised or nothing was measured. What is printed as rounded counts unrounded."""
        if self.ratio is None or (self.at_least is None and self.at_most is None):
            return None
        above = self.at_least is None or self.ratio >= self.at_least
        return above and (self.at_most is None or self.ratio <= self.at_most)

    @property
    def verdict(self) -> str:
        if self.broke:
            return "BROKE OFF"
        if self.ratio is None:
            return "left out"
        return {True: "met", False: "NOT MET", None: "shown apart"}[self.met]


def p50(rounds: Sequence[Sequence[float]]) -> float:
    """The median of the rounds' medians: one disturbed round moves it little."""
    return median(median(one) for one in rounds)


def percentile(values: Sequence[float], part: float) -> float:
    """The smallest value that at least so large a part of all does not exceed."""
    return sorted(values)[max(0, ceil(part * len(values)) - 1)]


def microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.2f} ms"


def rendered(rows: Sequence[Row]) -> str:
    """The rows in columns, the widths taken from what stands in them."""
    cells = [_TITLES, *map(_cells, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join(line.rstrip() for line in (lines[0], rule, *lines[1:]))


def as_markdown(rows: Sequence[Row]) -> str:
    cells = [_TITLES, ("---",) * len(_TITLES), *map(_cells, rows)]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


_TITLES = ("goal", "what it says", "measured", "ratio", "wanted", "verdict")


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else _figure(row.ratio)
    return row.goal, row.says, row.measured, ratio, _wanted(row), row.verdict


def _wanted(row: Row) -> str:
    if row.at_least is not None:
        return f">= {_figure(row.at_least)}"
    if row.at_most is not None:
        return f"<= {_figure(row.at_most)}" if row.at_most else "0"
    return ""


def _figure(number: float) -> str:
    return f"{number:.3g}" if number < 10 else f"{number:.0f}"
