"""Carrying out what is asked of a learned phrasing: proposed, accepted by another click, revoked."""

import logging
from collections.abc import Sequence

from bot.commands import Command
from bot.contents import opened, sealed
from bot.desks import recorded
from bot.domain import questions
from bot.domain.organisation import SYSTEM
from bot.domain.questions import (
    Accept,
    Lapse,
    Learned,
    LearnedStatus,
    LearningAccepted,
    LearningCommand,
    LearningProposed,
    LearningRevoked,
    PhrasingTexts,
    Propose,
    Question,
    QuestionTexts,
    Reason,
    Refusal,
    Revoke,
    is_lapsed,
    masked,
    may_see,
    stream_of_learned,
    without_marks,
)
from bot.erasing import erase
from bot.questions.learned_phrasings import has_words
from bot.questions.learned_record import all_learned, learning_event
from bot.questions.owing import list_refreshes, question_refreshes
from bot.questions.viewing import load_learned, load_question
from bot.readers import list_readers
from bot.services import Services
from storage.store import Appended, Content, KeyTaken, Message

log = logging.getLogger(__name__)


class LearningDesk:
    """Where learning is proposed, accepted and revoked; each click that changes something is one version."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def propose(self, question: str, phrasing: str, *, by: str, keys: Sequence[str]) -> Refusal | None:
        text, has_text = _phrasing(phrasing)
        command = Propose(texts_ref=text.ref, has_text=has_text)
        return await self._carry_out(question, command, by=by, keys=keys, contents=(text,))

    async def accept(
        self, question: str, version: int, phrasing: str, *, by: str, keys: Sequence[str]
    ) -> Refusal | None:
        text, has_text = _phrasing(phrasing)
        command = Accept(version=version, texts_ref=text.ref, has_text=has_text)
        return await self._carry_out(question, command, by=by, keys=keys, contents=(text,))

    async def revoke(self, question: str, version: int, *, by: str, keys: Sequence[str]) -> Refusal | None:
        return await self._carry_out(question, Revoke(version=version), by=by, keys=keys)

    async def lapse(self) -> None:
        """What was proposed and never accepted, when its time is up."""
        for learned in await all_learned(self._at.store):
            if learned.status is not LearnedStatus.PROPOSED:
                continue
            record, now = await load_question(self._at, learned.question), self._at.clock()
            if record is not None and is_lapsed(record.question, learned, now):
                await self._carry_out(learned.question, Lapse(at=now), by=SYSTEM, keys=())
                self._at.forget_answers()

    async def suggestion(self, question: Question) -> str:
        """What the form begins with: the question as it was asked, already masked when it was kept."""
        texts = (
            None if question.forgotten else await opened(self._at.store, question.texts_ref, QuestionTexts)
        )
        return texts.text if texts else ""

    async def _carry_out(
        self,
        designation: str,
        command: LearningCommand,
        *,
        by: str,
        keys: Sequence[str],
        contents: Sequence[Content] = (),
    ) -> Refusal | None:
        """None once it stands on record, now or since an earlier delivery, which ``keys`` identify."""
        while True:
            record = await load_question(self._at, designation)
            if record is None or (by != SYSTEM and not may_see(record.question, by, self._at.organisation)):
                return Refusal(reason=Reason.UNKNOWN_QUESTION)
            if await recorded(self._at.store, keys, by):
                return None
            learned = await load_learned(self._at, designation)
            organisation = self._at.organisation
            events = questions.teach(record.question, learned, command, by=by, organisation=organisation)
            if isinstance(events, Refusal):
                return events
            version = learned.revision if learned else 0
            done = await self._at.store.append(
                stream_of_learned(designation),
                [learning_event(event) for event in events],
                expected_version=version,
                actor=by,
                at=self._at.clock(),
                keys=keys,
                contents=contents,
                owes=(
                    *question_refreshes(record, organisation, cause=f"learned:{version}"),
                    *await self._lists(designation, version, events),
                ),
            )
            if isinstance(done, Appended):
                await self._destroy(learned, events)
                self._at.wake()
                log.info("what is learned was changed", extra={"question": designation, "actor": by})
                return None
            if isinstance(done, KeyTaken) and not await recorded(self._at.store, keys, by):
                return Refusal(reason=Reason.UNKNOWN_QUESTION)

    async def _lists(
        self, designation: str, version: int, events: Sequence[questions.LearningEvent]
    ) -> tuple[Message, ...]:
        """The lists that show a phrasing whose words go."""
        if all(isinstance(event, LearningProposed) for event in events):
            return ()
        readers = [who for what, who in await list_readers(self._at.store) if what == Command.LEARNED]
        return list_refreshes(f"{designation}:{version}", readers, what=Command.LEARNED)

    async def _destroy(self, before: Learned | None, events: Sequence[questions.LearningEvent]) -> None:
        """The phrasing that another took the place of, or that was revoked."""
        for event in events:
            match event:
                case LearningAccepted() if before is not None:
                    await erase(self._at.store, (before.texts_ref,))
                case LearningRevoked(refs=refs):
                    await erase(self._at.store, refs)
                case LearningProposed() | LearningAccepted():
                    pass


def _phrasing(typed: str) -> tuple[Content, bool]:
    """As it is kept, and whether it has words: without any it would answer every message that has none either."""
    text = masked(typed)
    return sealed(PhrasingTexts(text=text)), has_words(without_marks(text))
