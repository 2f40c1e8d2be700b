"""What an owed message about a question looks like when its turn to leave has come: always the state as it is then."""

from bot.commands import Command
from bot.deliveries import Rendered, Update
from bot.domain.questions import may_answer
from bot.questions.learned_listing import NOTHING_LEARNED, learned_page
from bot.questions.owing import ASKED_REFRESH, LISTED_REFRESH, QUESTION_REFRESH, REMINDER
from bot.questions.record import QUESTION_MESSAGE, REPLY_MESSAGE, QuestionRecord
from bot.questions.unanswered import NOTHING_UNANSWERED, unanswered_page
from bot.questions.viewing import load_question, question_view
from bot.scenes import scene_for
from bot.services import Services
from bot.turns import CardReply
from cards.asked_card import asked_card
from cards.copies import asked_copy, list_copy, question_copy
from cards.question_card import QuestionBanner, question_card, question_withdrawn_card
from cards.question_lists import learned_card, unanswered_card
from cards.scene import Scene
from storage.store import Message


class QuestionNotices:
    """Renders owed messages about questions; None means that there is nothing left to say."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def render(self, message: Message, *, repeated: bool) -> Rendered | Update | None:
        scene, person = await scene_for(self._at, message.to), _person(message.to)
        if message.kind == LISTED_REFRESH:
            return await self._listed(message.subject, person, scene)
        record = await load_question(self._at, message.subject)
        if record is None:
            return None
        if message.kind in {REPLY_MESSAGE, ASKED_REFRESH}:
            return await self._asker(record, message, scene, repeated)
        if person and not may_answer(person, self._at.organisation):
            return _withdrawn(record, message, scene)
        if message.kind == QUESTION_MESSAGE and not record.question.is_open:
            return None
        banner = QuestionBanner.REPEATED if repeated else _BANNERS.get(str(message.data.get("cause")))
        view = await question_view(self._at, record, person)
        return _told(message, question_card(view, scene, banner=banner), record)

    async def _listed(self, what: str, person: str | None, scene: Scene) -> Update:
        """Who is no longer of communications has an empty list."""
        may = person is not None and may_answer(person, self._at.organisation)
        if what == Command.LEARNED:
            made = learned_card(await learned_page(self._at, page=1) if may else NOTHING_LEARNED, scene)
        else:
            made = unanswered_card(
                await unanswered_page(self._at, page=1) if may else NOTHING_UNANSWERED, scene
            )
        return Update(card=made.card, summary=made.summary, copy_of=list_copy(what))

    async def _asker(
        self, record: QuestionRecord, message: Message, scene: Scene, repeated: bool
    ) -> Rendered | Update | None:
        """The asker's card, by person: it doesn't matter whether they are of communications themselves."""
        if message.kind == REPLY_MESSAGE and record.question.forgotten:
            return None
        view = await question_view(self._at, record, record.question.asker)
        made = asked_card(view, scene, repeated=repeated)
        copy_of = asked_copy(record.question.designation)
        kind = Rendered if message.kind == REPLY_MESSAGE else Update
        return kind(card=made.card, summary=made.summary, copy_of=copy_of)


_BANNERS = {"reached": QuestionBanner.REACHED, REMINDER: QuestionBanner.REMINDER}


def _told(message: Message, card: CardReply, record: QuestionRecord) -> Rendered | Update:
    kind = Update if message.kind == QUESTION_REFRESH else Rendered
    return kind(card=card.card, summary=card.summary, copy_of=question_copy(record.question.designation))


def _withdrawn(record: QuestionRecord, message: Message, scene: Scene) -> Update | None:
    """Who is no longer of communications gets nothing new, and what is there loses its words."""
    if message.kind != QUESTION_REFRESH:
        return None
    card = question_withdrawn_card(scene)
    return Update(card=card.card, summary=card.summary, copy_of=question_copy(record.question.designation))


def _person(to: str) -> str | None:
    kind, _, one = to.partition(":")
    return one if kind == "person" else None
