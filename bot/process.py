"""How the serving process is set up."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNG, _OLD, _OLDEST = 20_000, 20, 50
"""Objects, then collections of the generation before: some turns' worth, at most some megabytes."""


@contextmanager
def life() -> Iterator[None]:
    """While a start builds what stays, the garbage collector would look through it again and again: a tenth of a
    second, and of the event loop at its end. It begins with ``settle_memory``, or with the life's end."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def settle_memory() -> None:
    """Once started: what the bot is made of stays, so the garbage collector need not look through it again. With its
    own thresholds it would also look through what a turn has just made, several times in every turn."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLD, _OLDEST)
