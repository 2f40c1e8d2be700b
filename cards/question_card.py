"""Communications' card of one question: what was asked, what is near it, the reply, and what is learned from it."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.question_views import QuestionForm, QuestionView
from bot.domain.questions import QuestionStatus, Refusal
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.copies import question_copy
from cards.elements import BadgeStyle, badge, badges, block, card, container, fact, heading, long_text
from cards.inputs import MAX_REPLY, Filling
from cards.learning_part import learning_part
from cards.names import name_of
from cards.question_refusals import question_refusal_part, question_refusal_words
from cards.quoted import clause_part, clause_place, reply_part
from cards.scene import Scene
from cards.texts import Texts, texts

BADGES: Mapping[QuestionStatus, BadgeStyle] = {
    QuestionStatus.OPEN: "Warning",
    QuestionStatus.ANSWERED: "Good",
    QuestionStatus.NOTED: "Informative",
}
_TEXT_BUDGET = 2500
_NEEDED = ("reply", "phrasing", "clause")


class QuestionBanner(StrEnum):
    """Why this copy of the card was sent."""

    REACHED = "reached"
    REMINDER = "reminder"
    REPEATED = "repeated"
    SAVED = "saved"


def question_card(
    view: QuestionView,
    scene: Scene,
    *,
    form: QuestionForm | None = None,
    banner: QuestionBanner | None = None,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
) -> CardReply:
    """``typed`` refills the inputs after a refusal."""
    t, question = texts(scene.language), view.question
    problems = frozenset(one for one in _NEEDED if refusal is not None and refusal.field == one)
    fill = Filling(t=t, typed=typed or {}, problems=problems, scope="question.input")
    told = (
        [container([block(t(f"question.banner.{banner}"), weight="Bolder")], style="accent")]
        if banner
        else []
    )
    body = [
        *([question_refusal_part(refusal, t)] if refusal else []),
        *told,
        heading(t("question.title")),
        badges(*state_badges(view, t)),
        *_asked(view, t),
        *_nearest(view, t),
        *_reply(view, t),
        *(_answering(view, fill, t) if _may_answer(view) else []),
        *(learning_part(view, form, fill, t) if view.may_answer and not question.forgotten else []),
    ]
    summary = (
        question_refusal_words(refusal, t) if refusal else t("question.summary", name=question.designation)
    )
    return CardReply(
        card=card(body, t, fallback=t("question.fallback"), full=True),
        summary=summary,
        copy_of=question_copy(question.designation),
    )


def state_badges(view: QuestionView, t: Texts) -> list[Json]:
    status = view.question.status
    if view.question.forgotten and status is QuestionStatus.OPEN:
        return [badge(t("question.status.forgotten"), style="Subtle")]
    made = [badge(t(f"question.status.{status}"), style=BADGES[status])]
    if view.question.gap_by and status is not QuestionStatus.NOTED:
        made.append(badge(t("question.status.noted"), style=BADGES[QuestionStatus.NOTED]))
    return made


def _asked(view: QuestionView, t: Texts) -> list[Json]:
    question = view.question
    at = fact(t("question.asked"), f"{t.time(question.asked_at)} ({question.designation})")
    if view.text is None:
        return [at, block(t("question.forgotten"))]
    return [
        at,
        fact(t("question.from"), name_of(view.asker) or t("name.unknown")),
        container(long_text(view.text, t, _TEXT_BUDGET, lines=20), style="emphasis", spacing="Medium"),
        *([block(t("question.cut"), weight="Bolder")] if view.cut else []),
        fact(t("question.outcome"), t(f"question.outcome.{question.outcome}")),
        *([block(t("question.asker_unreachable"), weight="Bolder")] if view.asker_unreachable else []),
    ]


def _nearest(view: QuestionView, t: Texts) -> list[Json]:
    """Only as long as one of them may be chosen."""
    if not _may_answer(view) or not view.nearest:
        return []
    found = [
        clause_part(one, t("answer.choice", number=number, section=clause_place(one, t)), t)
        for number, one in enumerate(view.nearest, start=1)
        if one.text
    ]
    return [block(t("question.nearest"), weight="Bolder", spacing="Medium"), *found] if found else []


def _reply(view: QuestionView, t: Texts) -> list[Json]:
    if view.reply is None or view.question.forgotten:
        return []
    return reply_part(view.reply, view.guideline, view.question.guideline, t)


def _may_answer(view: QuestionView) -> bool:
    return view.may_answer and view.reply is None and not view.question.forgotten


def _answering(view: QuestionView, fill: Filling, t: Texts) -> list[Json]:
    designation = view.question.designation
    choices = [
        (t("question.clause", number=number, place=clause_place(one, t)), str(number))
        for number, one in enumerate(view.nearest, start=1)
        if one.text
    ]
    answer = button(
        t("button.question.reply"), "question_reply", inputs=True, style="positive", question=designation
    )
    gap = button(t("button.question.gap"), "question_gap", question=designation)
    marked = view.question.gap_by is not None
    return [
        *(fill.choice("clause", choices) if choices else []),
        *fill.text("reply", multiline=True, longest=MAX_REPLY),
        *([] if marked else fill.toggle("gap", t("question.input.gap.title"))),
        actions(answer, None if marked else gap),
    ]


def question_withdrawn_card(scene: Scene) -> CardReply:
    """In place of the card for one who is no longer of communications: nothing of what it said."""
    t = texts(scene.language)
    body = [heading(t("question.withdrawn.title")), block(t("question.withdrawn"))]
    return CardReply(
        card=card(body, t, fallback=t("question.fallback")), summary=t("question.withdrawn.title")
    )
