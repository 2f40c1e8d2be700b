"""Questions whose card did not arrive: another of communications instead, and the late one gets what waits."""

from bot.beside import Step, keep_up
from bot.cases import owing
from bot.domain.questions import may_answer, trail_of
from bot.domain.trail import Reached, Unreachable
from bot.questions.owing import question_cards, question_refreshes, reply_card
from bot.questions.record import QUESTION_MESSAGE, REPLY_MESSAGE, QuestionRecord, question_event
from bot.questions.viewing import load_question
from bot.services import Services
from storage.store import Message


class QuestionReaching:
    def __init__(self, services: Services) -> None:
        self._at = services

    async def unreachable(self, message: Message, why: str) -> None:
        """Whoever else there is gets the card; both cards say so where nobody is left, or the asker is gone."""
        if message.kind not in {QUESTION_MESSAGE, REPLY_MESSAGE}:
            return

        async def told_instead() -> Step | None:
            record = await load_question(self._at, message.subject)
            if record is None:
                return None
            event, instead = Unreachable(to=message.to, why=why), self._instead(record, message)
            cards = question_cards(record.question.designation, instead, cause=f"instead:{record.trail}")
            return self._step(record, event, key=f"unreachable:{message.id}", owes=cards)

        await keep_up(self._at, told_instead)

    def _instead(self, record: QuestionRecord, message: Message) -> list[str]:
        if message.kind != QUESTION_MESSAGE or not record.question.is_open:
            return []
        unit = owing.communications(self._at.organisation, but={*record.unreachable, message.to})
        return [one for one in unit if one not in record.recipients]

    async def bring_waiting(self, person: str) -> None:
        """What was replied while the person could not be reached, and for communications what still waits for them."""
        for row in await self._at.store.select(f"waiting_replies/{person}"):
            await self._bring(row["designation"], person, reply=True)
        if may_answer(person, self._at.organisation):
            for row in await self._at.store.select("open_questions"):
                await self._bring(row["designation"], person, reply=False)

    async def _bring(self, designation: str, person: str, *, reply: bool) -> None:
        to = owing.person(person)

        async def brought() -> Step | None:
            record = await load_question(self._at, designation)
            if record is None or not self._waits_for(record, to, reply=reply):
                return None
            cause = f"reached:{record.trail}"
            owes = reply_card(record.question, cause=cause) if reply else self._card(record, to)
            return self._step(record, Reached(to=to), key=f"{cause}:{to}", owes=owes)

        await keep_up(self._at, brought)

    def _card(self, record: QuestionRecord, to: str) -> tuple[Message, ...]:
        return question_cards(record.question.designation, (to,), cause="reached")

    def _waits_for(self, record: QuestionRecord, to: str, *, reply: bool) -> bool:
        """Those who have their cards in a Teams channel that can be reached need no card of their own."""
        if reply:
            return to in record.unreachable and not record.question.forgotten
        unit = owing.communications(self._at.organisation)
        meant = to in unit or record.unit_is_out_of_reach
        return record.question.is_open and meant and (to not in record.recipients or to in record.unreachable)

    def _step(
        self,
        record: QuestionRecord,
        event: Unreachable | Reached,
        *,
        key: str,
        owes: tuple[Message, ...],
    ) -> Step:
        designation = record.question.designation
        refreshed = question_refreshes(record, self._at.organisation, cause=f"trail:{record.trail}")
        brought = {one.to for one in owes} | {event.to}
        return Step(
            trail=trail_of(designation),
            event=question_event(event),
            key=f"question:{designation}:{key}",
            version=record.trail,
            owes=(*owes, *(one for one in refreshed if one.to not in brought)),
        )
