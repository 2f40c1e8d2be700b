"""``check`` and ``package``: what is wanted before the bot runs."""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.telling import say, unusable

if TYPE_CHECKING:
    from bot.checking.everything import MakeMeans


async def check(environ: Mapping[str, str], make: "MakeMeans", clock: Callable[[], datetime]) -> int:
    """1 if anything keeps the bot from working; each finding is printed."""
    from bot.checking.everything import check_everything  # noqa: PLC0415  only this command checks
    from bot.checking.findings import Level, lines  # noqa: PLC0415

    findings = await check_everything(environ, make, clock)
    for line in lines(findings):
        say(line)
    return 1 if any(one.level is Level.FAILURE for one in findings) else 0


def package(directory: Path, environ: Mapping[str, str]) -> int:
    """Reads the few settings that a package is made from and no others: it is made where the bot does not run."""
    from bot.app_package import PackageError, build  # noqa: PLC0415  only this command draws the package

    try:
        path = build(directory, environ=environ)
    except PackageError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        return unusable(error)
    say(os.fspath(path))
    return 0
