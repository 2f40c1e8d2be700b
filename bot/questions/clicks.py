"""Clicks on a question's cards: the wish carried out, and the card as it then is."""

from collections.abc import Sequence

from bot.activity_keys import activity_key
from bot.cases.clicks import typed_in
from bot.contents import sealed
from bot.domain.question_views import QuestionForm
from bot.domain.questions import Answer, Command, MarkGap, Quoted, Reason, Refusal, ReplyTexts
from bot.questions.answer_ids import listed_id
from bot.questions.desk import QuestionDesk, ToAsk, digest
from bot.questions.given import Given
from bot.questions.learning_desk import LearningDesk
from bot.questions.viewing import load_question, named_refusal, question_for
from bot.services import Services
from bot.turns import CardAction, Reply
from cards.asked_card import asked_card
from cards.question_card import QuestionBanner, question_card
from cards.question_payload import Accepting, AskingUnit, MarkingGap, Proposing, Replying, Revoking
from cards.question_refusals import question_refusal_card
from cards.scene import Scene
from storage.store import Content


class QuestionClicks:
    def __init__(self, services: Services, desk: QuestionDesk) -> None:
        self._at = services
        self._desk = desk
        self._learning = LearningDesk(services)

    async def ask(self, wish: AskingUnit, given: Given, turn: CardAction, scene: Scene) -> Reply:
        """``given`` is what the bot itself answered; an answer that it didn't give has no part in the question."""
        person, answer = turn.sender.object_id, given.shown.answer
        nearest = (Quoted(passage=one.passage, start=one.start, end=one.end) for one in answer.quotes)
        asked = ToAsk(
            text=wish.question,
            asker=person,
            name=self._at.organisation.person(person).name or turn.sender.name,
            language=answer.language,
            outcome=answer.outcome,
            answer=listed_id(self._at.pepper, wish.answer) if given.sealed else "",
            guideline=given.guideline.version,
            cut=given.cut,
            nearest=tuple(dict.fromkeys(nearest)),
        )
        done = await self._desk.ask(asked, keys=keys_of(turn))
        if isinstance(done, Refusal):
            return question_refusal_card(done, scene)
        view = await question_for(self._at, done.question.designation, person)
        return question_refusal_card(view, scene) if isinstance(view, Refusal) else asked_card(view, scene)

    async def show(
        self,
        designation: str,
        turn_by: str,
        scene: Scene,
        *,
        form: QuestionForm | None = None,
        banner: QuestionBanner | None = None,
        refusal: Refusal | None = None,
        turn: CardAction | None = None,
    ) -> Reply:
        """Communications see their card, and who only asked the question the asker's."""
        view = await question_for(self._at, designation, turn_by)
        if isinstance(view, Refusal):
            return question_refusal_card(view, scene)
        named = await named_refusal(self._at, refusal) if refusal else None
        if view.may_answer:
            typed = typed_in(turn.data) if turn and refusal else None
            return question_card(view, scene, form=form, banner=banner, refusal=named, typed=typed)
        return question_refusal_card(named, scene) if named else asked_card(view, scene)

    async def reply(self, wish: Replying, turn: CardAction, scene: Scene) -> Reply:
        by = turn.sender.object_id
        name = self._at.organisation.person(by).name or turn.sender.name
        text = sealed(ReplyTexts(text=wish.reply, by=name))
        quoted = await self._clause(wish)
        command = Answer(texts_ref=text.ref, has_text=bool(wish.reply), quoted=quoted, gap=wish.gap)
        if wish.clause and quoted is None:
            refusal = Refusal(reason=Reason.UNKNOWN_CLAUSE, field="clause")
            return await self.show(wish.question, by, scene, refusal=refusal, turn=turn)
        same = digest(self._at.pepper, wish.question, by, wish.clause, wish.reply)
        keys = (*keys_of(turn), f"question_reply:{same}")
        return await self._carry_out(wish.question, command, turn, scene, keys=keys, contents=(text,))

    async def mark(self, wish: MarkingGap, turn: CardAction, scene: Scene) -> Reply:
        return await self._carry_out(wish.question, MarkGap(), turn, scene, keys=keys_of(turn))

    async def learn(
        self, wish: Proposing | Accepting | Revoking, turn: CardAction, scene: Scene
    ) -> Refusal | None:
        by, keys = turn.sender.object_id, keys_of(turn)
        match wish:
            case Proposing():
                return await self._learning.propose(wish.question, wish.phrasing, by=by, keys=keys)
            case Accepting():
                return await self._learning.accept(
                    wish.question, wish.version, wish.phrasing, by=by, keys=keys
                )
            case Revoking():
                return await self._learning.revoke(wish.question, wish.version, by=by, keys=keys)

    async def learned(self, wish: Proposing | Accepting | Revoking, turn: CardAction, scene: Scene) -> Reply:
        """On the question's own card; the form stays open where its phrasing was refused."""
        refusal = await self.learn(wish, turn, scene)
        form = QuestionForm.LEARN if refusal and isinstance(wish, Proposing) else None
        by = turn.sender.object_id
        return await self.show(wish.question, by, scene, form=form, refusal=refusal, turn=turn)

    async def _clause(self, wish: Replying) -> Quoted | None:
        record = await load_question(self._at, wish.question)
        if record is None or not wish.clause or int(wish.clause) > len(record.question.nearest):
            return None
        return record.question.nearest[int(wish.clause) - 1]

    async def _carry_out(
        self,
        designation: str,
        command: Command,
        turn: CardAction,
        scene: Scene,
        *,
        keys: Sequence[str],
        contents: Sequence[Content] = (),
    ) -> Reply:
        by = turn.sender.object_id
        done = await self._desk.carry_out(designation, command, by=by, keys=keys, contents=contents)
        refusal = done if isinstance(done, Refusal) else None
        replied = refusal is None and isinstance(command, Answer)
        banner = QuestionBanner.SAVED if replied else None
        return await self.show(designation, by, scene, banner=banner, refusal=refusal, turn=turn)


def keys_of(turn: CardAction) -> tuple[str, ...]:
    key = activity_key(turn)
    return (f"activity:{key}",) if key else ()
