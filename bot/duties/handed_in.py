"""Screenshots from systems that sign what they send: kept as those from chat are."""

from bot.domain.duties import AUTOMATION, DutyKind, Reason, Refusal, duty_id, screenshot_command
from bot.domain.pictures import HandedIn, PictureType
from bot.domain.zone import local_day
from bot.duties.desk import DutyDesk
from bot.duties.picture_keeping import same_picture, sealed_picture
from bot.duties.record import DutyRecord
from bot.duties.viewing import load_duty
from bot.services import Services


class HandedInPictures:
    def __init__(self, services: Services, desk: DutyDesk) -> None:
        self._at = services
        self._desk = desk

    async def hand_in(
        self, channel: str, data: bytes, name: str, kind: PictureType, *, key: str
    ) -> HandedIn | None:
        await self._at.directory.refresh()
        record = await self._owed(channel)
        if record is None:
            return None
        sealed, duty = sealed_picture(data, name, kind), record.duty
        done = await self._desk.carry_out(
            duty.id,
            screenshot_command(duty, sealed.picture, local_day(self._at.clock())),
            by=AUTOMATION,
            keys=(key,),
            once=(same_picture(self._at.pepper, channel, sealed.sha256),),
            contents=sealed.contents,
        )
        if isinstance(done, Refusal) and done.reason is not Reason.SAME_PICTURE:
            return None
        after = record if isinstance(done, Refusal) else done
        due = after.duty.due if after.duty.is_open else None
        return HandedIn(duty=duty.id, sha256=sealed.sha256, due=due)

    async def _owed(self, channel: str) -> DutyRecord | None:
        """An open one; else the last one that is done, for what comes again after it."""
        found = [
            await load_duty(self._at, duty_id(kind, channel))
            for kind in (DutyKind.SCREENSHOT, DutyKind.LAST_SCREENSHOT)
        ]
        there = [one for one in found if one is not None and not one.duty.cancelled]
        return next((one for one in there if one.duty.is_open), there[0] if there else None)
