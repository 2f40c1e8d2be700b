"""The guideline with what communications have taught: made anew when that changes, on every instance by itself.

A learned phrasing is bound to a passage and the words of its clause, so it speaks only of a guideline that still has them.
"""

import asyncio
import logging
from dataclasses import dataclass

from bot.contents import opened
from bot.domain.questions import Learned, PhrasingTexts, Quoted, without_marks
from bot.guidelines.editions import Guidelines
from bot.guidelines.in_force import PolicyInForce
from bot.policy.answering import Answer, Policy
from bot.policy.judging import MOST_QUOTES
from bot.questions.learned_phrasings import LearnedPhrasings, Phrasing
from bot.questions.learned_record import all_learned
from bot.questions.rebinding import Rebinding
from storage.store import Store, StoreUnwritable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taught:
    """``state`` is the record's number that it was made from, ``policy`` what answers all else."""

    state: int
    policy: Policy
    phrasings: LearnedPhrasings


class LearnedPolicy:
    """Answers as the shipped policy does until something is learned."""

    def __init__(self, store: Store, in_force: PolicyInForce, guidelines: Guidelines) -> None:
        self._store = store
        self.in_force = in_force
        self.guidelines = guidelines
        policy = in_force.now.policy
        self._taught = _Taught(state=0, policy=policy, phrasings=LearnedPhrasings(policy, ()))
        self._learning = asyncio.Lock()

    def ask(self, question: str, language: str, *, most: int = MOST_QUOTES) -> Answer:
        return self._taught.phrasings.ask(question, language, most=most)

    def was_taught(self, question: str) -> bool:
        """In just these words, by people: nobody else need be asked."""
        return self._taught.phrasings.has(question)

    def answers(self, question: str, language: str) -> bool:
        """Whether it is one that people have taught, in these words or in what counts as the same."""
        return self._taught.phrasings.answers(question, language)

    async def refresh(self) -> None:
        """Learns what was accepted or revoked since, and goes over to a guideline that has come into force; costs one
        look where nothing was. What can't be learned now is tried again at the next question, and keeps nobody from an
        answer."""
        try:
            if self._is_behind(await self._state()):
                async with self._learning:
                    await self._catch_up()
        except Exception:
            log.exception("What is learned could not be read")

    async def _catch_up(self) -> None:
        """Whoever waited while another one learned finds nothing left to do."""
        state = await self._state()
        if self._is_behind(state):
            await self._learn(state)

    def _is_behind(self, state: int) -> bool:
        return state != self._taught.state or self._taught.policy is not self.in_force.now.policy

    async def _state(self) -> int:
        row = await self._store.get("learned_state", "now")
        return int(row["seq"]) if row else 0

    async def _learn(self, state: int) -> None:
        policy = self.in_force.now.policy
        rebinding = Rebinding(policy.guideline)
        rows = [one for one in await all_learned(self._store) if one.answers]
        lines = [line for one in rows if (line := await self._readable(one, rebinding)) is not None]
        phrasings = await asyncio.to_thread(LearnedPhrasings, policy, lines)
        self._taught = _Taught(state=state, policy=policy, phrasings=phrasings)
        log.info("learned phrasings are in use", extra={"count": len(lines)})

    async def _readable(self, learned: Learned, rebinding: Rebinding) -> Phrasing | None:
        """One that can't be read keeps nobody from the others; a store that can't be is another matter."""
        try:
            return await self._line(learned, rebinding)
        except StoreUnwritable:
            raise
        except Exception as error:
            extra = {"question": learned.question, "error": type(error).__name__}
            log.error("What was learned from a question cannot be read", extra=extra)
            return None

    async def _line(self, learned: Learned, rebinding: Rebinding) -> Phrasing | None:
        """None where the guideline has changed since: the phrasing rests until its words are back."""
        texts = await opened(self._store, learned.texts_ref, PhrasingTexts)
        quoted = await place_now(self.guidelines, learned, rebinding)
        if texts is None or quoted is None:
            return None
        return Phrasing(question=without_marks(texts.text), language=learned.language, quoted=quoted)


async def place_now(guidelines: Guidelines, learned: Learned, rebinding: Rebinding) -> Quoted | None:
    """Where the clause stands in the guideline in force, if it does."""
    if learned.guideline == rebinding.now.version:
        return learned.quoted
    guideline = await guidelines.version(learned.guideline)
    return await asyncio.to_thread(rebinding.of, learned.quoted, guideline) if guideline else None
