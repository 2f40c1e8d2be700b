"""What the outbox reports of requests' cards, and another way where one is closed."""

from datetime import datetime

from bot.cases import owing
from bot.domain.requests import (
    Awaits,
    Delivered,
    DeputiesCalled,
    EscalationCause,
    Request,
    Unreachable,
    waited_for,
)
from bot.domain.zone import local_day
from bot.requests import owing as request_owing
from bot.requests.following import RequestFollowing, escalate_request
from bot.requests.record import REQUEST_ITEM_MESSAGE, REQUEST_MESSAGE
from bot.requests.trail import on_request_trail
from bot.requests.viewing import load_request, surroundings
from bot.services import Services
from storage.store import Message

_NEW_CARDS = frozenset({REQUEST_MESSAGE, request_owing.REQUEST_REMINDER})
_FOR_THE_UNIT = frozenset({request_owing.CONTACT, request_owing.ENDING})


class RequestReaching:
    def __init__(self, services: Services, following: RequestFollowing) -> None:
        self._at = services
        self._following = following

    async def delivered(self, message: Message, at: datetime) -> None:
        request = await load_request(self._at, message.subject)
        if request is not None and message.kind == REQUEST_MESSAGE and request.delivered_at is None:
            event = Delivered(to=message.to)
            await on_request_trail(self._at, request, event, key=f"request_delivered:{message.to}")

    async def unreachable(self, message: Message, why: str, *, gone: bool) -> None:
        request = await load_request(self._at, message.subject)
        if request is None:
            return
        if message.kind == REQUEST_ITEM_MESSAGE:
            to = owing.communications(self._at.organisation, but={*request.unreachable, message.to})
            await self._note(request, message, why, request_owing.items(request, to, cause=":instead"))
        elif message.kind == request_owing.WELCOME:
            to = owing.communications(self._at.organisation, but={*request.unreachable, message.to})
            await self._note(
                request, message, why, request_owing.cards(request, to, cause="admin_unreachable")
            )
        elif message.kind in {*_NEW_CARDS, *_FOR_THE_UNIT}:
            each = owing.to_each_instead(message, self._at.organisation, request.unreachable)
            await self._note(request, message, why, each)
            if message.kind in _NEW_CARDS and not each:
                await self._another_way(request.designation, message.to)

    async def _note(self, request: Request, message: Message, why: str, owes: tuple[Message, ...]) -> None:
        event = Unreachable(to=message.to, why=why)
        key = f"request_unreachable:{message.id}"
        await on_request_trail(self._at, request, event, key=key, owes=owes)

    async def _another_way(self, designation: str, to: str) -> None:
        """Deputies for a head who can't be reached; communications when nobody who is waited for can be."""
        request = await load_request(self._at, designation)
        within = await surroundings(self._at)
        if request is None or request.awaits is None or self._at.local:
            return
        unit = within.unit_of(request)
        if request.awaits is Awaits.DECISION and unit and unit.deputies and to == owing.person(unit.head):
            event = DeputiesCalled(why=EscalationCause.UNREACHABLE, turn=request.turn)
            await on_request_trail(self._at, request, event, key="request_deputies_called")
            await self._following.after(designation)
            request = await load_request(self._at, designation) or request
        people = waited_for(request, within, local_day(self._at.clock()))
        if {owing.person(one) for one in people} <= set(request.unreachable):
            gone = request.awaits is Awaits.COMPLETION
            why = EscalationCause.REQUESTER_GONE if gone else EscalationCause.UNREACHABLE
            await escalate_request(self._at, request, why)
