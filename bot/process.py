"""How the serving process is set up."""

import gc

_YOUNG, _OLD, _OLDEST = 20_000, 20, 50
"""Objects, then collections of the generation before: some turns' worth, at most some megabytes."""


def begin_memory() -> None:
    """While a start builds what stays, the garbage collector would look through it again and again: a tenth of a
    second, and of the event loop at its end."""
    gc.freeze()
    gc.disable()


def settle_memory() -> None:
    """Once started: what the bot is made of stays, so the garbage collector need not look through it again. With its
    own thresholds it would also look through what a turn has just made, several times in every turn."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLD, _OLDEST)
