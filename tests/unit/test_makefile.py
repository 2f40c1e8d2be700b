"""``make run`` as make understands it: whom it plays, without running anything."""

import os
import shutil
import subprocess

import pytest

from bot.playground import ROOT

MAKE = shutil.which("make")


def plan(*arguments: str, **environ: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name not in {"AS", "MAKEFLAGS"}}
    command = [MAKE or "make", "--dry-run", "run", *arguments]
    made = subprocess.run(
        command, cwd=ROOT, env=inherited | environ, capture_output=True, text=True, check=True, timeout=30
    )
    return made.stdout


@pytest.mark.skipif(MAKE is None, reason="make is not on this machine")
@pytest.mark.parametrize(
    ("arguments", "environ", "player"),
    [((), {}, "admin"), (("AS=chef",), {}, "chef"), ((), {"AS": "registrator"}, "registrator")],
)
def test_run_plays_the_administrator_unless_somebody_else_is_named(
    arguments: tuple[str, ...], environ: dict[str, str], player: str
) -> None:
    """make has an AS of its own, the assembler, which must not become a person."""
    (line,) = [line for line in plan(*arguments, **environ).splitlines() if "bot.local_run" in line]
    assert line.split()[-2:] == ["bot.local_run", player]
