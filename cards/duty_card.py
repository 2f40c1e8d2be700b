"""The card of one yearly duty, as one person sees it: when it is due, what to do, and what was handed in last."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from bot.domain.duties import SCREENSHOTS, DutyKind, Refusal
from bot.domain.duty_views import DutyState, DutyView
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.copies import duty_copy
from cards.duty_forms import duty_buttons, duty_inputs
from cards.duty_refusals import duty_refusal_part, duty_refusal_words
from cards.elements import BadgeStyle, Style, badge, badges, block, card, container, fact, heading, long_text
from cards.inputs import Filling
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Texts, texts

CLAUSES = {
    DutyKind.SCREENSHOT: "administratorens-ansvar/6",
    DutyKind.LAST_SCREENSHOT: "administratorens-ansvar/6",
    DutyKind.CONTACT_DETAILS: "forvaltningschefens-ansvar/4",
    DutyKind.EVALUATION: "forvaltningschefens-ansvar/6",
}
BADGES: dict[DutyState, BadgeStyle] = {
    DutyState.LATE: "Attention",
    DutyState.DUE: "Warning",
    DutyState.COMING: "Informative",
    DutyState.DONE: "Good",
    DutyState.CANCELLED: "Subtle",
}
_NEEDED = ("contacts", "reach", "staffing")
_MOST_OWING = 5
_TEXT_BUDGET = 1500


class DutyBanner(StrEnum):
    """Why this copy of the card was sent."""

    NOTICE = "notice"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    REACHED = "reached"
    REPEATED = "repeated"
    CHANGE = "change"
    """Somebody asks for a screenshot now."""
    SAVED = "saved"
    """What was just handed in is on record."""
    CONFIRMED = "confirmed"


_STYLES: dict[DutyBanner, Style] = {
    DutyBanner.DUE: "warning",
    DutyBanner.OVERDUE: "warning",
    DutyBanner.ESCALATED: "warning",
    DutyBanner.SAVED: "good",
    DutyBanner.CONFIRMED: "good",
}


def duty_card(
    view: DutyView,
    scene: Scene,
    *,
    banner: DutyBanner | None = None,
    refusal: Refusal | None = None,
    typed: Mapping[str, str] | None = None,
) -> CardReply:
    """``typed`` refills the inputs after a refusal."""
    t = texts(scene.language)
    lacking = {
        name for name in _NEEDED if refusal and refusal.field and not (typed or {}).get(name, "").strip()
    }
    fill = Filling(t=t, typed=typed or {}, problems=frozenset(lacking), scope="duty.input")
    body = [
        *_top(view, banner, refusal, t),
        heading(t(f"duty.title.{view.duty.kind}")),
        badges(badge(t(f"duty.state.{view.state}"), style=BADGES[view.state])),
        *_facts(view, t),
        *_last(view, t),
        *_known(view, t),
        *_todo(view, t),
        *duty_inputs(view, fill),
        actions(*_buttons(view, t)),
    ]
    return CardReply(
        card=card(body, t, fallback=t("duty.fallback"), full=True),
        summary=duty_refusal_words(refusal, t) if refusal else _summary(view, banner, t),
        copy_of=duty_copy(view.duty.id),
    )


def _top(view: DutyView, banner: DutyBanner | None, refusal: Refusal | None, t: Texts) -> list[Json]:
    made: list[Json] = [duty_refusal_part(refusal, t)] if refusal else []
    if banner:
        told = t(f"duty.banner.{banner}", day=t.day(view.duty.due))
        made.append(container([block(told, weight="Bolder")], style=_STYLES.get(banner, "accent")))
    return made


def _summary(view: DutyView, banner: DutyBanner | None, t: Texts) -> str:
    told = t("duty.summary", title=t(f"duty.title.{view.duty.kind}"), name=name_of(view.name))
    return f"{t(f'duty.banner.{banner}', day=t.day(view.duty.due))} {told}" if banner else told


def _facts(view: DutyView, t: Texts) -> list[Json]:
    made = [fact(t("duty.administration"), name_of(view.administration))]
    if view.duty.kind is not DutyKind.EVALUATION:
        made.insert(0, fact(t("duty.channel"), name_of(view.name)))
    if view.duty.is_open:
        made.append(fact(t("duty.due"), t.day(view.duty.due)))
        made.append(fact(t("duty.owing"), _names(view.owing, t)))
    return made


def _names(people: Sequence[str], t: Texts) -> str:
    """Where nobody owes it, communications do."""
    names = [name_of(one) or t("name.unknown") for one in people]
    left = len(names) - _MOST_OWING
    more = f" {t.count('channels.admins.more', left)}" if left > 0 else ""
    return f"{', '.join(names[:_MOST_OWING])}{more}" if names else t("duty.nobody")


def _known(view: DutyView, t: Texts) -> list[Json]:
    if not view.known:
        return []
    label = fact(t("duty.input.contacts"), "", spacing="Medium")
    return [label, *long_text(view.known, t, _TEXT_BUDGET, lines=15, spacing="None")]


def _last(view: DutyView, t: Texts) -> list[Json]:
    done = view.last
    if done is None:
        return []
    label = t("duty.changed" if done.after_change else "duty.last")
    by = name_of(done.by) or t("name.system")
    made = [fact(label, t("duty.done", time=t.time(done.at), by=by), spacing="Medium")]
    for name, text in () if view.known else done.texts:
        made.append(fact(t(f"duty.input.{name}"), ""))
        made += long_text(text, t, _TEXT_BUDGET, lines=15, spacing="None")
    if done.sha256:
        made.append(fact(t("duty.sha256"), f"{done.sha256[:16]}…", spacing="None"))
    return made


def _buttons(view: DutyView, t: Texts) -> list[Json]:
    made = duty_buttons(view, t)
    made.append(button(t("button.duty.clause"), "passage", passage=CLAUSES[view.duty.kind]))
    if view.last and (view.last.sha256 or view.last.has_document):
        title = t("button.duty.picture" if view.last.sha256 else "button.duty.document")
        made.append(button(title, "duty_file", duty=view.duty.id, number=view.last.number))
    if view.may_ask and not view.asked:
        made.append(button(t("button.duty.change"), "change", duty=view.duty.id))
    return made


def _todo(view: DutyView, t: Texts) -> list[Json]:
    """What is left to do, told to one who may do it."""
    if not view.may_fulfil or not view.duty.is_open:
        return []
    kind = "screenshot" if view.duty.kind in SCREENSHOTS else view.duty.kind
    waits = view.state in {DutyState.LATE, DutyState.DUE} or view.asked
    return [block(t(f"duty.todo.{kind}" if waits else f"duty.later.{kind}"), spacing="Medium")]


def duty_withdrawn_card(scene: Scene) -> CardReply:
    """In place of the card for one who may no longer see the duty: nothing of what it said."""
    t = texts(scene.language)
    body = [heading(t("duty.withdrawn.title")), block(t("duty.withdrawn"))]
    return CardReply(card=card(body, t, fallback=t("duty.fallback")), summary=t("duty.withdrawn.title"))


def duty_refusal_card(refusal: Refusal, scene: Scene) -> CardReply:
    """A no where there is no card to show it on."""
    t = texts(scene.language)
    body = [heading(t("notice.title")), duty_refusal_part(refusal, t)]
    return CardReply(card=card(body, t, fallback=t("duty.fallback")), summary=duty_refusal_words(refusal, t))
