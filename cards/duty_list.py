"""The yearly wheel in chat: what is due when, soonest first, each row with a button that shows the duty."""

from bot.domain.duty_views import DutyPage, DutyScope, DutySummary
from bot.turns import CardReply, Json
from cards.actions import actions, button, paging
from cards.copies import list_copy
from cards.duty_card import BADGES
from cards.elements import badge, block, card, columns, container, heading, note, plain, run
from cards.inputs import Filling
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts

_MOST_SUBJECTS = 40


def duty_list_card(page: DutyPage, scene: Scene, *, unknown: bool = False) -> CardReply:
    """``unknown``: what was asked for is no channel or administration of the reader's, so all are listed."""
    t = texts(scene.language)
    title = t(f"duties.list.{page.scope}")
    told = t.count("duties.count", page.total) if page.total else t("duties.none")
    late = (
        [block(t.count("duties.late", page.late), colour="Attention", weight="Bolder")] if page.late else []
    )
    lost = [block(t("duties.unknown"), colour="Attention")] if unknown else []
    about = [plain(run(name, bold=True)) for one, name in page.subjects if one == page.about]
    body = [heading(title), *lost, *about, block(told), *late, *(_row(row, t) for row in page.rows)]
    body += [*_paging(page, t), *_choosing(page, t)]
    others = [scope for scope in page.scopes if scope is not page.scope]
    if others:
        body.append(actions(*(_scope(one, t) for one in others), spacing="Medium"))
    made = card(body, t, fallback=t("duty.fallback"), full=True)
    return CardReply(card=made, summary=f"{title}. {told}", copy_of=list_copy("duties"))


def _choosing(page: DutyPage, t: Texts) -> list[Json]:
    """One channel or administration of those in the list."""
    if len(page.subjects) < 3:
        return []
    offered = [(name_of(name), one) for one, name in page.subjects[:_MOST_SUBJECTS]]
    fill = Filling(t=t, typed={"about": page.about}, scope="duties.input")
    show = button(t("button.duties.choose"), "duties", inputs=True, scope=page.scope, page=1)
    return [
        *fill.choice("about", [(t("duties.input.about.all"), ""), *offered], searchable=True),
        actions(show),
    ]


def _row(row: DutySummary, t: Texts) -> Json:
    show = button(t("button.show"), "duty", duty=row.duty, tooltip=t(f"duty.title.{row.kind}"))
    lines = [
        plain(run(t(f"duty.title.{row.kind}"), bold=True)),
        plain(run(name_of(row.name)), spacing="None"),
        note(t("duties.by", day=t.day(row.due)), spacing="None"),
        badge(t(f"duty.state.{row.state}"), style=BADGES[row.state]),
    ]
    return container(
        [columns(("stretch", lines), ("auto", [actions(show)]))], separator=True, spacing="Medium"
    )


def _scope(scope: DutyScope, t: Texts) -> Json:
    return button(t(f"button.duties.{scope}"), "duties", scope=scope, page=1)


def _paging(page: DutyPage, t: Texts) -> list[Json]:
    def to(title: Fixed, number: int) -> Json:
        return button(title, "duties", scope=page.scope, page=number, about=page.about)

    return paging(page.number, page.of, t, to)
