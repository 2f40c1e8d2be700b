"""Notices that stand on their own: a no where there is no card to show it on, or no card any more."""

from bot.domain.cases import Refusal
from bot.turns import CardReply
from cards.actions import actions, button
from cards.elements import block, card, fact, heading
from cards.refusals import refusal_part, refusal_words
from cards.scene import Scene
from cards.texts import texts
from cards.untrusted import first_line


def refusal_card(refusal: Refusal, scene: Scene, designation: str | None) -> CardReply:
    """``designation`` is the case that was meant, as a card or a command named it."""
    t = texts(scene.language)
    which = [fact(t("notice.case"), first_line(designation, 60))] if designation else []
    body = [heading(t("notice.title")), *which, refusal_part(refusal, t)]
    body.append(actions(button(t("button.help"), "help")))
    return CardReply(card=card(body, t, fallback=t("help.fallback")), summary=refusal_words(refusal, t))


def withdrawn_card(designation: str, scene: Scene) -> CardReply:
    """In place of a case's card for one who may no longer see the case: nothing of what it said."""
    t = texts(scene.language)
    title = t("notice.withdrawn.title")
    which = fact(t("notice.case"), first_line(designation, 60))
    body = [heading(title), which, block(t("notice.withdrawn"))]
    return CardReply(card=card(body, t, fallback=t("help.fallback")), summary=title)
