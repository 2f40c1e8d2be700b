"""Bars where Teams draws them, and the same figures as a table for everybody else.

``Chart.*`` are Teams' own elements: another client shows the fallback, which version 1.5 of the cards knows.
"""

from collections.abc import Sequence
from typing import Literal

from bot.turns import Json
from cards.texts import Fixed

Bar = tuple[Fixed, int]
"""What it is of, and how many."""


def bar_chart(
    kind: Literal["Chart.VerticalBar", "Chart.HorizontalBar"],
    title: Fixed,
    bars: Sequence[Bar],
    *,
    of: Fixed,
    count: Fixed,
) -> Json:
    """``of`` and ``count`` name the axes, and the table's columns. Teams takes x for the level axis, whichever way the
    bars lie, and still ``x`` for what a bar is of."""
    level, upright = (count, of) if kind == "Chart.HorizontalBar" else (of, count)
    return {
        "type": kind,
        "title": title,
        "xAxisTitle": level,
        "yAxisTitle": upright,
        "colorSet": "categorical",
        "data": [{"x": name, "y": number} for name, number in bars],
        "fallback": table((of, count), [(name, Fixed(str(number))) for name, number in bars]),
    }


def table(header: tuple[Fixed, Fixed], rows: Sequence[tuple[Fixed, Fixed]]) -> Json:
    """Two columns, the second one of figures; the first row is read out as the header."""
    return {
        "type": "Table",
        "firstRowAsHeader": True,
        "columns": [{"width": 3}, {"width": 1}],
        "rows": [_row(header, bold=True), *(_row(one) for one in rows)],
    }


def _row(cells: tuple[Fixed, Fixed], *, bold: bool = False) -> Json:
    return {"type": "TableRow", "cells": [_cell(one, bold=bold) for one in cells]}


def _cell(text: Fixed, *, bold: bool) -> Json:
    block: Json = {"type": "TextBlock", "text": text, "wrap": True}
    if bold:
        block["weight"] = "Bolder"
    return {"type": "TableCell", "items": [block]}
