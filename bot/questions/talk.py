"""The door between the conversation and all that is about questions: answers, communications, learning, lists."""

from typing import assert_never

from bot.commands import Command, Typed
from bot.domain.cases import Reason as CaseReason
from bot.domain.cases import Refusal as CaseRefusal
from bot.domain.question_views import QuestionForm
from bot.domain.questions import Reason, Refusal, may_answer
from bot.policy.answering import Answer
from bot.policy.deciding import Outcome
from bot.questions.answer_ids import answer_id
from bot.questions.clicks import QuestionClicks
from bot.questions.desk import QuestionDesk
from bot.questions.feedback import rate, said_of
from bot.questions.follow_ups import FollowUps
from bot.questions.grounding import Grounding, Shown
from bot.questions.learned_listing import learned_page
from bot.questions.learned_policy import LearnedPolicy
from bot.questions.unanswered import alike_page, note_unanswered, unanswered_page
from bot.readers import note_reader
from bot.services import Services
from bot.turns import CardAction, Reply, TextMessage, TextReply
from cards.answer_card import ByModel, answer_card, passage_card
from cards.answer_offers import Offer
from cards.notice_card import refusal_card
from cards.question_lists import alike_card, learned_card, unanswered_card
from cards.question_payload import (
    Accepting,
    AskingUnit,
    ListingLearned,
    ListingUnanswered,
    MarkingGap,
    Proposing,
    QuestionWish,
    Rating,
    Replying,
    Revoking,
    ShowingAnswer,
    ShowingPassage,
    ShowingQuestion,
    ShowingSection,
)
from cards.question_refusals import question_refusal_card
from cards.scene import Scene
from cards.section_card import section_card
from cards.texts import texts

QUESTION_READS = (
    ShowingPassage,
    ShowingSection,
    ShowingAnswer,
    ShowingQuestion,
    ListingLearned,
    ListingUnanswered,
)
"""These change nothing, and so are answered also while roles are out of date."""


