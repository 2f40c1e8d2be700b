"""The registrar's card of a decided request: what the register must say (OSL 5:2), and the number to fill in."""

from collections.abc import Mapping

from bot.domain.request_views import RequestItemView
from bot.domain.requests import Refusal
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.copies import request_item_copy
from cards.elements import block, card, container, fact, folded, heading, plain, run, subheading
from cards.inputs import Filling
from cards.names import administration_name, name_of, person_name
from cards.request_reading import read_button
from cards.request_steps import leaves_out, said_parts
from cards.request_words import refusal_box, refusal_said
from cards.scene import Scene
from cards.text_room import Room, fitted
from cards.texts import Fixed, Texts, texts


def request_item_card(
    item: RequestItemView,
    scene: Scene,
    *,
    typed: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    repeated: bool = False,
) -> CardReply:
    t = texts(scene.language)
    field = frozenset({refusal.field} if refusal and refusal.field else ())
    fill = Filling(t=t, typed=typed or {}, problems=field, scope="request.input")
    name = Fixed(item.view.request.designation)
    title = t("request.item", designation=name)
    top = [refusal_box(refusal, t)] if refusal else []
    if repeated:
        top.append(container([block(t("banner.repeated"), weight="Bolder")], style="accent"))
    top.append(heading(title))

    def body(room: Room, cut: bool) -> list[Json]:
        read = [actions(read_button(name, t))] if cut or leaves_out(item.view) else []
        said = said_parts(item.view, t, room)
        return [*top, *_fields(item, t, room), *said, *read, *_closing(item, fill)]

    return CardReply(
        card=card(fitted(body), t, fallback=t("request.fallback", designation=name), full=True),
        summary=refusal_said(refusal, t) if refusal else title,
        copy_of=request_item_copy(name),
    )


def _fields(item: RequestItemView, t: Texts, room: Room) -> list[Json]:
    request, organisation = item.view.request, item.view.organisation
    made = [block(t("registration.late"), colour="Attention")] if item.late else []
    made.append(subheading(t("registration.fields")))
    if request.submitted_at:
        made.append(fact(t("registration.received"), t.time(request.submitted_at)))
    if request.registration:
        made.append(fact(t("registration.drawn_up"), t.time(request.registration.owed_at)))
        made.append(fact(t("registration.designation"), request.registration.id))
    return [
        *made,
        fact(t("registration.from"), name_of(request.requester_name) or t("name.unknown")),
        fact(t("registration.to"), name_of(organisation.name)),
        fact(t("registration.administration"), administration_name(organisation, request.administration)),
        plain(run(t("registration.public"), bold=True), spacing="Medium"),
        *room.text(item.public, t, spacing="None"),
        plain(run(t("registration.protected"), bold=True), spacing="Medium"),
        container(room.text(item.protected, t), style="emphasis", spacing="Small"),
    ]


def _closing(item: RequestItemView, fill: Filling) -> list[Json]:
    """The number that closes the item: to be filled in, or as it was."""
    t, request = fill.t, item.view.request
    show = button(t("button.request.show"), "request_show", request=request.designation)
    document = button(t("button.request.document"), "request_document", request=request.designation)
    owed = request.registration
    if owed is None:
        return [actions(show)]
    if owed.number is not None:
        made = [fact(t("registration.number"), name_of(owed.number))]
        if owed.registered_at:
            made.append(fact(t("registration.registered_at"), t.time(owed.registered_at)))
        if owed.registered_by:
            by = person_name(item.view.organisation, owed.registered_by, t)
            made.append(fact(t("registration.registered_by"), by))
        return [*made, actions(document, show), *(_correction(item, fill) if item.may_correct else [])]
    if not item.may_register:
        return [actions(document, show)]
    send = button(
        t("button.register"), "request_register", style="positive", inputs=True,
        request=request.designation, item=owed.id, seen=request.revision,
    )  # fmt: skip
    return [*fill.text("number", required=True, longest=40), actions(send, document, show)]


def _correction(item: RequestItemView, fill: Filling) -> list[Json]:
    """Folded away: a slip of the pen is rare, and the record keeps both numbers."""
    t, request = fill.t, item.view.request
    send = button(
        t("button.correct"), "request_correct", inputs=True,
        request=request.designation, item=f"{request.designation}-1", seen=request.revision,
    )  # fmt: skip
    inputs = [*fill.text("number", longest=40), actions(send)]
    return folded(t("registration.correct"), inputs, id="correct")
