"""What of communications' card is about learning the answer: proposed with one click, accepted with another."""

from bot.domain.question_views import QuestionForm, QuestionView
from bot.domain.questions import LearnedStatus
from bot.turns import Json
from cards.actions import actions, button
from cards.elements import block, fact, subheading
from cards.inputs import Filling
from cards.texts import Texts
from cards.untrusted import first_line

LONGEST_PHRASING = 300
_BUDGET = 1200


def learning_part(view: QuestionView, form: QuestionForm | None, fill: Filling, t: Texts) -> list[Json]:
    if view.reply is None or view.reply.clause is None:
        return _gap(view, t)
    learned = view.learned
    if learned is None or learned.status is LearnedStatus.REVOKED:
        return _proposing(view, fill, t) if form is QuestionForm.LEARN else _offer(view, t)
    if learned.status is LearnedStatus.PROPOSED:
        return _accepting(view, learned.revision, fill, t)
    revoke = button(
        t("button.learn.revoke"), "learn_revoke", question=view.question.designation, version=learned.revision
    )
    return [
        subheading(t("learned.accepted.title")),
        block(t("learned.accepted")),
        fact(t("learned.phrasing"), first_line(view.phrasing, _BUDGET)),
        actions(revoke),
    ]


def _gap(view: QuestionView, t: Texts) -> list[Json]:
    """An answer in own words may still show that the guideline lacks it."""
    if view.reply is None or view.question.gap_by:
        return []
    return [
        actions(button(t("button.question.gap.also"), "question_gap", question=view.question.designation))
    ]


def _offer(view: QuestionView, t: Texts) -> list[Json]:
    return [actions(button(t("button.learn"), "learn_form", question=view.question.designation))]


def _proposing(view: QuestionView, fill: Filling, t: Texts) -> list[Json]:
    question = view.question.designation
    propose = button(
        t("button.learn.propose"), "learn_propose", inputs=True, style="positive", question=question
    )
    back = button(t("button.learn.back"), "question", question=question)
    return [
        subheading(t("learned.propose.title")),
        block(t("learned.propose")),
        *fill.text(
            "phrasing", default=first_line(view.text or "", LONGEST_PHRASING), longest=LONGEST_PHRASING
        ),
        actions(propose, back),
    ]


def _accepting(view: QuestionView, version: int, fill: Filling, t: Texts) -> list[Json]:
    question = view.question.designation
    accept = button(
        t("button.learn.accept"),
        "learn_accept",
        inputs=True,
        style="positive",
        question=question,
        version=version,
    )
    decline = button(t("button.learn.decline"), "learn_revoke", question=question, version=version)
    return [
        subheading(t("learned.proposed.title")),
        block(t("learned.proposed")),
        *fill.text("phrasing", default=view.phrasing, longest=LONGEST_PHRASING),
        actions(accept, decline),
    ]
