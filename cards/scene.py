"""Where and when a card is shown: what every card needs beside what it is about."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.zone import local_day
from bot.policy.grounds import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """``language`` is the reader's; ``now`` the moment ages are counted from; ``law`` says what each ground means."""

    language: str
    now: datetime
    law: Law

    @property
    def today(self) -> str:
        """The day in Stockholm, as date inputs want it: YYYY-MM-DD."""
        return local_day(self.now).isoformat()
