"""Requests in chat, one page at a time: one's own, and those that wait for the reader."""

from typing import Literal

from bot.domain.request_views import RequestPage, RequestSummary
from bot.turns import CardReply, Json
from cards.actions import actions, button, paging
from cards.copies import list_copy
from cards.elements import block, card, columns, container, heading, note, plain, run
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts


def request_list_card(what: Literal["my_requests", "requests"], page: RequestPage, scene: Scene) -> CardReply:
    t = texts(scene.language)
    told = t.count(f"list.{what}.count", page.total) if page.total else t(f"list.{what}.empty")
    body = [heading(t(f"list.{what}")), block(told), *(_row(row, scene, t) for row in page.rows)]
    body += _paging(what, page, t)
    body.append(actions(button(t("button.apply"), "apply")))
    made = card(body, t, fallback=t("list.fallback"), full=True)
    return CardReply(card=made, summary=f"{t(f'list.{what}')}. {told}", copy_of=list_copy(what))


def _row(row: RequestSummary, scene: Scene, t: Texts) -> Json:
    name = Fixed(row.designation)
    show = button(
        t("button.show"),
        "request_show",
        request=row.designation,
        tooltip=t("button.show.tooltip", designation=name),
    )
    kind = t(f"request.kind.{row.kind}.title")
    lines = [
        plain(run(row.designation, bold=True), run(f" · {kind} · {t.age(row.at, scene.now)}")),
        plain(
            run(" · ".join(one for one in (name_of(row.about), name_of(row.requester)) if one), subtle=True),
            spacing="None",
        ),
        note(t(f"request.status.{row.status}"), spacing="Small"),
    ]
    return container(
        [columns(("stretch", lines), ("auto", [actions(show)]))], separator=True, spacing="Medium"
    )


def _paging(what: Literal["my_requests", "requests"], page: RequestPage, t: Texts) -> list[Json]:
    def to(title: Fixed, number: int) -> Json:
        return button(title, "requests", what=what, page=number)

    return paging(page.number, page.of, t, to)
