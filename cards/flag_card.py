"""Flagging in chat: the form, and the receipt."""

from collections.abc import Mapping, Sequence

from bot.domain.cases import Refusal
from bot.domain.organisation import Channel
from bot.domain.posts import PostKind
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.elements import block, card, container, heading
from cards.grounds_list import grounds_parts
from cards.inputs import Choice, Filling
from cards.names import name_of
from cards.refusals import refusal_part
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts

MAX_TEXT = 20_000
_TEXT_BUDGET = 10_000
_CHANNELS_BUDGET = 6000


def flag_form_card(
    channels: Sequence[Channel],
    form: str,
    scene: Scene,
    *,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
) -> CardReply:
    """``form`` names this very form: sent twice it is one post. ``problems`` names the inputs to correct."""
    t = texts(scene.language)
    fill = Filling(t=t, typed=typed or {}, problems=frozenset(problems or ()), scope="flag.input")
    refused = [refusal_part(refusal, t)] if refusal else []
    body = [heading(t("flag.title")), *refused, *_problems(fill, t), block(t("flag.intro"))]
    body += _inputs(channels, scene, fill) if channels else [block(t("flag.no_channels"))]
    if channels:
        body.append(actions(button(t("button.flag.send"), "flag", style="positive", inputs=True, form=form)))
    return CardReply(card=card(body, t, fallback=t("flag.fallback"), full=True), summary=t("flag.title"))


def _problems(fill: Filling, t: Texts) -> list[Json]:
    if not fill.problems:
        return []
    return [container([block(t("flag.problems"), weight="Bolder")], style="attention")]


def _inputs(channels: Sequence[Channel], scene: Scene, fill: Filling) -> list[Json]:
    t = fill.t
    kinds: list[Choice] = [(t(f"flag.kind.{kind}"), kind) for kind in PostKind]
    grounds: list[Choice] = [(t("flag.no_ground"), ""), *grounds_parts(scene.law, t.language).choices]
    offered = _offered(channels)
    only = offered[0][1] if len(offered) == 1 else ""
    return [
        *fill.choice("channel", offered, default=only, required=True, searchable=len(offered) > 8),
        *fill.choice("kind", kinds, default=PostKind.COMMENT, expanded=True),
        *_text(fill, t),
        *fill.text("author"),
        *fill.text("url", longest=2000, budget=2100),
        *fill.text("note", multiline=True, longest=1000, budget=2000),
        *fill.choice("ground", grounds),
    ]


def _text(fill: Filling, t: Texts) -> list[Json]:
    made = fill.text("text", required=True, multiline=True, longest=MAX_TEXT, budget=_TEXT_BUDGET)
    cut = len(made[-1].get("value", "")) < len(fill.value("text"))
    return [block(t("flag.text_cut"), colour="Attention"), *made] if cut else made


def _offered(channels: Sequence[Channel]) -> list[Choice]:
    """As many channels as the card has room for: a municipality has up to about a hundred."""
    room = _CHANNELS_BUDGET
    made: list[Choice] = []
    for channel in channels:
        title = name_of(channel.name)
        room -= len(title.encode("utf-8", "replace")) + len(channel.id) + 24
        if room < 0:
            break
        made.append((title, channel.id))
    return made


def flag_receipt_card(designation: str, new: bool, scene: Scene) -> CardReply:
    """``new`` is false when the post had a case already."""
    t = texts(scene.language)
    key = "flag.thanks" if new else "flag.known"
    title = t(key, designation=Fixed(designation))
    again = button(t("button.flag.again"), "flag_form")
    body = [heading(title), block(t(f"{key}.told")), actions(again)]
    return CardReply(card=card(body, t, fallback=t("flag.fallback")), summary=title)
