"""The card of one case, as one person sees it: open with its inputs, or decided with what was decided."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.cases import Refusal
from bot.domain.posts import PostKind
from bot.domain.rights import deciders
from bot.domain.views import CaseForm, CaseView
from bot.turns import CardReply, Json
from cards.case_facts import POST_BUDGET, flags_part, head, link_part, post_part, times, unreached_part
from cards.case_forms import fitting_form, form_part
from cards.case_record import (
    MOST_FORWARDS,
    abuse_steps,
    clock_part,
    decision_part,
    history_part,
    next_steps,
    state_badges,
    tracks_part,
)
from cards.copies import case_copy
from cards.elements import Style, block, card, container, fact, heading, subheading
from cards.grounds_list import grounds_parts, suggested_ground
from cards.inputs import Filling
from cards.names import channel_name, person_name
from cards.refusals import refusal_part, refusal_words
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts
from cards.untrusted import size

_LEAST_POST = 1200
_MOST_DECIDERS = 6
_FORWARD_BUDGET = 600
"""Bytes of JSON that a forward takes on the card, its note included."""


class Banner(StrEnum):
    """Why this copy of the card was sent, where that needs saying."""

    REPEATED = "repeated"
    REMINDER = "reminder"
    ESCALATED = "escalated"
    FORWARDED = "forwarded"
    NO_ADMIN = "no_admin"
    NEW_SNAPSHOT = "new_snapshot"
    SEEN_AGAIN = "seen_again"
    REMOVAL_REMINDER = "removal_reminder"
    NOT_REMOVED = "not_removed"


_URGENT = frozenset(Banner) - {Banner.REPEATED, Banner.FORWARDED}


def case_card(
    view: CaseView,
    scene: Scene,
    *,
    form: CaseForm | None = None,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    banner: Banner | None = None,
) -> CardReply:
    """``typed`` refills the form's inputs after a refusal, which is told on top and at the input it names."""
    t = texts(scene.language)
    fill = Filling(t=t, typed=typed or {}, refusal=refusal)
    shown = fitting_form(view, form)
    body = [*top(refusal, banner, t), heading(_title(view, t))]
    if view.case.is_open:
        body += _open(view, shown, scene, fill)
    else:
        body += _decided(view, shown, scene, fill)
    name = Fixed(view.case.designation)
    fallback = t("case.fallback", designation=name)
    return CardReply(
        card=card(body, t, fallback=fallback, full=True),
        summary=_summary(view, refusal, banner, t),
        copy_of=case_copy(view.case.designation),
    )


def top(refusal: Refusal | None, banner: Banner | None, t: Texts) -> list[Json]:
    """What must be read before the card itself."""
    made: list[Json] = []
    if refusal:
        made.append(refusal_part(refusal, t))
    if banner:
        style: Style = "warning" if banner in _URGENT else "accent"
        made.append(container([block(t(f"banner.{banner}"), weight="Bolder")], style=style))
    return made


def _title(view: CaseView, t: Texts) -> Fixed:
    case = view.case
    name = Fixed(case.designation)
    if case.current is None or case.is_open:
        return t(f"case.title.{case.post_kind}", designation=name)
    return t(f"case.decided.{case.current.made.kind}", designation=name)


def _summary(view: CaseView, refusal: Refusal | None, banner: Banner | None, t: Texts) -> str:
    """What the notification says: never a word of the post itself."""
    if refusal:
        return refusal_words(refusal, t)
    told = t("case.summary", title=_title(view, t), channel=channel_name(view))
    return f"{t(f'banner.{banner}')} {told}" if banner else told


def _open(view: CaseView, form: CaseForm, scene: Scene, fill: Filling) -> list[Json]:
    t = fill.t
    body = head(view, t, (t("state.open"), "Warning"))
    body += times(view, scene, t)
    abuse = form is CaseForm.ABUSE and view.right is not None
    body += link_part(view, t, may_open=False) if abuse else post_part(view, t, _post_budget(view, fill))
    body += [*flags_part(view, t), *history_part(view, t), *unreached_part(view, t)]
    if not abuse:
        body += _grounds(view, scene, t)
    if view.right is None:
        return [*body, _who_decides(view, t)]
    return body + form_part(view, form, scene, fill)


def _post_budget(view: CaseView, fill: Filling) -> int:
    """What is typed and what was said on the way take their room from the post's text: one budget for the card."""
    typed = sum(
        min(size(text), 3400) for name, text in fill.typed.items() if name in {"reason", "reply", "note"}
    )
    passed_on = _FORWARD_BUDGET * min(len(view.case.forwards), MOST_FORWARDS)
    return max(_LEAST_POST, POST_BUDGET - typed - passed_on)


def _grounds(view: CaseView, scene: Scene, t: Texts) -> list[Json]:
    if view.case.post_kind is PostKind.DIRECT_MESSAGE:
        return []
    listed = grounds_parts(scene.law, t.language).listed
    suggested = view.case.suggested
    return [suggested_ground(scene.law, suggested, t), *listed] if suggested else listed


def _who_decides(view: CaseView, t: Texts) -> Json:
    people = deciders(view.case, view.organisation)[:_MOST_DECIDERS]
    names = ", ".join(person_name(view.organisation, one, t) for one in people)
    return fact(t("case.who_decides"), names or t("case.nobody_decides"), spacing="Medium")


def _decided(view: CaseView, form: CaseForm, scene: Scene, fill: Filling) -> list[Json]:
    t = fill.t
    writing = form in {CaseForm.REVERSAL, CaseForm.POLICE} and view.right is not None
    abuse = form is CaseForm.ABUSE and view.right is not None
    budget = 500 if writing else 2000
    body = [*abuse_steps(view, scene, t), *head(view, t, *state_badges(view, t))]
    body += decision_part(view, scene, t, brief=writing)
    body += tracks_part(view, t)
    body += clock_part(view, t)
    body.append(subheading(t(f"post.title.{view.case.post_kind}")))
    body += link_part(view, t, may_open=False) if abuse else post_part(view, t, budget, lines=30)
    body += times(view, scene, t)
    body += [] if writing else [*flags_part(view, t), *unreached_part(view, t)]
    body += history_part(view, t, brief=writing)
    if view.right is None:
        return body
    return body + (form_part(view, form, scene, fill) or next_steps(view, t))
