"""What happens to requests by itself: days that come, people who are away or silent, effects that are owed."""

import asyncio
import logging
from datetime import datetime

from bot.calendar import add_working_days
from bot.cases import owing
from bot.domain.requests import (
    Awaits,
    CallCause,
    Called,
    DeputiesCalled,
    Escalated,
    EscalationCause,
    Lapse,
    NobodyMayDecide,
    Reached,
    Reminded,
    Request,
    RequestStatus,
    Surroundings,
    called_on,
    consulted,
)
from bot.domain.zone import local_day
from bot.requests import owing as request_owing
from bot.requests.desk import RequestDesk
from bot.requests.effects import RequestEffects
from bot.requests.listing import waiting
from bot.requests.record import told_in
from bot.requests.trail import on_request_trail
from bot.requests.viewing import load_request, surroundings
from bot.services import Services
from storage.store import Message

log = logging.getLogger(__name__)

REMIND_AFTER, CALL_AFTER, TELL_AFTER = 2, 5, 10
"""Working days until who is waited for is reminded, until deputies are called beside a silent head, and until
communications are told. A request is no flagged post: nobody is harmed while a head thinks it over."""


class RequestFollowing:
    """Each thing takes a key, so it happens once, whoever looks."""

    def __init__(self, services: Services, desk: RequestDesk, effects: RequestEffects) -> None:
        self._at = services
        self._desk = desk
        self._effects = effects

    async def look(self) -> None:
        """At all that is open. What can't be recorded now is tried at the next look."""
        for row in await self._at.store.select("open_requests"):
            await asyncio.sleep(0)
            await self._quietly(row["designation"])
        await self._effects.look()

    async def after(self, designation: str) -> None:
        """What a change leads to at once. It is on record already: a failure here is the next look's to mend."""
        await self._quietly(designation)

    async def arrived(self, person: str) -> None:
        """What could not be delivered while the person had not installed the bot."""
        to = owing.person(person)
        for request in await waiting(self._at, person):
            if to in request.unreachable:
                await self._bring(request, to)
        for row in await self._at.store.select("unregistered"):
            if person in self._at.organisation.registrars_of(row["administration"]):
                await self._bring_item(row["designation"], to)

    async def _bring(self, request: Request, to: str) -> None:
        time = f":reached{len(request.unreachable)}"
        owes = request_owing.cards(request, [to], cause=str(request.awaits), again=time)
        key = f"request_reached:{request.turn}{time}:{to}"
        await on_request_trail(self._at, request, Reached(to=to), key=key, owes=owes)

    async def _bring_item(self, designation: str, to: str) -> None:
        request = await load_request(self._at, designation)
        if request is None or request.registration is None or to not in request.unreachable:
            return
        time = f":reached{len(request.unreachable)}"
        owes = request_owing.items(request, [to], cause=time)
        await on_request_trail(self._at, request, Reached(to=to), key=f"item{time}:{to}", owes=owes)

    async def _quietly(self, designation: str) -> None:
        try:
            await self._effects.carry_out(designation)
            await self._follow(designation)
        except Exception:
            log.exception("A request was not followed up", extra={"request": designation})

    async def _follow(self, designation: str) -> None:
        request = await load_request(self._at, designation)
        if request is None or request.awaits is None:
            return None
        within, now = await surroundings(self._at), self._at.clock()
        await self._at.names.find(request.form.people, within.organisation)
        if self._is_over(request, within, now) and await self._desk.by_itself(designation, Lapse()):
            return await self._follow(designation)
        request = await self._call(request, within, now)
        await self._tell_that_nobody_may(request, within, now)
        await self._remind(request, within, now)
        return None

    def _is_over(self, request: Request, within: Surroundings, now: datetime) -> bool:
        if request.status is not RequestStatus.CONSULTATION:
            return False
        due = request.consultation_due
        return not consulted(request, within) or (due is not None and local_day(now) > due)

    async def _call(self, request: Request, within: Surroundings, now: datetime) -> Request:
        """The card for those whose turn it has become meanwhile: the head is back, or away and a deputy's day has come."""
        if self._deputies_are_due(request, within, now):
            event = DeputiesCalled(why=EscalationCause.OVERDUE, turn=request.turn)
            await on_request_trail(self._at, request, event, key="request_deputies_called")
            request = await load_request(self._at, request.designation) or request
        row = await self._at.store.get("request_cards", request.designation)
        told = told_in(row, request.turn)
        for card in request_owing.turn_cards(request, told, within, local_day(now)):
            key = f"request_called:{request.turn}:{card.to}"
            await on_request_trail(self._at, request, Reached(to=card.to), key=key, owes=(card,))
        return request

    def _deputies_are_due(self, request: Request, within: Surroundings, now: datetime) -> bool:
        if request.awaits is not Awaits.DECISION or request.deputies_called_at is not None:
            return False
        called, unit = called_on(request, within, local_day(now)), within.unit_of(request)
        alone = isinstance(called, Called) and called.cause is CallCause.HEAD
        return alone and bool(unit and unit.deputies) and now >= self._days(request, CALL_AFTER)

    async def _tell_that_nobody_may(self, request: Request, within: Surroundings, now: datetime) -> None:
        if request.awaits is not Awaits.DECISION or request.escalated_at is not None:
            return
        if isinstance(called_on(request, within, local_day(now)), NobodyMayDecide):
            await escalate_request(self._at, request, EscalationCause.NOBODY_MAY_DECIDE)

    async def _remind(self, request: Request, within: Surroundings, now: datetime) -> None:
        if request.reminded_at is None and now >= self._days(request, REMIND_AFTER):
            event = Reminded(of=request.awaits or Awaits.DECISION, turn=request.turn)
            owes = self._reminders(request, within, now)
            await on_request_trail(
                self._at, request, event, key=f"request_reminded:{request.turn}", owes=owes
            )
        asked = request.awaits is not Awaits.OPINION  # a consultation ends by its own day
        if asked and request.escalated_at is None and now >= self._days(request, TELL_AFTER):
            await escalate_request(self._at, request, EscalationCause.OVERDUE)

    def _reminders(self, request: Request, within: Surroundings, now: datetime) -> tuple[Message, ...]:
        waited_at = request_owing.waited_at(request, within, local_day(now))
        to = [one for one in waited_at if one not in request.unreachable]
        name, turn = request.designation, request.turn
        return owing.to_each(
            to, request_owing.REQUEST_REMINDER, once=f"{name}/{turn}", subject=name, turn=turn
        )

    def _days(self, request: Request, days: int) -> datetime:
        return add_working_days(request.since, days, self._at.organisation.reminders)


async def escalate_request(services: Services, request: Request, why: EscalationCause) -> None:
    """Communications are told that it stands still; it gives nobody a right."""
    to = owing.communications(services.organisation)
    owes = request_owing.cards(request, to, cause=str(why))
    event = Escalated(why=why, turn=request.turn)
    key = f"request_escalated:{request.turn}"
    await on_request_trail(services, request, event, key=key, owes=owes)
