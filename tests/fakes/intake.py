"""An intake that keeps what it is given, for tests of the ways in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cases.flags import BroughtIn, UnknownChannel
from bot.domain.posts import FlaggedPost


@dataclass(kw_only=True)
class FakeIntake:
    """Remembers what came in and knows one channel; ``fault`` is raised instead."""

    seen: list[FlaggedPost] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[Sequence[str], str, datetime]] = field(default_factory=list)
    fault: Exception | None = None

    async def bring_in(
        self, flagged: FlaggedPost, *, keys: Sequence[str], by: str, at: datetime
    ) -> BroughtIn | UnknownChannel:
        if self.fault:
            raise self.fault
        if flagged.channel != "facebook-haninge":
            return UnknownChannel(channel=flagged.channel)
        self.calls.append((keys, by, at))
        new = keys[0] not in self.cases
        if new:
            self.seen.append(flagged)
        case = self.cases.setdefault(keys[0], f"SM-2026-{len(self.cases) + 1:04d}")
        return BroughtIn(case=case, new=new)
