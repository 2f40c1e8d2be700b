"""The card of one request, as one person sees it: where it stands, what it says, and what that person may do."""

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.request_views import RequestForm, RequestView
from bot.domain.requests import Refusal
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.copies import request_copy
from cards.elements import badge, badges, block, card, container, heading, plain, run
from cards.request_fields import form_read
from cards.request_forms import default_request_form, request_form_part
from cards.request_reading import read_button
from cards.request_steps import hindrance_part, leaves_out, said_parts, steps_part
from cards.request_words import STATE_STYLES, channel_said, names_in, refusal_box, refusal_said, title_of
from cards.scene import Scene
from cards.text_room import Room, fitted
from cards.texts import Fixed, Texts, texts


class RequestBanner(StrEnum):
    """Why this copy of the card was sent."""

    OPINION = "opinion"
    DECISION = "decision"
    COMPLETION = "completion"
    DECIDED = "decided"
    HANDED_OVER = "handed_over"
    HANDED_AWAY = "handed_away"
    OVERDUE = "overdue"
    UNREACHABLE = "unreachable"
    NOBODY_MAY_DECIDE = "nobody_may_decide"
    REQUESTER_GONE = "requester_gone"
    IMPOSSIBLE = "impossible"
    ADMIN_UNREACHABLE = "admin_unreachable"
    REMINDER = "reminder"
    REPEATED = "repeated"


_CALM = frozenset({RequestBanner.DECIDED, RequestBanner.REPEATED, RequestBanner.HANDED_OVER})


def request_card(
    view: RequestView,
    scene: Scene,
    *,
    form: RequestForm | None = None,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    banner: RequestBanner | None = None,
) -> CardReply:
    """``typed`` refills the form's inputs after a refusal, which is told on top and at the input it names."""
    t = texts(scene.language)
    shown = form if form is not None else default_request_form(view)
    inputs = request_form_part(view, shown, scene, t, typed or {}, refusal)
    top = [*_top(view, refusal, banner, t), heading(title_of(view, t)), _badges(view, t)]
    writing = shown is RequestForm.EDIT and bool(inputs)
    if not writing:
        top += [*_subject(view), *steps_part(view, scene, t), *hindrance_part(view, t)]

    def body(room: Room, cut: bool) -> list[Json]:
        made = [*top, *([] if writing else form_read(view, t, room)), *said_parts(view, t, room)]
        return [*made, *_way_to_all(view, t, cut or writing), *inputs]

    name = Fixed(view.request.designation)
    return CardReply(
        card=card(fitted(body), t, fallback=t("request.fallback", designation=name), full=True),
        summary=_summary(view, refusal, banner, t),
        copy_of=request_copy(view.request.designation),
    )


def _way_to_all(view: RequestView, t: Texts, lacks: bool) -> list[Json]:
    """The button to what the card has no room for; a draft is its own writer's and has it all in its inputs."""
    if view.request.submitted_at is None or not (lacks or leaves_out(view)):
        return []
    return [actions(read_button(view.request.designation, t))]


def _top(view: RequestView, refusal: Refusal | None, banner: RequestBanner | None, t: Texts) -> list[Json]:
    made = [refusal_box(refusal, t, names_in(view))] if refusal else []
    if banner:
        told = [block(t(f"request.banner.{banner}"), weight="Bolder")]
        made.append(container(told, style="accent" if banner in _CALM else "warning"))
    return made


def _badges(view: RequestView, t: Texts) -> Json:
    status = view.request.status
    return badges(badge(t(f"request.status.{status}"), style=STATE_STYLES[status]))


def _subject(view: RequestView) -> list[Json]:
    about = channel_said(view)
    return [plain(run(about, bold=True), spacing="Small")] if about else []


def _summary(view: RequestView, refusal: Refusal | None, banner: RequestBanner | None, t: Texts) -> str:
    """What the notification says: never a word of the form."""
    if refusal:
        return refusal_said(refusal, t)
    told = f"{title_of(view, t)}. {t(f'request.status.{view.request.status}')}"
    return f"{t(f'request.banner.{banner}')} {told}" if banner else told


def request_refusal_card(refusal: Refusal, scene: Scene, designation: str | None) -> CardReply:
    """A no where there is no card to show it on."""
    t = texts(scene.language)
    title = t("request.notice", designation=Fixed(designation)) if designation else t("notice.title")
    body = [heading(title), refusal_box(refusal, t)]
    body.append(actions(button(t("button.my_requests"), "requests", what="my_requests", page=1)))
    return CardReply(card=card(body, t, fallback=t("help.fallback")), summary=refusal_said(refusal, t))
