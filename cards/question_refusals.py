"""An expected no about a question, in plain words."""

from bot.domain.questions import Reason, Refusal
from bot.turns import CardReply, Json
from cards.elements import card, container, heading, plain, run
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Texts, texts

_COURTEOUS = frozenset(
    {
        Reason.ALREADY_ANSWERED,
        Reason.ALREADY_NOTED,
        Reason.ALREADY_PROPOSED,
        Reason.ALREADY_ACCEPTED,
        Reason.NOT_PROPOSED,
        Reason.CHANGED,
    }
)
"""Nothing went wrong and nothing needs doing."""


def question_refusal_words(refusal: Refusal, t: Texts) -> str:
    """``by`` is a name by now."""
    key = f"question.refusal.{refusal.reason}"
    if refusal.reason is Reason.ALREADY_ANSWERED and refusal.by and refusal.at:
        return t(f"{key}.by", by=name_of(refusal.by), time=t.time(refusal.at))
    return t(key)


def question_refusal_part(refusal: Refusal, t: Texts) -> Json:
    words = plain(run(question_refusal_words(refusal, t), bold=True), id="refusal")
    return container([words], style="accent" if refusal.reason in _COURTEOUS else "attention")


def question_refusal_card(refusal: Refusal, scene: Scene) -> CardReply:
    """A no where there is no card to show it on."""
    t = texts(scene.language)
    body = [heading(t("notice.title")), question_refusal_part(refusal, t)]
    made = card(body, t, fallback=t("question.fallback"))
    return CardReply(card=made, summary=question_refusal_words(refusal, t))
