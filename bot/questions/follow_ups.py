"""Follow-ups: a question that leans on the one before it ("och på Instagram?", "hur länge då?").

The last question of each person in each conversation is kept for five minutes, among the store's small documents, since
another instance may be asked next; masked, and in no log. In files, what is forgotten is gone from the disk when the log
of those documents is next written anew.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.questions import masked
from bot.policy.answering import Answer
from bot.policy.deciding import Outcome
from bot.questions.desk import digest
from bot.questions.leaning import load_leaning
from bot.services import Ask
from storage.store import Store, StoreUnwritable

log = logging.getLogger(__name__)

KEPT = timedelta(minutes=5)
LONGEST = 600
"""Characters of what is kept: with the follow-up it is still within what is read of a question."""
_LAST = "last_questions"


class FollowUps:
    def __init__(self, store: Store, ask: Ask, clock: Callable[[], datetime], pepper: bytes) -> None:
        """``pepper`` keys the digest of whom and where: a conversation's id names people."""
        self._store = store
        self._ask = ask
        self._clock = clock
        self._pepper = pepper
        self._leaning = load_leaning()

    async def answered(
        self, question: str, language: str, *, person: str, conversation: str
    ) -> tuple[str, Answer]:
        """The question as it was understood, with the one before where it leans on that, and its answer. What was asked in
        one conversation is never told in another."""
        place = digest(self._pepper, "last question", conversation, person)
        answer = self._ask(question, language)
        before = await self._before(place)
        if before:
            question, answer = self._joined(before, question, answer, language)
        if not self.is_small_talk(question):
            await self._keep(question, place)
        return question, answer

    def is_small_talk(self, message: str) -> bool:
        """Whether it asks nothing: what was asked before it is still the question before the next."""
        return self._leaning.is_small_talk(message)

    def _joined(self, before: str, question: str, answer: Answer, language: str) -> tuple[str, Answer]:
        """A whole question that has an answer of its own needs no other."""
        earlier = self._ask(before, language)
        told = f"{before} {earlier.quotes[0].text if earlier.quotes else ''}"
        if not self._leaning.leans(question, told):
            return question, answer
        if answer.outcome is Outcome.ANSWER and not self._leaning.is_a_part(question):
            return question, answer
        joined = f"{before} {question}"
        return joined, self._as_asked(question, self._ask(joined, language))

    def _as_asked(self, question: str, together: Answer) -> Answer:
        """No answer to the joined question where the new words ask for what the clause doesn't hold."""
        if together.outcome is not Outcome.ANSWER:
            return together
        missing = self._leaning.lacking(question, together.quotes[0].text)
        if missing is None:
            return together
        return replace(together, outcome=Outcome.NOT_IN_GUIDELINE, missing=missing)

    async def _before(self, place: str) -> str:
        kept = await self._store.document(_LAST, place)
        if kept is None or self._is_old(kept["at"]):
            return ""
        return str(kept["question"])

    def _is_old(self, at: str) -> bool:
        """One that lies ahead comes from a clock that was wrong."""
        return not timedelta() <= self._clock() - datetime.fromisoformat(at) <= KEPT

    async def _keep(self, question: str, place: str) -> None:
        """A disk that refuses keeps nobody from an answer."""
        kept = {"question": masked(question)[:LONGEST], "at": self._clock().isoformat()}
        try:
            await self._store.put_document(_LAST, place, kept)
        except StoreUnwritable:
            log.warning("A question could not be kept for what may follow it")

    async def forget(self) -> None:
        """Those whose time is up, whoever asked them; not one that was asked anew meanwhile."""
        for place, kept in (await self._store.documents(_LAST)).items():
            if self._is_old(kept["at"]):
                await self._store.drop_document(_LAST, place, only=kept)
