"""The guideline with what communications have taught: built anew when that changes, on every instance by itself.

A learned phrasing is a line of the question bank, bound to a passage and the words of its clause, so it speaks only of a guideline
that still has them. What is asked in just the learned words is answered at once; what is asked in like words is ranked
with all else.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.contents import opened
from bot.domain.questions import Learned, PhrasingTexts
from bot.guidelines import Guidelines
from bot.learned_record import learned_from
from bot.policy.answering import MOST_QUOTES, Answer, Policy, Quote, policy_of
from bot.policy.bank import Phrasing, load_bank
from bot.policy.deciding import Outcome
from bot.policy.normalise import clean, plain, words_of
from storage.store import Store

log = logging.getLogger(__name__)
Asked = tuple[str, ...]


def with_learned(policy: Policy, learned: Sequence[Phrasing]) -> Policy:
    """The one place that knows how a policy takes in phrasings; takes some tenths of a second."""
    return policy_of(policy.guideline, (*load_bank(), *learned)) if learned else policy


def as_asked(question: str) -> Asked:
    """A question without case, accents and punctuation: what counts as the same words."""
    return tuple(plain(word) for word in words_of(clean(question)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taught:
    """``state`` is the record's number that it was made from."""

    state: int
    policy: Policy
    exact: Mapping[Asked, Phrasing]


class LearnedPolicy:
    """Answers as the shipped policy does until something is learned."""

    def __init__(self, store: Store, policy: Policy, guidelines: Guidelines) -> None:
        self._store = store
        self._shipped = policy
        self.guidelines = guidelines
        self._taught = _Taught(state=0, policy=policy, exact={})
        self._learning = asyncio.Lock()

    def ask(self, question: str, language: str) -> Answer:
        taught = self._taught
        answer = taught.policy.ask(question, language)
        learned = taught.exact.get(as_asked(question))
        return answer if learned is None else self._answered_by(learned, answer)

    async def refresh(self) -> None:
        """Learns what was accepted or revoked since; costs one look where nothing was. What can't be learned now is
        tried again at the next question, and keeps nobody from an answer."""
        try:
            if await self._state() != self._taught.state:
                async with self._learning:
                    await self._catch_up()
        except Exception:
            log.exception("What is learned could not be read")

    async def _catch_up(self) -> None:
        """Whoever waited while another one learned finds nothing left to do."""
        state = await self._state()
        if state != self._taught.state:
            await self._learn(state)

    async def _state(self) -> int:
        row = await self._store.get("learned_state", "now")
        return int(row["seq"]) if row else 0

    async def _learn(self, state: int) -> None:
        rows = [learned_from(doc) for doc in await self._store.select("learned")]
        lines = [line for one in rows if one.answers and (line := await self._line(one)) is not None]
        policy = await asyncio.to_thread(with_learned, self._shipped, lines)
        exact = {as_asked(line.question): line for line in lines}
        self._taught = _Taught(state=state, policy=policy, exact=exact)
        log.info("learned phrasings are in use", extra={"count": len(lines)})

    async def _line(self, learned: Learned) -> Phrasing | None:
        """None where the guideline has changed since: the phrasing rests until its words are back."""
        words = await learned_words(self.guidelines, learned)
        texts = await opened(self._store, learned.texts_ref, PhrasingTexts)
        if texts is None or not applies(self._shipped, learned, words):
            return None
        return Phrasing(
            question=texts.text, language=learned.language, passage=learned.quoted.passage, words=words
        )

    def _answered_by(self, learned: Phrasing, answer: Answer) -> Answer:
        passage = learned.passage or ""
        whole = self._shipped.quote(passage)
        if whole is None:
            return answer
        first = Quote(passage=passage, section=whole.section, text=learned.words)
        others = [one for one in answer.quotes if one.text != learned.words]
        known = next((one for one in answer.quotes if one.text == learned.words), first)
        quotes = (known, *others)[:MOST_QUOTES]
        return replace(answer, outcome=Outcome.ANSWER, quotes=quotes, confidence=1.0, missing=None)


async def learned_words(guidelines: Guidelines, learned: Learned) -> str:
    """The clause's words, cut from the guideline that they were found in."""
    guideline = await guidelines.version(learned.guideline)
    return guideline.text[learned.quoted.start : learned.quoted.end] if guideline else ""


def applies(policy: Policy, learned: Learned, words: str) -> bool:
    """Whether the guideline in force still has the clause."""
    passage = policy.guideline.passage(learned.quoted.passage)
    return bool(words) and passage is not None and words in policy.guideline.words(passage)
