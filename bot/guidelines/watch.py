"""Takes in the guideline anew when its file changes, or one in its folder; what is broken is refused and told of."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from bot.guidelines.editions import Guidelines
from bot.guidelines.in_force import Edition, PolicyInForce
from bot.policy.folder import files_of
from bot.policy.grounds import LawError
from bot.policy.guideline import GuidelineError
from bot.policy.shipped import load_guideline
from bot.start_files import read_edition
from bot.starting import adopt_guideline
from storage.store import Store

log = logging.getLogger(__name__)

_Stamps = Mapping[Path, tuple[int, int]]
"""When each file was written, and its size."""


class GuidelineWatch:
    """Looks at times of files, and reads only what is new, once two looks in a row saw the same: a file that is copied
    slowly is never read half. Questions are answered from the edition before until the new one is whole, on record and
    in force."""

    def __init__(
        self,
        path: Path,
        in_force: PolicyInForce,
        guidelines: Guidelines,
        store: Store,
        clock: Callable[[], datetime],
    ) -> None:
        self._path = path
        self._in_force = in_force
        self._guidelines = guidelines
        self._store = store
        self._clock = clock
        self._seen: _Stamps | None = None  # it may have changed since the start read it
        self._noticed: _Stamps | None = None

    async def look(self) -> None:
        stamps, noticed = await asyncio.to_thread(_stamps, self._path), self._noticed
        self._noticed = stamps
        if stamps == self._seen or stamps != noticed:
            return
        try:
            edition = await asyncio.to_thread(self._changed)
        except (GuidelineError, LawError) as error:
            self._refuse(str(error))
        except OSError as error:
            self._refuse(f"{self._path.name}: cannot be read: {error.strerror}")
        else:
            if await asyncio.to_thread(_stamps, self._path) != stamps:
                return  # it is still being written: what was read may be half of it
            if edition is not None:
                await self._take(edition)
        self._seen = stamps

    def _changed(self) -> Edition | None:
        """None where only the file's time is another."""
        known = self._in_force.now.policy.guideline.version
        return None if load_guideline(self._path).version == known else read_edition(self._path)

    async def _take(self, edition: Edition) -> None:
        """On record first: what is decided from here on is decided under it."""
        await adopt_guideline(self._store, edition.policy, self._clock())
        self._guidelines.know(edition.policy.guideline)
        self._in_force.take(edition)
        log.info("another guideline is in force", extra={"version": edition.policy.guideline.version})

    def _refuse(self, problems: str) -> None:
        for problem in problems.splitlines():
            log.error("the changed guideline is refused; the one before stays", extra={"problem": problem})


def _stamps(path: Path) -> _Stamps:
    """Nothing for a file that is gone this moment: an editor may be putting another one in its place."""
    found = {}
    try:
        for one in files_of(path):
            known = one.stat()
            found[one] = (known.st_mtime_ns, known.st_size)
    except OSError:
        return {}
    return found
