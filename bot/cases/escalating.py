"""What happens when nobody reacts or nobody can be reached: remind, then bring in communications."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.calendar import add_working_hours
from bot.cases import owing
from bot.cases.record import waiting_since
from bot.cases.trail import on_trail
from bot.cases.viewing import load_case
from bot.domain.cases import Awaits, Case, Escalated, Reminded
from bot.services import Services
from storage.store import Json

log = logging.getLogger(__name__)

_AT_ONCE = 200
"""Cases looked at before others get their turn: some milliseconds."""


class Reminding:
    """Looks through the open cases; each reminder and each escalation takes a key, so it happens once."""

    def __init__(self, services: Services, *others: Callable[[], Awaitable[None]]) -> None:
        """``others`` look at the same times at what is not a case."""
        self._at = services
        self._others = others

    async def run(self, every: float = 30.0) -> None:
        while True:
            await self.look()
            await asyncio.sleep(every)

    async def look(self) -> None:
        """What can't be recorded now is tried at the next look, and keeps no other case waiting."""
        await self._look_at_cases()
        for other in self._others:
            try:
                await other()
            except Exception:
                log.exception("What is due could not be looked for")

    async def _look_at_cases(self) -> None:
        try:
            rows = await self._at.store.select("open_cases")
        except Exception:
            log.exception("Open cases could not be read")
            return
        now = self._at.clock()
        for number, row in enumerate(rows):
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            try:
                await self._look_at(row, now)
            except Exception:
                log.exception("A reminder was not recorded", extra={"case": row["designation"]})

    async def _look_at(self, row: Json, now: datetime) -> None:
        office = self._at.organisation.reminders
        if not row["reminded"] and now >= self._due(row, office.remind_after):
            await self._remind(row["designation"], now)
        if not row["escalated"] and now >= self._due(row, office.escalate_after):
            await escalate(self._at, row["designation"], why="overdue", now=now)

    def _due(self, row: Json, hours: float) -> datetime:
        return add_working_hours(waiting_since(row), hours, self._at.organisation.reminders)

    async def _remind(self, designation: str, now: datetime) -> None:
        case = await load_case(self._at, designation)
        if case is None or case.awaits is None:
            return
        to = [one for one in case.recipients if one not in case.unreachable]
        once = f"{designation}/{case.turn}"
        messages = owing.to_each(to, owing.REMINDER, once=once, subject=designation, of=case.awaits)
        event = Reminded(of=case.awaits)
        await on_trail(self._at, case, event, at=now, key=f"reminded:{case.turn}", owes=messages)


async def escalate(services: Services, designation: str, *, why: str, now: datetime) -> None:
    """Communications get the case's card, and with it the right to decide."""
    case = await load_case(services, designation)
    if case is None or case.awaits is None or _is_escalated(case, case.awaits):
        return
    removal = case.awaits is Awaits.REMOVAL
    known = (
        case.recipients if case.round == 1 and not removal else ()
    )  # else it is news to those who have it too
    to = [one for one in owing.communications(services.organisation) if one not in known]
    cause = "not_removed" if removal else "escalated"
    cards = owing.case_cards(designation, to, cause=cause, at=f":{case.turn}")
    event = Escalated(why=why, of=case.awaits)
    await on_trail(services, case, event, at=now, key=f"escalated:{case.turn}", owes=cards)


def _is_escalated(case: Case, awaits: Awaits) -> bool:
    at = case.removal_escalated_at if awaits is Awaits.REMOVAL else case.escalated_at
    return at is not None
