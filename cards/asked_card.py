"""The asker's card: what was sent to communications, and what came back."""

from bot.domain.question_views import QuestionView
from bot.domain.questions import QuestionStatus
from bot.turns import CardReply, Json
from cards.copies import asked_copy
from cards.elements import badges, block, card, container, fact, heading, note
from cards.names import name_of
from cards.question_card import state_badges
from cards.quoted import reply_part
from cards.scene import Scene
from cards.texts import Texts, texts
from cards.untrusted import first_line

_QUESTION_BUDGET = 1500


def asked_card(view: QuestionView, scene: Scene, *, repeated: bool = False) -> CardReply:
    t, question = texts(scene.language), view.question
    gone = question.forgotten and question.status is QuestionStatus.OPEN
    title = t("asked.title.forgotten" if gone else f"asked.title.{question.status}")
    told = [container([block(t("banner.repeated"), weight="Bolder")], style="accent")] if repeated else []
    body = [
        *told,
        heading(title),
        badges(*state_badges(view, t)),
        *_asked(view, t),
        *_state(view, t),
        note(f"{question.designation} · {t.time(question.asked_at)}", spacing="Medium"),
    ]
    return CardReply(
        card=card(body, t, fallback=t("question.fallback")),
        summary=title,
        copy_of=asked_copy(question.designation),
    )


def _asked(view: QuestionView, t: Texts) -> list[Json]:
    if view.text is None:
        return [block(t("question.forgotten"))]
    asked = fact(t("answer.asked"), first_line(view.text, _QUESTION_BUDGET))
    return [asked, *([note(t("asked.cut"), spacing="Small")] if view.cut else [])]


def _state(view: QuestionView, t: Texts) -> list[Json]:
    if view.question.forgotten:
        return []
    if view.reply is not None:
        english = "en" in {t.language, view.question.language}
        return reply_part(view.reply, view.guideline, view.question.guideline, t, english=english)
    made: list[Json] = [
        fact(t("asked.to"), name_of(view.unit)),
        block(t(f"asked.told.{view.question.status}")),
    ]
    if view.unit_unreachable and view.question.status is QuestionStatus.OPEN:
        made.append(block(t("asked.unit_unreachable"), weight="Bolder"))
    return made
