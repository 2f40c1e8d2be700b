"""Duties whose card did not arrive: a deputy or communications instead, and the late one gets what waits."""

from bot.beside import Step, keep_up
from bot.cases import owing
from bot.domain.duties import answerable, responsible, trail_of
from bot.domain.trail import Reached, Unreachable
from bot.duties.owing import DONE_MESSAGE, duty_cards, recipients
from bot.duties.record import DutyRecord, duty_event
from bot.duties.viewing import load_duty
from bot.requests.absences import absent_from
from bot.services import Services
from storage.store import Message


class DutyReaching:
    def __init__(self, services: Services) -> None:
        self._at = services

    async def unreachable(self, message: Message, why: str) -> None:
        """Whoever now is to have the card, and has not, gets it with the same words."""

        async def told_instead() -> Step | None:
            record = await load_duty(self._at, message.subject)
            if record is None:
                return None
            event, cards = Unreachable(to=message.to, why=why), await self._cards_instead(record, message)
            if cards is None:
                return None
            return _step(record, event, key=f"unreachable:{message.id}", owes=cards)

        await keep_up(self._at, told_instead)

    async def _cards_instead(self, record: DutyRecord, message: Message) -> tuple[Message, ...] | None:
        """None for a card of a turn that is over."""
        if message.kind == DONE_MESSAGE:
            return owing.to_each_instead(message, self._at.organisation, record.unreachable)
        if message.data["due"] != record.duty.due.isoformat():
            return None
        instead = await self._instead(record, message)
        return duty_cards(record.duty, instead, cause=str(message.data["cause"]))

    async def _instead(self, record: DutyRecord, message: Message) -> list[str]:
        organisation, register = self._at.organisation, self._at.directory.channels().register
        away = {*record.unreachable, message.to}
        absent = await absent_from(self._at, record.duty.administration)
        instead = recipients(record.duty, organisation, register, unreachable=away, absent=absent)
        return [one for one in instead if one not in record.recipients and one not in away]

    async def bring_waiting(self, person: str) -> None:
        """What was said while the person could not be reached, or had not installed the bot."""
        for row in await self._at.store.select("open_duties"):
            if row["level"]:
                await self._bring(row["duty"], person)

    async def _bring(self, duty: str, person: str) -> None:
        to = owing.person(person)

        async def brought() -> Step | None:
            record = await load_duty(self._at, duty)
            if record is None or not await self._waits_for(record, person):
                return None
            owes = duty_cards(record.duty, (to,), cause=f"reached:{record.trail}")
            return _step(record, Reached(to=to), key=f"reached:{owes[0].id}", owes=owes)

        await keep_up(self._at, brought)

    async def _waits_for(self, record: DutyRecord, person: str) -> bool:
        duty, to = record.duty, owing.person(person)
        register = self._at.directory.channels().register
        absent = await absent_from(self._at, duty.administration)
        first = answerable(duty, self._at.organisation, register, absent=absent)
        owing_it = responsible(duty, self._at.organisation, register)
        return (
            person in first
            and person in owing_it
            and (to not in record.recipients or to in record.unreachable)
        )


def _step(record: DutyRecord, event: Unreachable | Reached, *, key: str, owes: tuple[Message, ...]) -> Step:
    return Step(
        trail=trail_of(record.duty.id),
        event=duty_event(event),
        key=f"duty:{key}",
        version=record.trail,
        owes=owes,
    )
