"""What must hold for every card: Adaptive Card 1.5, within its size, and user text in plain runs only."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft6Validator

Json = dict[str, Any]
SCHEMA = Path(__file__).parents[1] / "schemas" / "adaptive-card-1.5.json"
MAX_BYTES = 25_000
_CHART = {"type", "title", "xAxisTitle", "yAxisTitle", "colorSet", "data", "fallback"}
TEAMS_ONLY = {
    "Badge": {"type", "text", "style", "appearance", "size", "fallback"},
    "Chart.HorizontalBar": _CHART,
    "Chart.VerticalBar": _CHART,
}
"""Elements that the schema doesn't know, with the properties we use; each carries a fallback that it does know."""
TEAMS_PROPERTIES = {
    "AdaptiveCard": {"msteams"},
    "Input.ChoiceSet": {"choices.data", "key"},
    "Input.Date": {"key"},
    "Input.Text": {"key"},
    "Input.Toggle": {"key"},
}
NEWER_VALUES = {("Input.ChoiceSet", "style", "filtered"): "compact"}
"""Values that version 1.5 has and its published schema forgot; old clients fall back to the value given."""


@cache
def _validator() -> Draft6Validator:
    return Draft6Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def without_teams(node: Any) -> Any:
    """The card as a client sees it that only knows 1.5."""
    if isinstance(node, list):
        return [without_teams(one) for one in node]
    if not isinstance(node, Mapping):
        return node
    kind = node.get("type")
    if kind in TEAMS_ONLY:
        assert set(node) <= TEAMS_ONLY[kind], node
        return without_teams(node["fallback"])
    own = TEAMS_PROPERTIES.get(str(kind), set())
    return {
        name: NEWER_VALUES.get((str(kind), name, str(value))) or without_teams(value)
        for name, value in node.items()
        if name not in own
    }


def problems(card: Json) -> list[str]:
    """Where the card breaks the 1.5 schema."""
    return [
        f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:200]}"
        for error in _validator().iter_errors(without_teams(card))
    ]


def size(card: Json) -> int:
    """Bytes of the card as it is sent."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())


def elements(node: Any) -> Iterator[Json]:
    """Every typed object in a card, outermost first."""
    if isinstance(node, Mapping):
        if "type" in node:
            yield dict(node)
        for value in node.values():
            yield from elements(value)
    elif isinstance(node, list):
        for value in node:
            yield from elements(value)


def strings(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every string in a card with the types and names that lead to it."""
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, Mapping):
        kind = str(node.get("type", ""))
        for name, value in node.items():
            yield from strings(value, (*path, kind, name))
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, path)


def words(card: Json) -> str:
    """All that a reader sees, in order."""
    names = ("text", "title", "value", "label", "placeholder")
    return "\n".join(
        str(one[name])
        for one in [*elements(card), *_facts(card)]
        for name in names
        if isinstance(one.get(name), str)
    )


def _facts(card: Json) -> list[Json]:
    return [fact for one in elements(card) if one["type"] == "FactSet" for fact in one["facts"]]


def inputs(card: Json) -> dict[str, Json]:
    return {one["id"]: one for one in elements(card) if one["type"].startswith("Input.")}


def buttons(card: Json) -> dict[str, Json]:
    return {one["title"]: one for one in elements(card) if one["type"] == "Action.Execute"}


def visible_buttons(card: Json) -> list[str]:
    """Titles of what stands as a button when the card is first shown, not in an overflow menu."""
    return [
        action["title"]
        for one in elements(card)
        if one["type"] == "ActionSet"
        for action in one["actions"]
        if action.get("mode") != "secondary"
    ]
