"""The lists in chat, one page at a time, each row with a button that shows the case."""

from collections.abc import Sequence
from typing import Literal

from bot.domain.grounds import Ground
from bot.domain.views import Page, Summary
from bot.turns import CardReply, Json
from cards.actions import actions, button, paging
from cards.copies import list_copy
from cards.elements import block, card, columns, container, heading, note, plain, run
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts
from cards.untrusted import first_line

_What = Literal["queue", "my_decisions", "unregistered"]
_EXCERPT = 140
_EXCERPT_BUDGET = 420
_GROUNDS = frozenset(Ground)


def queue_card(page: Page, scene: Scene) -> CardReply:
    return _list("queue", page, scene)


def my_decisions_card(page: Page, scene: Scene) -> CardReply:
    return _list("my_decisions", page, scene)


def unregistered_card(page: Page, scene: Scene) -> CardReply:
    return _list("unregistered", page, scene)


def _list(what: _What, page: Page, scene: Scene) -> CardReply:
    t = texts(scene.language)
    told = t.count(f"list.{what}.count", page.total) if page.total else t(f"list.{what}.empty")
    verb = "registration" if what == "unregistered" else "show"
    rows = [_row(row, verb, scene, t) for row in page.rows]
    body = [heading(t(f"list.{what}")), block(told), *rows, *_paging(what, page, t)]
    made = card(body, t, fallback=t("list.fallback"), full=True)
    return CardReply(card=made, summary=f"{t(f'list.{what}')}. {told}", copy_of=list_copy(what))


def _row(row: Summary, verb: str, scene: Scene, t: Texts) -> Json:
    name = Fixed(row.designation)
    tooltip = t("button.show.tooltip", designation=name)
    if row.kind == "request":
        show = button(t("button.show"), "request_item", request=row.designation, tooltip=tooltip)
    else:
        show = button(t("button.show"), verb, case=row.designation, tooltip=tooltip)
    age = t.age(row.flagged_at, scene.now)
    lines = [
        plain(run(row.designation, bold=True), run(f" · {t(f'list.kind.{row.kind}')} · {age}")),
        plain(run(name_of(row.channel), subtle=True), spacing="None"),
    ]
    if row.excerpt:
        lines.append(plain(run(_excerpt(row.excerpt)), spacing="Small"))
    lines += [note(state, spacing="Small") for state in _states(row, scene, t)]
    return container(
        [columns(("stretch", lines), ("auto", [actions(show)]))], separator=True, spacing="Medium"
    )


def _excerpt(text: str) -> str:
    """A row comes with one character more than is shown, which tells whether the post goes on."""
    more = len(text) > _EXCERPT
    line = first_line(text[:_EXCERPT], _EXCERPT_BUDGET)
    return f"{line}…" if more and not line.endswith("…") else line


def _states(row: Summary, scene: Scene, t: Texts) -> Sequence[str]:
    made: list[str] = []
    if row.status.startswith("decision."):
        made.append(t("list.decided", decision=t(row.status)))
    elif row.status:
        made.append(t(f"list.status.{row.status}"))
    elif row.suggested in _GROUNDS:
        ground = scene.law.ground(Ground(row.suggested)).name(t.language)
        made.append(t("list.suggested", ground=ground))
    return made


def _paging(what: _What, page: Page, t: Texts) -> list[Json]:
    def to(title: Fixed, number: int) -> Json:
        return button(title, "list", what=what, page=number)

    return paging(page.number, page.of, t, to)
