"""What was handed in of a duty, for communications and for whoever opens it."""

from bot.domain.duty_views import DoneView, DutyView
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.elements import block, card, container, fact, heading, long_text
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts
from cards.untrusted import opened_host

_TEXT_BUDGET = 4000
_NAME = 200


def done_card(
    view: DutyView, done: DoneView, scene: Scene, *, link: str | None = None, repeated: bool = False
) -> CardReply:
    """``link`` is made when the reader asks for the file, and is good for minutes; "" where none can be made."""
    t = texts(scene.language)
    title = t("done.changed" if done.after_change else f"done.title.{view.duty.kind}")
    notice = [container([block(t("banner.repeated"), weight="Bolder")], style="accent")] if repeated else []
    by = name_of(done.by) or t("name.system")
    body = [
        *notice,
        heading(title),
        fact(t("done.of"), name_of(view.name)),
        fact(t("done.when"), t("duty.done", time=t.time(done.at), by=by)),
        *_texts(done, t),
        *_file(done, t),
        *_opening(view, done, link, t),
    ]
    summary = t("duty.summary", title=title, name=name_of(view.name))
    return CardReply(card=card(body, t, fallback=t("duty.fallback"), full=True), summary=summary)


def _texts(done: DoneView, t: Texts) -> list[Json]:
    made: list[Json] = []
    for name, text in done.texts:
        made.append(block(t(f"duty.input.{name}"), weight="Bolder", spacing="Medium"))
        made += long_text(text, t, _TEXT_BUDGET, lines=20, spacing="None")
    return made


def _file(done: DoneView, t: Texts) -> list[Json]:
    if not done.sha256:
        return []
    return [
        fact(t("done.file"), name_of(done.file)),
        fact(t("duty.sha256"), f"{done.sha256[:16]}…", spacing="None"),
    ]


def _opening(view: DutyView, done: DoneView, link: str | None, t: Texts) -> list[Json]:
    if not done.sha256 and not done.has_document:
        return []
    again = button(
        t("button.duty.picture" if done.sha256 else "button.duty.document"),
        "duty_file", duty=view.duty.id, number=done.number,
    )  # fmt: skip
    if link is None:
        return [actions(again)]
    host = opened_host(link)
    if not host:
        return [block(t("done.no_link"))]
    title = t("done.open", host=Fixed(host))
    return [block(t("done.link")), actions({"type": "Action.OpenUrl", "title": title, "url": link}, again)]
