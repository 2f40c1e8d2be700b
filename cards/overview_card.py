"""The overview: what waits, what is late, and what was removed on which grounds."""

from datetime import date

from bot.domain.grounds import Ground
from bot.domain.overview_views import Age, Overview
from bot.turns import CardReply, Json
from cards.actions import actions, button
from cards.charts import bar_chart
from cards.elements import block, card, fact, heading, subheading
from cards.names import name_of
from cards.scene import Scene
from cards.texts import Fixed, Texts, texts

_MOST_UNITS = 5


def overview_card(view: Overview, scene: Scene) -> CardReply:
    t = texts(scene.language)
    waiting = sum(view.open_by_age.values())
    told = t.count("overview.waiting", waiting)
    body = [
        heading(t("overview.title")),
        fact(t("overview.of"), _units(view, t)),
        *_waiting(view, waiting, told, scene, t),
        *_owed(view, t),
        *_removals(view, scene, t),
        actions(button(t("button.overview"), "overview"), spacing="Medium"),
    ]
    made = card(body, t, fallback=t("overview.fallback"), full=True)
    return CardReply(card=made, summary=f"{t('overview.title')}. {told}")


def no_overview_card(scene: Scene) -> CardReply:
    """For one who is neither head nor of communications."""
    t = texts(scene.language)
    body = [heading(t("overview.title")), block(t("overview.not_yours"))]
    return CardReply(card=card(body, t, fallback=t("overview.fallback")), summary=t("overview.not_yours"))


def _units(view: Overview, t: Texts) -> str:
    names = ", ".join(name_of(one) for one in view.administrations[:_MOST_UNITS])
    return names or t("overview.all")


def _waiting(view: Overview, waiting: int, told: Fixed, scene: Scene, t: Texts) -> list[Json]:
    made = [subheading(t("overview.cases")), block(told)]
    if view.oldest:
        made.append(fact(t("overview.oldest"), t.age(view.oldest, scene.now), spacing="None"))
    if view.to_remove:
        made.append(block(t.count("overview.to_remove", view.to_remove), spacing="None"))
    if waiting:
        bars = [(t(f"overview.age.{age}"), view.open_by_age[age]) for age in Age]
        made.append(
            bar_chart(
                "Chart.HorizontalBar",
                t("overview.ages"),
                bars,
                of=t("overview.age"),
                count=t("overview.count"),
            )
        )
    return made


def _owed(view: Overview, t: Texts) -> list[Json]:
    """What is late is told in full strength."""
    made = [subheading(t("overview.owed")), block(t.count("overview.unregistered", view.unregistered))]
    made += _late(t.count("overview.unregistered.late", view.unregistered_late), view.unregistered_late)
    made.append(block(t.count("overview.duties", view.duties_due)))
    made += _late(t.count("duties.late", view.duties_late), view.duties_late)
    made.append(block(t.count("overview.requests", view.requests)))
    return made


def _late(told: Fixed, count: int) -> list[Json]:
    return [block(told, colour="Attention", weight="Bolder", spacing="None")] if count else []


def _removals(view: Overview, scene: Scene, t: Texts) -> list[Json]:
    made = [subheading(t("overview.removals"))]
    total = sum(view.removals_by_month.values())
    if not total:
        return [*made, block(t("overview.removals.none"))]
    grounds = [(_ground(one, scene, t), count) for one, count in view.removals_by_ground.items()]
    months = [
        (t.month(date.fromisoformat(f"{one}-01")), count) for one, count in view.removals_by_month.items()
    ]
    count = t("overview.count")
    return [
        *made,
        block(t.count("overview.removals.count", total)),
        bar_chart(
            "Chart.HorizontalBar", t("overview.by_ground"), grounds, of=t("overview.ground"), count=count
        ),
        bar_chart("Chart.VerticalBar", t("overview.by_month"), months, of=t("overview.month"), count=count),
    ]


def _ground(code: str, scene: Scene, t: Texts) -> Fixed:
    """From the law file, which is ours."""
    return Fixed(scene.law.ground(Ground(code)).name(t.language)) if code else t("overview.no_ground")
