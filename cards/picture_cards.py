"""Cards about a picture that was sent in chat: which channel it shows, or why it can't be kept."""

from collections.abc import Sequence

from bot.domain.duty_views import PictureChoice
from bot.domain.pictures import PictureProblem
from bot.turns import CardReply
from cards.actions import actions, button
from cards.elements import block, card, container, heading
from cards.inputs import Choice, Filling
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Texts, texts

_BUDGET = 6000
"""Bytes of the channels' names: a municipality has up to about a hundred."""


def picture_choice_card(
    picture: str, choices: Sequence[PictureChoice], scene: Scene, *, lacking: bool = False
) -> CardReply:
    """``picture`` is the id under which it waits; ``lacking`` when no channel of the sender's was chosen."""
    t = texts(scene.language)
    fill = Filling(t=t, problems=frozenset({"channel"} if lacking else ()), scope="picture.input")
    offered = _offered(choices, t)
    body = [
        heading(t("picture.which")),
        block(t("picture.which.told")),
        *fill.choice("channel", offered, required=True, searchable=len(offered) > 8),
        actions(button(t("button.picture.save"), "picture", style="positive", inputs=True, picture=picture)),
    ]
    made = card(body, t, fallback=t("duty.fallback"), full=True)
    return CardReply(card=made, summary=t("picture.which"))


def _offered(choices: Sequence[PictureChoice], t: Texts) -> list[Choice]:
    room, made = _BUDGET, list[Choice]()
    for one in choices:
        day = t.day(one.due) if one.due else ""
        title = t("picture.due", name=name_of(one.name), day=day) if one.due else name_of(one.name)
        room -= len(title.encode("utf-8", "replace")) + len(one.channel) + 24
        if room < 0:
            break
        made.append((title, one.channel))
    return made


def picture_problem_card(problem: PictureProblem, scene: Scene) -> CardReply:
    t = texts(scene.language)
    told = t(f"picture.problem.{problem}")
    body = [heading(t("picture.problem")), container([block(told, weight="Bolder")], style="attention")]
    return CardReply(card=card(body, t, fallback=t("duty.fallback")), summary=told)
