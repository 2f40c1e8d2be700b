"""What happens when nobody reacts or nobody can be reached: remind, then bring in communications."""

import asyncio
import logging
from datetime import datetime

from bot import owing
from bot.calendar import add_working_hours
from bot.domain.cases import Escalated, Reminded
from bot.record import opened_at
from bot.services import Services
from bot.trail import on_trail
from bot.viewing import load_case
from storage.store import Json, Message

log = logging.getLogger(__name__)


class Reminding:
    """Looks through the open cases; each reminder and each escalation takes a key, so it happens once."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def run(self, every: float = 30.0) -> None:
        while True:
            await self.look()
            await asyncio.sleep(every)

    async def look(self) -> None:
        """What can't be recorded now is tried at the next look, and keeps no other case waiting."""
        try:
            rows = await self._at.store.select("open_cases")
        except Exception:
            log.exception("Open cases could not be read")
            return
        now = self._at.clock()
        for row in rows:
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
        return add_working_hours(opened_at(row), hours, self._at.organisation.reminders)

    async def _remind(self, designation: str, now: datetime) -> None:
        case = await load_case(self._at, designation)
        if case is None or not case.is_open:
            return
        messages = tuple(
            Message(
                id=f"{owing.REMINDER}/{designation}/{case.round}/{one}",
                to=one,
                kind=owing.REMINDER,
                subject=designation,
            )
            for one in case.recipients
            if one not in case.unreachable
        )
        await on_trail(self._at, case, Reminded(), at=now, key=f"reminded:{case.round}", owes=messages)


async def escalate(services: Services, designation: str, *, why: str, now: datetime) -> None:
    """Communications get the case's card, and with it the right to decide."""
    case = await load_case(services, designation)
    if case is None or not case.is_open or case.escalated_at is not None:
        return
    known = case.recipients if case.round == 1 else ()  # opened again, it is new to those who had it once
    to = [one for one in owing.communications(services.organisation) if one not in known]
    cards = owing.case_cards(designation, to, cause="escalated", at=f":{case.round}")
    await on_trail(services, case, Escalated(why=why), at=now, key=f"escalated:{case.round}", owes=cards)
