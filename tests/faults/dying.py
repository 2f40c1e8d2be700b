"""A process that kills itself at one moment of its writing, told by the interpreter's own audit events.

No code of ours is changed for it: opening, renaming and cutting files are announced to whoever listens
(docs.python.org, "Audit events table"). A moment is ``open NAME``, ``rename NAME``, ``renamed NAME`` (the next thing
that is done after it) or ``cut``, and which time it comes to that.
"""

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class _Dying:
    def __init__(self, moment: str, times: int) -> None:
        self._moment = moment
        self._left = times
        self._renamed = ""

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in {"open", "os.rename", "os.truncate"}:
            return
        if self._renamed:
            self._reach(f"renamed {self._renamed}")
        self._renamed = ""
        if event == "os.truncate":
            self._reach("cut")
            return
        if not isinstance(arguments[0], str | Path):
            return
        name = Path(arguments[0]).name
        self._reach(f"{event.removeprefix('os.')} {name}")
        self._renamed = name if event == "os.rename" else ""

    def _reach(self, moment: str) -> None:
        if moment == self._moment:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


def die_as_told(environ: Mapping[str, str]) -> None:
    """DIES_AT is the moment, DIES_AFTER how many times it has come by then."""
    if "DIES_AT" in environ:
        sys.addaudithook(_Dying(environ["DIES_AT"], int(environ.get("DIES_AFTER", "1"))))
