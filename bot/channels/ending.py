"""A channel that was approved until a day: those who administer it, its head and communications are told in time."""

from datetime import date, timedelta

from bot.calendar import is_office_time
from bot.cases import owing
from bot.domain.channels import ChannelEntry, stream_of
from bot.domain.organisation import SYSTEM
from bot.domain.zone import local_day
from bot.requests import owing as request_owing
from bot.requests.viewing import load_request
from bot.services import Services
from storage.store import Message, NewEvent

TOLD = "channel_end_told"
"""The kind of the event that says so, on a stream beside the channel's own."""
_BEFORE = timedelta(days=30)


class ChannelEnding:
    """Tells each channel's last day twice, a month before and when it is there; whoever looks and however often."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def look(self) -> None:
        now = self._at.clock()
        if not is_office_time(now, self._at.organisation.reminders):
            return
        await self._at.directory.refresh()
        today = local_day(now)
        for entry in self._at.directory.channels().register.active():
            if entry.ends is not None and entry.opened_by and today >= entry.ends - _BEFORE:
                await self._tell(entry, entry.ends, when="there" if today >= entry.ends else "near")

    async def _tell(self, entry: ChannelEntry, ends: date, *, when: str) -> None:
        key = f"{TOLD}:{entry.id}:{ends.isoformat()}:{when}"
        if await self._at.store.taken(key) is not None:
            return
        await self._at.store.append(
            f"{stream_of(entry.id)}/end",
            [NewEvent(kind=TOLD, data={"ends": ends.isoformat(), "when": when})],
            expected_version=None,
            actor=SYSTEM,
            at=self._at.clock(),
            keys=(key,),
            owes=await self._owed(entry, when),
        )
        self._at.wake()

    async def _owed(self, entry: ChannelEntry, when: str) -> tuple[Message, ...]:
        request, organisation = await load_request(self._at, entry.opened_by), self._at.organisation
        if request is None:
            return ()
        unit = organisation.administrations.get(entry.administration)
        people = dict.fromkeys((*entry.admins, *((unit.head,) if unit and unit.head else ())))
        to = dict.fromkeys((*map(owing.person, people), *owing.communications(organisation)))
        return tuple(
            request_owing.notice(request_owing.ENDING, request, one, channel=entry.id, person=when)
            for one in to
        )
