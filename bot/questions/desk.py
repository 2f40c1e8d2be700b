"""Carrying out what is asked of a question: right and state checked here, durable before it is acknowledged."""

import hashlib
import hmac
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cases import owing
from bot.contents import sealed
from bot.desks import next_designation, recorded
from bot.domain import questions
from bot.domain.organisation import SYSTEM
from bot.domain.questions import (
    Asked,
    Command,
    Forget,
    QuestionTexts,
    Quoted,
    Reason,
    Refusal,
    masked,
    may_see,
)
from bot.domain.zone import local_day
from bot.erasing import erase
from bot.questions.owing import owed, question_cards
from bot.questions.record import QuestionRecord, question_event
from bot.questions.viewing import load_question
from bot.services import Services
from storage.store import Appended, Content, KeyTaken, Message, VersionConflict

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAsk:
    """``answer`` is where the list of unanswered questions has it, if it does, empty where that can't be told; ``guideline``
    the version that the answer and ``nearest`` are from; ``asker`` and ``name`` who is not content with it."""

    text: str
    asker: str
    name: str
    language: str
    outcome: str
    answer: str
    guideline: str
    nearest: tuple[Quoted, ...]
    cut: bool = False


def digest(pepper: bytes, *parts: str) -> str:
    """What a key may hold for good: nobody reads from it what was written."""
    return hmac.new(pepper, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


class QuestionDesk:
    """Where questions are sent to communications and answered: one question one reply."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def ask(self, wish: ToAsk, *, keys: Sequence[str]) -> QuestionRecord | Refusal:
        """The question as it is now, sent at this moment or before: one that is open is not sent twice."""
        if not wish.text.strip():
            return Refusal(reason=Reason.QUESTION_MISSING)
        same = digest(self._at.pepper, wish.asker, " ".join(wish.text.casefold().split()))
        while True:
            earlier = await self._at.store.get("question_same", same)
            known = await load_question(self._at, earlier["designation"]) if earlier else None
            if known is not None and (
                known.question.is_open or await recorded(self._at.store, keys, wish.asker)
            ):
                return known
            today = local_day(self._at.clock())
            designation = await next_designation(self._at.store, "FR", "question_counters", today)
            times = earlier["times"] if earlier else 0
            done = await self._sent(designation, wish, same, (*keys, f"question_same:{same}:{times}"))
            if isinstance(done, Appended):
                log.info("a question was sent to communications", extra={"question": designation})
                self._at.wake()
                record = await load_question(self._at, designation)
                if record is None:
                    raise LookupError(f"{designation} is on record but not in the read side")
                return record
            if isinstance(done, KeyTaken) and done.event.actor != wish.asker:
                return Refusal(reason=Reason.UNKNOWN_QUESTION)

    async def _sent(
        self, designation: str, wish: ToAsk, same: str, keys: Sequence[str]
    ) -> Appended | VersionConflict | KeyTaken:
        text = sealed(QuestionTexts(text=masked(wish.text), asker=wish.name, cut=wish.cut))
        event = Asked(
            asker=wish.asker,
            texts_ref=text.ref,
            language=wish.language,
            outcome=wish.outcome,
            guideline=wish.guideline,
            same=same,
            answer=wish.answer,
            nearest=wish.nearest,
        )
        return await self._at.store.append(
            designation,
            [question_event(event)],
            expected_version=0,
            actor=wish.asker,
            at=self._at.clock(),
            keys=keys,
            contents=(text,),
            owes=question_cards(designation, owing.communications(self._at.organisation)),
        )

    async def carry_out(
        self,
        designation: str,
        command: Command,
        *,
        by: str,
        keys: Sequence[str] = (),
        contents: Sequence[Content] = (),
        owes: Sequence[Message] = (),
    ) -> QuestionRecord | Refusal:
        """The question after it, now or since an earlier delivery, which ``keys`` identify."""
        while True:
            record = await load_question(self._at, designation)
            organisation = self._at.organisation
            if record is None or (by != SYSTEM and not may_see(record.question, by, organisation)):
                return Refusal(reason=Reason.UNKNOWN_QUESTION)
            if await recorded(self._at.store, keys, by):
                return record
            at = self._at.clock()
            events = questions.decide(record.question, command, by=by, at=at, organisation=organisation)
            if isinstance(events, Refusal):
                return events
            done = await self._at.store.append(
                designation,
                [question_event(event) for event in events],
                expected_version=record.question.revision,
                actor=by,
                at=at,
                keys=keys,
                contents=contents,
                owes=(*owed(record, events, organisation), *owes),
            )
            if isinstance(done, Appended):
                self._at.wake()
                log.info("a question was changed", extra={"question": designation, "actor": by})
                return await load_question(self._at, designation) or record
            if isinstance(done, KeyTaken) and not await recorded(self._at.store, keys, by):
                return Refusal(reason=Reason.UNKNOWN_QUESTION)

    async def forget(self, designation: str, owes: Sequence[Message]) -> None:
        """Its words are destroyed, if it is time."""
        done = await self.carry_out(designation, Forget(), by=SYSTEM, owes=owes)
        if isinstance(done, QuestionRecord):
            await erase(self._at.store, done.question.refs)
            self._at.forget_answers()
