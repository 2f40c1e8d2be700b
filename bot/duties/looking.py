"""Yearly duties by themselves: scheduled from the register, cancelled with the channel, reminded of, escalated."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.calendar import is_office_time
from bot.cases import owing
from bot.domain.channels import Register
from bot.domain.duties import (
    Cancel,
    CancelCause,
    DutyEscalated,
    DutyReminded,
    DutyScheduled,
    DutyStatus,
    Refusal,
    cause_to_cancel,
    decide,
    next_steps,
    schedule,
    scheduled,
    step_key,
    stream_of,
    wanted,
)
from bot.domain.organisation import SYSTEM
from bot.domain.requests import Effect, EffectCarriedOut, EffectKind, Request
from bot.domain.zone import local_day
from bot.duties.owing import duty_cards, duty_refreshes, recipients
from bot.duties.picture_discarding import discard, old_pictures
from bot.duties.record import DutyRecord, duty_event, duty_of_row
from bot.duties.viewing import load_duty
from bot.requests.absences import absent_from
from bot.services import Services
from storage.store import Json, Message

FOLLOWED = (EffectKind.SCHEDULE_DUTIES, EffectKind.CANCEL_DUTIES, EffectKind.ASK_LAST_SCREENSHOT)

_T = TypeVar("_T")
log = logging.getLogger(__name__)

_AT_ONCE = 200
"""Duties looked at before others get their turn."""


class DutyLooking:
    """Each thing that it does takes a key, so that it happens once, whoever looks and whatever restarts."""

    def __init__(self, services: Services) -> None:
        self._at = services
        self._over = set[str]()
        """Done for good: each closed channel's last screenshot would else be read anew at every look."""

    async def run(self, every: float = 30.0) -> None:
        while True:
            await self.look()
            await asyncio.sleep(every)

    async def look(self) -> None:
        """What can't be recorded now is tried at the next look, and keeps no other duty waiting."""
        now = self._at.clock()
        try:
            await self._at.directory.refresh()
            register = self._at.directory.channels().register
            rows = await self._at.store.select("open_duties")
            old = await old_pictures(self._at, now)
        except Exception:
            log.exception("Duties could not be read")
            return
        there = {row["duty"] for row in rows}
        known = there | self._over
        missing = [one for one in wanted(register) if scheduled(one).id not in known]
        await self._each(missing, lambda one: self._schedule(one, now))
        await self._each(rows, lambda row: self._look_at(row, register, now))
        await self._each(old, lambda one: discard(self._at, one, now))

    async def follow(self, effect: Effect, _: Request) -> EffectCarriedOut:
        """What an approved request means for duties: they follow the register, now instead of at the next look."""
        await self.look()
        return EffectCarriedOut(effect=effect.key)

    async def _each(self, these: list[_T], do: Callable[[_T], Awaitable[None]]) -> None:
        for number, one in enumerate(these):
            if number % _AT_ONCE == 0:
                await asyncio.sleep(0)
            try:
                await do(one)
            except Exception:
                log.exception("A duty could not be brought on")

    async def _schedule(self, event: DutyScheduled, now: datetime) -> None:
        duty = scheduled(event).id
        there = await load_duty(self._at, duty)
        made = schedule(there.duty if there else None, event)
        if isinstance(made, Refusal):
            if there is not None and there.duty.status is DutyStatus.DONE:
                self._over.add(duty)
            return
        revision = there.duty.revision if there else 0
        await self._at.store.append(
            stream_of(duty),
            [duty_event(made)],
            expected_version=revision,
            actor=SYSTEM,
            at=now,
            keys=(f"duty_scheduled:{duty}" if there is None else f"duty_renewed:{duty}:{revision}",),
        )

    async def _look_at(self, row: Json, register: Register, now: datetime) -> None:
        duty = duty_of_row(row)
        cause = cause_to_cancel(duty, register, self._at.organisation)
        if cause is not None:
            await self._cancel(duty.id, cause, register, now)
        elif next_steps(duty, local_day(now)) and is_office_time(now, self._at.organisation.reminders):
            await self._remind(duty.id, register, now)

    async def _cancel(self, duty: str, cause: CancelCause, register: Register, now: datetime) -> None:
        record = await load_duty(self._at, duty)
        if record is None:
            return
        events = decide(
            record.duty,
            Cancel(cause=cause),
            by=SYSTEM,
            today=local_day(now),
            organisation=self._at.organisation,
            register=register,
        )
        if isinstance(events, Refusal):
            return
        await self._at.store.append(
            stream_of(duty),
            [duty_event(event) for event in events],
            expected_version=record.duty.revision,
            actor=SYSTEM,
            at=now,
            owes=duty_refreshes(record, revision=record.duty.revision + len(events)),
        )
        self._at.wake()

    async def _remind(self, duty: str, register: Register, now: datetime) -> None:
        record = await load_duty(self._at, duty)
        steps = next_steps(record.duty, local_day(now)) if record else ()
        if record is None or not steps:
            return
        await self._at.store.append(
            stream_of(duty),
            [duty_event(step) for step in steps],
            expected_version=record.duty.revision,
            actor=SYSTEM,
            at=now,
            keys=[step_key(record.duty, step) for step in steps],
            owes=self._owed(record, steps, register, await absent_from(self._at, record.duty.administration)),
        )
        self._at.wake()

    def _owed(
        self,
        record: DutyRecord,
        steps: tuple[DutyReminded | DutyEscalated, ...],
        register: Register,
        absent: frozenset[str],
    ) -> tuple[Message, ...]:
        """A reminder to those who owe it; an escalation to communications, who get one card if they owe it too."""
        organisation, owed = self._at.organisation, dict[str, Message]()
        for step in steps:
            if isinstance(step, DutyReminded):
                unreachable, cause = record.unreachable, str(step.level)
                to = recipients(record.duty, organisation, register, unreachable=unreachable, absent=absent)
            else:
                to, cause = owing.communications(organisation), "escalated"
            for message in duty_cards(record.duty, to, cause=cause):
                owed.setdefault(message.to, message)
        return tuple(owed.values())
