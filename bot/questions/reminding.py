"""Questions that communications have not answered: reminded of once, in office hours, whichever instance looks."""

import asyncio
import logging
from datetime import datetime

from bot.beside import Step, keep
from bot.calendar import add_working_days, is_office_time
from bot.domain.questions import QuestionReminded, trail_of
from bot.questions.owing import reminders
from bot.questions.record import question_event
from bot.questions.viewing import load_question
from bot.services import Services

log = logging.getLogger(__name__)

REMIND_AFTER = 2
"""Working days, as for whoever is waited for with a request. There is nobody beyond communications to tell later."""


class QuestionReminding:
    def __init__(self, services: Services) -> None:
        self._at = services

    async def look(self) -> None:
        """What can't be recorded now is tried at the next look, and keeps no other question waiting."""
        now = self._at.clock()
        if not is_office_time(now, self._at.organisation.reminders):
            return
        for row in await self._at.store.select("open_questions"):
            await asyncio.sleep(0)
            try:
                await self._remind(row["designation"], now)
            except Exception:
                log.exception("A reminder was not recorded", extra={"question": row["designation"]})

    async def _remind(self, designation: str, now: datetime) -> None:
        record, organisation = await load_question(self._at, designation), self._at.organisation
        if record is None or record.reminded or not record.question.is_open:
            return
        if now < add_working_days(record.question.asked_at, REMIND_AFTER, organisation.reminders):
            return
        owes = reminders(record, organisation)
        step = Step(
            trail=trail_of(designation),
            event=question_event(QuestionReminded(cards=len(owes))),
            key=f"question:{designation}:reminded",
            owes=owes,
        )
        await keep(self._at, step)
