"""The door between the conversation and all that is about questions: answers, communications, learning, lists."""

from typing import assert_never

from bot.commands import Command, Typed
from bot.domain.cases import Reason as CaseReason
from bot.domain.cases import Refusal as CaseRefusal
from bot.domain.question_views import QuestionForm
from bot.domain.questions import Reason, Refusal, may_answer
from bot.policy.deciding import Outcome
from bot.policy.normalise import LONGEST_QUESTION
from bot.questions.answer_ids import answer_id
from bot.questions.clicks import QuestionClicks
from bot.questions.desk import QuestionDesk
from bot.questions.feedback import rate, said_of
from bot.questions.follow_ups import FollowUps
from bot.questions.given import Given, gloss_of, read_given, stamp, whole_passage
from bot.questions.grounding import Grounding, Shown
from bot.questions.learned_listing import learned_page
from bot.questions.learned_policy import LearnedPolicy
from bot.questions.unanswered import alike_page, note_unanswered, unanswered_page
from bot.readers import note_reader
from bot.services import Services
from bot.turns import CardAction, Reply, TextMessage, TextReply
from cards.answer_card import ByModel, answer_card, passage_card
from cards.answer_offers import Offer, is_carried_whole
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


_OfAnswer = ShowingPassage | ShowingSection | ShowingAnswer | Rating | AskingUnit
"""Clicks on a card that shows an answer, or what an answer led to."""


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
        given = await self._as_given(shown, question)
        return self._answer(question, given, self._offer(key, question, given, None), scene)

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
                return await self._passage(wish, person, scene)
            case ShowingSection():
                return await self._section(wish, scene)
            case ShowingAnswer():
                return await self._again(wish, await self._given(wish, scene), person, scene)
            case Rating():
                return await self._rated(wish, person, scene)
            case AskingUnit():
                return await self._clicks.ask(wish, await self._given(wish, scene), turn, scene)
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
        """Only of an answer that was given: what anybody could make up counts for nothing."""
        given = await self._given(wish, scene)
        if not given.sealed:
            return question_refusal_card(Refusal(reason=Reason.UNKNOWN_ANSWER), scene)
        chosen = wish.passage if given.guideline.passage(wish.passage) else ""
        answer, helped = given.shown.answer, wish.helped == "yes"
        await rate(self._at, answer=wish.answer, given=answer, passage=chosen, helped=helped, by=person)
        if chosen:
            return await self._chosen(chosen, wish, given, person, scene)
        return await self._again(wish, given, person, scene)

    async def _again(self, wish: _OfAnswer, given: Given, person: str, scene: Scene) -> Reply:
        """The answer as it was given, with what this person said of it."""
        said = await said_of(self._at, answer=wish.answer or "", by=person)
        offer = self._offer(wish.answer or "", wish.question, given, said)
        return self._answer(wish.question, given, offer, scene)

    async def _given(self, wish: _OfAnswer, scene: Scene) -> Given:
        """What was shown, or what would be shown now where the card doesn't tell."""
        key = wish.answer or ""
        given = await read_given(self._at, key, wish.question, wish.given)
        if given is not None:
            return given
        await self._learned.refresh()
        now = self._at.ask(wish.question, scene.language)
        return await self._as_given(
            await self._grounding.again(key, wish.question, now), wish.question, sealed=False
        )

    async def _as_given(self, shown: Shown, question: str, *, sealed: bool = True) -> Given:
        quoted = await self._at.guidelines.version(shown.answer.version)
        return Given(
            shown=shown,
            guideline=quoted or self._at.policy.guideline,
            long=len(question) > LONGEST_QUESTION,
            cut=not is_carried_whole(question),
            sealed=sealed,
        )

    def _answer(self, question: str, given: Given, offer: Offer, scene: Scene) -> Reply:
        shown, gloss = given.shown, gloss_of(self._at, given.guideline)
        by_model = ByModel(lead=shown.lead) if shown.by_model else None
        return answer_card(question, shown.answer, scene, gloss, offer, by_model=by_model)

    def _offer(self, key: str, question: str, given: Given, said: bool | None) -> Offer:
        """Sealed only if what it is about is known to have been given."""
        quotes = given.shown.answer.quotes
        return Offer(
            answer=key,
            given=stamp(self._at, key, question, given) if given.sealed else "",
            topics=self._at.organisation.topics_of(quotes[0].passage if quotes else ""),
            helped=None if said is None else "yes" if said else "no",
            long=given.long,
        )

    async def _passage(self, wish: ShowingPassage, person: str, scene: Scene) -> Reply:
        """Chosen from suggestions, or named by another card and then of the guideline in force."""
        if wish.answer and wish.question:
            return await self._chosen(wish.passage, wish, await self._given(wish, scene), person, scene)
        now = self._at.policy.guideline
        quote = whole_passage(self._at, now, wish.passage)
        if quote is None:
            return _no_passage(scene)
        return passage_card(quote, now, scene, self._at.policy.gloss, question=wish.question)

    async def _chosen(self, passage: str, wish: _OfAnswer, given: Given, person: str, scene: Scene) -> Reply:
        quote = whole_passage(self._at, given.guideline, passage)
        if quote is None:
            return _no_passage(scene)
        key = wish.answer or ""
        offer = self._offer(key, wish.question, given, await said_of(self._at, answer=key, by=person))
        gloss = gloss_of(self._at, given.guideline)
        return passage_card(quote, given.guideline, scene, gloss, question=wish.question, offer=offer)

    async def _section(self, wish: ShowingSection, scene: Scene) -> Reply:
        """Of the guideline that the answer quoted."""
        stamped = await read_given(self._at, wish.answer or "", wish.question, wish.given)
        guideline = stamped.guideline if stamped else self._at.policy.guideline
        passage = guideline.passage(wish.passage)
        if passage is None:
            return question_refusal_card(Refusal(reason=Reason.SECTION_GONE), scene)
        answer, given = wish.answer or "", wish.given
        return section_card(guideline, passage, scene, answer=answer, question=wish.question, given=given)

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


def _no_passage(scene: Scene) -> Reply:
    return refusal_card(CaseRefusal(reason=CaseReason.BAD_PAYLOAD, field="passage"), scene, None)
