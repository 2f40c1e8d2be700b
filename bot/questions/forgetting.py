"""What was asked is destroyed when its time is up: at each look, oldest first, whichever instance looks."""

import logging
from datetime import datetime

from bot.commands import Command
from bot.domain.organisation import SYSTEM
from bot.domain.questions import KEPT, may_answer
from bot.erasing import erase
from bot.questions.desk import QuestionDesk
from bot.questions.follow_ups import FollowUps
from bot.questions.learning_desk import LearningDesk
from bot.questions.model_record import by_model_forgotten_event, is_by_model
from bot.questions.owing import list_refreshes
from bot.questions.record import is_question
from bot.questions.unanswered_record import unanswered_forgotten_event
from bot.readers import forget_reader, list_readers
from bot.services import Services
from storage.store import Appended, Json, NewEvent

log = logging.getLogger(__name__)


_LISTS = frozenset({Command.UNANSWERED, Command.LEARNED})
_WITHDRAWN, _WITHDRAWN_STREAM = "question_list_withdrawn", "question_lists"


class QuestionForgetting:
    def __init__(self, services: Services, desk: QuestionDesk, follow_ups: FollowUps) -> None:
        self._at = services
        self._desk = desk
        self._follow_ups = follow_ups
        self._learning = LearningDesk(services)

    async def look(self) -> None:
        await self._follow_ups.forget()
        await self._learning.lapse()
        await self._withdraw_lists()
        last = None
        while (row := await self._at.store.oldest("question_words")) is not None:
            if self._at.clock() - datetime.fromisoformat(row["at"]) < KEPT or row == last:
                return
            last = row
            await self._forget(row)

    async def _withdraw_lists(self) -> None:
        """From whoever is no longer of communications: the cards in their chat are emptied, once. Not while nobody can tell
        who is."""
        if self._at.read_only:
            return
        for what, who in await list_readers(self._at.store):
            if what not in _LISTS or may_answer(who, self._at.organisation):
                continue
            now = self._at.clock()
            await self._at.store.append(
                _WITHDRAWN_STREAM,
                [NewEvent(kind=_WITHDRAWN, data={"list": what, "reader": who})],
                expected_version=None,
                actor=SYSTEM,
                at=now,
                owes=list_refreshes(f"withdrawn:{now.isoformat()}:{what}", [who], what=what),
            )
            await forget_reader(self._at.store, what, who)
            self._at.wake()

    async def _forget(self, row: Json) -> None:
        readers = [who for what, who in await list_readers(self._at.store) if what == Command.UNANSWERED]
        listed = list_refreshes(row["of"], readers)
        if is_question(row["of"]):
            await self._desk.forget(row["of"], listed)
            return
        by_model = is_by_model(row["of"])
        gone = by_model_forgotten_event if by_model else unanswered_forgotten_event
        done = await self._at.store.append(
            row["of"],
            [gone(row["ref"])],
            expected_version=1,
            actor=SYSTEM,
            at=self._at.clock(),
            owes=() if by_model else listed,
        )
        if isinstance(done, Appended):
            await erase(self._at.store, (row["ref"],))
            self._at.wake()
            log.info("the words of a question were destroyed", extra={"subject": row["of"]})