class QuestionTalk:
    def __init__(
        self,
        services: Services,
        desk: QuestionDesk,
        learned: LearnedPolicy,
        follow_ups: FollowUps,
        grounding: Grounding,
    ) -> None:
        self._at = services
        self._learned = learned
        self._follow_ups = follow_ups
        self._grounding = grounding
        self._clicks = QuestionClicks(services, desk)

    async def asked(self, turn: TextMessage, scene: Scene) -> Reply:
        """What is no command is a question about the guideline."""
        if not turn.text.strip():
            return TextReply(text=texts(scene.language)("say.empty"))
        await self._learned.refresh()
        question, offline = await self._follow_ups.answered(
            turn.text, scene.language, person=turn.sender.object_id, conversation=turn.address.conversation
        )
        key = answer_id(self._at.pepper, turn)
        shown = await self._grounding.shown(key, question, offline, turn.sender)
        answer = shown.answer
        self._at.measures.answered(answer.outcome)
        if answer.outcome is Outcome.NOT_IN_GUIDELINE and not self._follow_ups.is_small_talk(question):
            await note_unanswered(self._at, key, question, answer)
        return self._answer(question, shown, self._offer(key, answer, None), scene)

    async def said(self, typed: Typed, turn: TextMessage, scene: Scene) -> Reply:
        """One of the commands that are about questions."""
        page = int(typed.argument) if typed.argument.isdecimal() else 1
        if typed.command is Command.SHOW:
            return await self._clicks.show(typed.argument, turn.sender.object_id, scene)
        return await self._list(typed.command, turn.sender.object_id, page, scene)

    async def clicked(self, wish: QuestionWish, turn: CardAction, scene: Scene) -> Reply:
        person = turn.sender.object_id
        match wish:
            case ShowingPassage():
                return self._passage(wish, scene)
            case ShowingSection():
                return self._section(wish, scene)
            case ShowingAnswer():
                return await self._again(wish.question, wish.answer, person, scene)
            case Rating():
                return await self._rated(wish, person, scene)
            case AskingUnit():
                await self._learned.refresh()
                given = await self._given(wish.question, wish.answer, scene)
                return await self._clicks.ask(wish, given.answer, turn, scene)
            case ShowingQuestion():
                form = QuestionForm.LEARN if wish.verb == "learn_form" else None
                return await self._clicks.show(wish.question, person, scene, form=form)
            case Replying():
                return await self._clicks.reply(wish, turn, scene)
            case MarkingGap():
                return await self._clicks.mark(wish, turn, scene)
            case Revoking(verb="learned_revoke"):
                await self._clicks.learn(wish, turn, scene)
                return await self._list(Command.LEARNED, person, 1, scene)
            case Proposing() | Accepting() | Revoking():
                return await self._clicks.learned(wish, turn, scene)
            case ListingLearned():
                return await self._list(Command.LEARNED, person, wish.page, scene)
            case ListingUnanswered():
                return await self._list(Command.UNANSWERED, person, wish.page, scene, alike=wish.alike)
            case _:
                assert_never(wish)

    async def _rated(self, wish: Rating, person: str, scene: Scene) -> Reply:
        await self._learned.refresh()
        given = await self._given(wish.question, wish.answer, scene)
        await rate(self._at, answer=wish.answer, given=given.answer, helped=wish.helped == "yes", by=person)
        return await self._again(wish.question, wish.answer, person, scene)

    async def _again(self, question: str, key: str, person: str, scene: Scene) -> Reply:
        """The answer as it is now, with what this person said of it."""
        await self._learned.refresh()
        given = await self._given(question, key, scene)
        said = await said_of(self._at, answer=key, by=person)
        return self._answer(question, given, self._offer(key, given.answer, said), scene)

    async def _given(self, question: str, key: str, scene: Scene) -> Shown:
        return await self._grounding.again(key, question, self._at.ask(question, scene.language))

    def _answer(self, question: str, shown: Shown, offer: Offer, scene: Scene) -> Reply:
        by_model = ByModel(lead=shown.lead) if shown.by_model else None
        return answer_card(question, shown.answer, scene, self._at.policy.gloss, offer, by_model=by_model)

    def _offer(self, key: str, answer: Answer, said: bool | None) -> Offer:
        best = answer.quotes[0].passage if answer.quotes else ""
        topics = self._at.organisation.topics_of(best)
        return Offer(answer=key, topics=topics, helped=None if said is None else "yes" if said else "no")

    def _passage(self, wish: ShowingPassage, scene: Scene) -> Reply:
        quote = self._at.policy.quote(wish.passage)
        if quote is None:
            return refusal_card(CaseRefusal(reason=CaseReason.BAD_PAYLOAD, field="passage"), scene, None)
        guideline, gloss = self._at.policy.guideline, self._at.policy.gloss
        offer = Offer(answer=wish.answer) if wish.answer and wish.question else None
        return passage_card(quote, guideline, scene, gloss, question=wish.question, offer=offer)

    def _section(self, wish: ShowingSection, scene: Scene) -> Reply:
        guideline = self._at.policy.guideline
        passage = guideline.passage(wish.passage)
        if passage is None:
            return question_refusal_card(Refusal(reason=Reason.UNKNOWN_CLAUSE), scene)
        return section_card(guideline, passage, scene, answer=wish.answer or "", question=wish.question)

    async def _list(self, what: Command, person: str, page: int, scene: Scene, *, alike: str = "") -> Reply:
        """Both are communications' alone. ``alike`` names one of the unanswered, with which all like it are shown."""
        if not may_answer(person, self._at.organisation):
            return question_refusal_card(Refusal(reason=Reason.NOT_ALLOWED), scene)
        await note_reader(self._at.store, what, person)
        if what is Command.LEARNED:
            return learned_card(await learned_page(self._at, page=page), scene)
        await self._learned.refresh()
        questions = await alike_page(self._at, alike, page=page) if alike else None
        if questions is not None:
            return alike_card(questions, scene)
        return unanswered_card(await unanswered_page(self._at, page=1 if alike else page), scene)
