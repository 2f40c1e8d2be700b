"""What happens when nobody reacts or nobody can be reached: remind, then bring in communications."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime

from bot import owing
from bot.calendar import add_working_hours
from bot.domain.cases import Case, Delivered, Escalated, Reminded, TrailEvent, Unreachable, trail_of
from bot.record import CASE_MESSAGE, flagged_at, store_form
from bot.services import Services
from bot.viewing import load_case
from storage.store import Json, Message, StoreUnwritable

log = logging.getLogger(__name__)


class Reminding:
    """Looks through the open cases; each reminder and each escalation takes a key, so it happens once."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def run(self, every: float = 30.0) -> None:
        while True:
            try:
                await self.look()
            except (OSError, StoreUnwritable):
                log.exception("reminders could not be recorded; they are tried again")
            await asyncio.sleep(every)

    async def look(self) -> None:
        now = self._at.clock()
        for row in await self._at.store.select("open_cases"):
            if not row["reminded"] and now >= self._due(row, self._at.organisation.reminders.remind_after):
                await self._remind(row["designation"], now)
            if not row["escalated"] and now >= self._due(row, self._at.organisation.reminders.escalate_after):
                await escalate(self._at, row["designation"], why="overdue", now=now)

    def _due(self, row: Json, hours: float) -> datetime:
        return add_working_hours(flagged_at(row), hours, self._at.organisation.reminders)

    async def _remind(self, designation: str, now: datetime) -> None:
        case = await load_case(self._at, designation)
        if case is None or not case.is_open:
            return
        messages = tuple(
            Message(
                id=f"{owing.REMINDER}/{designation}/{one}",
                to=one,
                kind=owing.REMINDER,
                subject=designation,
            )
            for one in case.recipients
            if one not in case.unreachable
        )
        await _append(self._at, designation, Reminded(), at=now, key="reminded", owes=messages)


async def escalate(services: Services, designation: str, *, why: str, now: datetime) -> None:
    """Communications get the case's card, and with it the right to decide."""
    case = await load_case(services, designation)
    if case is None or not case.is_open or case.escalated_at is not None:
        return
    to = [one for one in owing.communications(services.organisation) if one not in case.recipients]
    cards = owing.case_cards(designation, to, cause="escalated")
    await _append(services, designation, Escalated(why=why), at=now, key="escalated", owes=cards)


async def _append(
    services: Services,
    designation: str,
    event: TrailEvent,
    *,
    at: datetime,
    key: str,
    owes: Sequence[Message] = (),
) -> None:
    await services.store.append(
        trail_of(designation),
        [store_form(event)],
        expected_version=None,
        actor="system",
        at=at,
        keys=(f"{key}:{designation}",),
        owes=owes,
    )
    services.wake()


class Deliveries:
    """What the outbox reports back: the law's clock on delivery, and another way where one is closed."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def delivered(self, message: Message, at: datetime) -> None:
        if message.kind != CASE_MESSAGE:
            return
        key = f"delivered:{message.to}"
        await _append(self._at, message.subject, Delivered(to=message.to), at=at, key=key)

    async def unreachable(self, message: Message, why: str) -> None:
        """A channel's conversation falls back to its admins, admins and registrars to communications."""
        case = await load_case(self._at, message.subject)
        if case is None:
            return
        now = self._at.clock()
        if message.kind == owing.REGISTRATION:
            await self._tell_communications(case, message, now)
        elif message.kind == CASE_MESSAGE:
            event = Unreachable(to=message.to, why=why)
            key = f"unreachable:{message.id}"
            instead = self._instead(case, message)
            await _append(self._at, case.designation, event, at=now, key=key, owes=instead)
            await self._escalate_if_nobody(case.designation, now)

    def _instead(self, case: Case, message: Message) -> tuple[Message, ...]:
        channel = self._at.organisation.channels.get(case.channel)
        if channel is None or not message.to.startswith("conversation:"):
            return ()
        return owing.case_cards(
            case.designation, [owing.person(admin) for admin in channel.admins], cause="instead"
        )

    async def _escalate_if_nobody(self, designation: str, now: datetime) -> None:
        case = await load_case(self._at, designation)
        if case and set(case.recipients) <= set(case.unreachable) and not self._at.local:
            await escalate(self._at, designation, why="unreachable", now=now)

    async def _tell_communications(self, case: Case, message: Message, now: datetime) -> None:
        item = str(message.data["item"])
        to = [one.removeprefix("person:") for one in owing.communications(self._at.organisation)]
        await _append(
            self._at,
            case.designation,
            Unreachable(to=message.to, why="registrar"),
            at=now,
            key=f"unreachable:{message.id}",
            owes=owing.registration_cards(item, case.designation, to),
        )
