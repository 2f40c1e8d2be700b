"""All that a request says, in full and without inputs, page by page: to be read before it is decided, and after."""

from bot.domain.request_views import RequestView
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.copies import request_copy
from cards.elements import card, heading, note, plain, run
from cards.request_fields import form_read
from cards.request_steps import said_parts, steps_part
from cards.request_words import channel_said, title_of
from cards.scene import Scene
from cards.text_room import Whole, paged
from cards.texts import Fixed, Texts, texts


def read_button(designation: str, t: Texts) -> Json:
    return button(t("button.request.read"), "request_read", request=designation, page=1)


def request_reading_card(view: RequestView, number: int, scene: Scene) -> CardReply:
    t, room = texts(scene.language), Whole()
    about = channel_said(view)
    said = [plain(run(about, bold=True), spacing="Small")] if about else []
    said += [*steps_part(view, scene, t), *form_read(view, t, room), *said_parts(view, t, room, whole=True)]
    pages = paged(said)
    number = min(max(1, number), len(pages))
    title = title_of(view, t)
    body = [heading(title), *pages[number - 1], *_paging(view, number, len(pages), t)]
    name = Fixed(view.request.designation)
    return CardReply(
        card=card(body, t, fallback=t("request.fallback", designation=name), full=True),
        summary=title,
        copy_of=request_copy(view.request.designation),
    )


def _paging(view: RequestView, number: int, of: int, t: Texts) -> list[Json]:
    name = view.request.designation
    back = button(t("button.request.back"), "request_show", request=name)
    before = after = None
    if number > 1:
        before = button(t("button.previous"), "request_read", request=name, page=number - 1)
    if number < of:
        after = button(t("button.next"), "request_read", request=name, page=number + 1)
    where = [note(t("list.page", number=number, of=of), spacing="Medium")] if of > 1 else []
    return [*where, actions(before, after, back)]
