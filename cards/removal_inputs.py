"""The inputs of a removal: ground, obvious offence, law, reason and police report."""

from dataclasses import dataclass

from bot.domain.cases import PoliceReport
from bot.domain.grounds import Ground
from bot.policy.grounds import Law
from bot.turns import Json
from cards.elements import folded
from cards.grounds_list import grounds_parts
from cards.inputs import MAX_REASON, Choice, Filling
from cards.scene import Scene

_POLICE_FIELDS = frozenset({"police", "police_reference", "police_date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blank:
    """Inputs with nothing typed: the same on every card of the day. Shared between cards, never changed."""

    law: Law
    today: str
    inputs: list[Json]


_blank: dict[tuple[int, str, Ground | None], _Blank] = {}


def removal_inputs(suggested: Ground | None, scene: Scene, fill: Filling) -> list[Json]:
    """Made anew only where something was typed or refused: most cards are shown to be filled in."""
    if fill.typed or fill.refusal:
        return _made(suggested, scene, fill)
    key = (id(scene.law), fill.t.language, suggested)
    found = _blank.get(key)
    if found is None or found.law is not scene.law or found.today != scene.today:
        inputs = _made(suggested, scene, fill)
        found = _blank[key] = _Blank(law=scene.law, today=scene.today, inputs=inputs)
    return found.inputs


def _made(suggested: Ground | None, scene: Scene, fill: Filling) -> list[Json]:
    return [
        *ground_inputs(suggested, scene, fill, required=True),
        *fill.text("reason", required=True, multiline=True, longest=MAX_REASON),
        *_police_inputs(scene, fill),
    ]


def ground_inputs(suggested: Ground | None, scene: Scene, fill: Filling, *, required: bool) -> list[Json]:
    parts = grounds_parts(scene.law, fill.t.language)
    return [
        *fill.choice("ground", parts.choices, default=suggested or "", required=required),
        *fill.toggle("obvious", fill.t("input.obvious.title")),
        parts.obvious_note,
        *fill.text("law"),
    ]


def _police_inputs(scene: Scene, fill: Filling) -> list[Json]:
    """Reference and date are folded away until they are needed: most removals are no matter for the police."""
    t = fill.t
    choices: list[Choice] = [(t(f"police.{one}"), one) for one in PoliceReport]
    given = fill.value("police") == PoliceReport.REPORTED
    refused = fill.refusal is not None and fill.refusal.field in _POLICE_FIELDS
    details = [*fill.text("police_reference"), *fill.day("police_date", latest=scene.today)]
    title, box = folded(t("police.details"), details, id="police_details")
    if given or refused:
        box.pop("isVisible", None)
    return [*fill.choice("police", choices, default=PoliceReport.NOT_ASSESSED), title, box]
