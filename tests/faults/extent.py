"""How far the faults go: whole with FAULTS=whole (``make faults``), a short form among all the other tests."""

import os

WHOLE = os.environ.get("FAULTS") == "whole"


def extent(*, whole: int, short: int) -> int:
    return whole if WHOLE else short
