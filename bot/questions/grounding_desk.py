"""An answer with a model's part in it: asked once, checked, on record before it is shown.

A click on the card is answered from what its buttons carry under seal (``bot.questions.given``), on a card from before there
was one from that record, and never by asking again; the lead is on the first card alone, since only a
message of its own bears Teams' AI label.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.contents import opened, sealed
from bot.domain.organisation import SYSTEM
from bot.domain.questions import ModelTexts
from bot.domain.questions.leaving import fit_to_leave
from bot.domain.questions.names import NameLists
from bot.policy.answering import Answer, Policy, Quote
from bot.policy.deciding import Outcome
from bot.policy.grounding import MOST_PASSAGES, Asked, Settled, Unusable, Verdict, settled
from bot.policy.leads import Leads, load_leads
from bot.policy.normalise import LONGEST_QUESTION
from bot.questions.consulting import Consult
from bot.questions.desk import digest
from bot.questions.grounding import Shown
from bot.questions.learned_phrasings import as_asked
from bot.questions.learned_policy import LearnedPolicy
from bot.questions.model_record import ByModel, Place, by_model_event, by_model_from, model_stream
from bot.services import Services
from bot.turns import Sender
from storage.store import Appended, StoreUnwritable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """A model and its name."""

    deployment: str
    consult: Consult


class GroundingDesk:
    def __init__(self, services: Services, learned: LearnedPolicy, model: Consulted) -> None:
        self._at = services
        self._learned = learned
        self._model = model
        self._read: tuple[Policy, Leads] | None = None
        self._lists: NameLists | None = None

    async def shown(self, key: str, question: str, offline: Answer, sender: Sender) -> Shown:
        """``key`` is the answer's id; ``question`` as it was understood, ``offline`` the answer to it."""
        if self._learned.was_taught(question):
            return Shown(answer=offline)
        earlier = await self._earlier(key, question)
        if earlier is not None:
            return await self._as_recorded(earlier, offline, lead=True)
        near = self._learned.ask(question, offline.language, most=MOST_PASSAGES)
        leads = await self._leads()
        asked = self._asked(question, near, sender, leads, await self._common_names())
        if not asked.quotes or near.quotes[: len(offline.quotes)] != offline.quotes:
            return Shown(answer=offline)
        verdict = await self._model.consult(asked, leads)
        self._tell(key, verdict)
        if isinstance(verdict, Unusable):
            return Shown(answer=offline)
        made = settled(offline, asked.quotes, verdict)
        if made.answer == offline and not made.lead:
            return Shown(answer=offline)
        return await self._recorded(key, question, asked, verdict, offline, made)

    async def again(self, key: str, question: str, offline: Answer) -> Shown:
        """What was shown under that id, without the lead, where it was this question."""
        earlier = await self._earlier(key, question)
        return await self._as_recorded(earlier, offline, lead=False) if earlier else Shown(answer=offline)

    async def _leads(self) -> Leads:
        """Made anew when another guideline comes into force, which takes 30 ms."""
        policy = self._at.policy
        if self._read is None or self._read[0] is not policy:
            made = await asyncio.to_thread(load_leads, policy.guideline.text, policy.glossed)
            self._read = (policy, made)
            return made
        return self._read[1]

    async def _common_names(self) -> NameLists:
        """Read at the first question that may leave."""
        if self._lists is None:
            self._lists = await asyncio.to_thread(_read_common_names)
        return self._lists

    def _asked(self, question: str, near: Answer, sender: Sender, leads: Leads, lists: NameLists) -> Asked:
        people = self._at.organisation.people.values()
        names = [sender.name, *(person.name for person in people)]
        masked = fit_to_leave(question[:LONGEST_QUESTION], names=names, common=leads.common, lists=lists)
        return Asked(question=masked, language=near.language, quotes=near.quotes)

    def _tell(self, key: str, verdict: Verdict) -> None:
        self._at.measures.consulted(verdict.result)
        flaw = {"flaw": verdict.flaw} if verdict.flaw else {}
        log.info("The model was asked", extra={"answer": key, "result": verdict.result, **flaw})

    async def _recorded(
        self, key: str, question: str, asked: Asked, verdict: Verdict, offline: Answer, made: Settled
    ) -> Shown:
        """What can't be put on record isn't shown."""
        texts = sealed(ModelTexts(question=asked.question, lead=made.lead))
        event = ByModel(
            deployment=self._model.deployment,
            result=verdict.result,
            language=asked.language,
            offline=offline.outcome,
            outcome=made.answer.outcome,
            guideline=offline.version,
            quotes=_places(made.answer.quotes),
            asked=self._digest(question),
            text_ref=texts.ref,
            lead=bool(made.lead),
        )
        try:
            done = await self._at.store.append(
                model_stream(key),
                [by_model_event(event)],
                expected_version=0,
                actor=SYSTEM,
                at=self._at.clock(),
                contents=(texts,),
            )
        except StoreUnwritable:
            log.warning("What the model chose could not be kept", extra={"answer": key})
            return Shown(answer=offline)
        if isinstance(done, Appended):
            return Shown(answer=made.answer, by_model=True, lead=made.lead)
        earlier = await self._earlier(key, question)  # another instance was first
        return await self._as_recorded(earlier, offline, lead=True) if earlier else Shown(answer=offline)

    async def _earlier(self, key: str, question: str) -> ByModel | None:
        doc = await self._at.store.get("model_answers", key) if key else None
        made = by_model_from(doc) if doc else None
        return made if made and made.asked == self._digest(question) else None

    def _digest(self, question: str) -> str:
        return digest(self._at.pepper, "asked of a model", *as_asked(question))

    async def _as_recorded(self, made: ByModel, offline: Answer, *, lead: bool) -> Shown:
        """The offline answer, where the guideline is another one by now."""
        policy = self._at.policy
        quotes = tuple(
            quote for one in made.quotes if (quote := policy.cut(one.passage, one.start, one.end)) is not None
        )
        if made.guideline != policy.guideline.version or len(quotes) != len(made.quotes):
            return Shown(answer=offline)
        texts = await opened(self._at.store, made.text_ref, ModelTexts) if lead and made.lead else None
        outcome = Outcome(made.outcome)
        answer = replace(offline, outcome=outcome, quotes=quotes, missing=None)
        return Shown(answer=answer, by_model=True, lead=texts.lead if texts else "")


def _places(quotes: Sequence[Quote]) -> tuple[Place, ...]:
    return tuple(Place(passage=one.passage, start=one.start, end=one.end) for one in quotes)


def _read_common_names() -> NameLists:
    from bot.questions.common_names import load_common_names  # noqa: PLC0415 - 17 MB, for those who name a model

    return load_common_names()
