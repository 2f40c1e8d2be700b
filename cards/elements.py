"""The pieces that cards are made of, as Adaptive Card 1.5 JSON.

Own builders, because the open case's card must cost less than 250 µs: the typed models of microsoft-teams-cards
took more than that for a card half its size, and accept misspelt properties. What keeps texts in their place here is the type:
an element whose text Teams renders as Markdown takes ``Fixed`` only; what people wrote goes into ``run``,
the one place where untrusted text enters a card.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from bot.turns import Json
from cards.texts import Fixed, Texts
from cards.untrusted import cut, first_line, shown

SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
Spacing = Literal["None", "Small", "Default", "Medium", "Large", "ExtraLarge", "Padding"]
Style = Literal["default", "emphasis", "good", "attention", "warning", "accent"]
_COLUMNS_BUDGET = 300
_EMPHASIS = re.compile(r"(?<!\*)(\*{1,3})(?![\s*])([^*\n]+?)(?<!\s)\1(?!\*)")

Colour = Literal["Default", "Accent", "Good", "Warning", "Attention"]
BadgeStyle = Literal["Default", "Subtle", "Informative", "Accent", "Good", "Attention", "Warning"]


def run(
    text: str, *, bold: bool = False, italic: bool = False, subtle: bool = False, small: bool = False
) -> Json:
    """Plain text, whoever wrote it: no Markdown, no ``<at>``, no ``{{...}}``, no hidden controls."""
    made: Json = {"type": "TextRun", "text": shown(text)}
    if bold:
        made["weight"] = "Bolder"
    if italic:
        made["italic"] = True
    if subtle:
        made["isSubtle"] = True
    if small:
        made["size"] = "Small"
    return made


def plain(*runs: Json, spacing: Spacing | None = None, id: str | None = None, visible: bool = True) -> Json:
    """One paragraph of runs."""
    return _optional(
        {"type": "RichTextBlock", "inlines": list(runs)}, spacing=spacing, id=id, visible=visible
    )


def note(text: str, *, spacing: Spacing | None = None) -> Json:
    """A small subtle remark, plain."""
    return plain(run(text, subtle=True, small=True), spacing=spacing)


def fact(label: Fixed, *values: str, spacing: Spacing = "Small") -> Json:
    """A label and what it says, in one line that wraps."""
    title: Json = {"type": "TextRun", "text": f"{label}: ", "weight": "Bolder"}
    return plain(title, *(run(value) for value in values), spacing=spacing)


def block(
    text: Fixed, *, weight: str | None = None, size: str | None = None, subtle: bool = False,
    spacing: Spacing | None = None, colour: Colour | None = None, id: str | None = None, visible: bool = True,
) -> Json:  # fmt: skip
    """A text of our own."""
    made: Json = {"type": "TextBlock", "text": text, "wrap": True}
    if weight:
        made["weight"] = weight
    if size:
        made["size"] = size
    if subtle:
        made["isSubtle"] = True
    if colour:
        made["color"] = colour
    return _optional(made, spacing=spacing, id=id, visible=visible)


def heading(text: Fixed, *, spacing: Spacing | None = None) -> Json:
    """The card's title, announced as a heading by screen readers."""
    made: Json = {"type": "TextBlock", "text": text, "wrap": True, "style": "heading", "size": "Large"}
    made["weight"] = "Bolder"
    return _optional(made, spacing=spacing)


def subheading(text: Fixed, *, spacing: Spacing = "Medium") -> Json:
    made: Json = {"type": "TextBlock", "text": text, "wrap": True, "style": "heading", "weight": "Bolder"}
    return _optional(made, spacing=spacing)


def container(
    items: Sequence[Json], *, style: Style | None = None, spacing: Spacing | None = None,
    id: str | None = None, visible: bool = True, separator: bool = False, select: Json | None = None,
) -> Json:  # fmt: skip
    made: Json = {"type": "Container", "items": list(items)}
    if style:
        made["style"] = style
    if separator:
        made["separator"] = True
    if select:
        made["selectAction"] = select
    return _optional(made, spacing=spacing, id=id, visible=visible)


def columns(*made: tuple[Literal["auto", "stretch"], Sequence[Json]], spacing: Spacing | None = None) -> Json:
    """Columns beside each other, each with its width."""
    parts = [{"type": "Column", "width": width, "items": list(items)} for width, items in made]
    for part in parts:
        part["verticalContentAlignment"] = "Center"
    return _optional({"type": "ColumnSet", "columns": parts}, spacing=spacing)


def facts(rows: Sequence[tuple[Fixed, Fixed]]) -> Json:
    """A table of our own words and times; its values are Markdown, so nothing that others wrote."""
    return {"type": "FactSet", "facts": [{"title": title, "value": value} for title, value in rows]}


_STATES = frozenset({"Good", "Warning", "Attention"})
"""Told in full strength where there is no Badge; a text in the colours themselves is too pale on white."""


def badge(text: Fixed, *, style: BadgeStyle = "Informative") -> Json:
    """Teams' own Badge, with a TextBlock for clients that don't know it."""
    fallback = block(text, weight="Bolder", size="Small", subtle=style not in _STATES)
    made: Json = {"type": "Badge", "text": text, "style": style, "appearance": "Tint", "size": "Medium"}
    made["fallback"] = fallback
    return made


def badges(*made: Json) -> Json:
    return columns(*(("auto", [one]) for one in made), ("stretch", []), spacing="Small")


def folded(title: Fixed, items: Sequence[Json], *, id: str) -> list[Json]:
    """A row that opens and closes what stands under it."""
    toggle: Json = {"type": "Action.ToggleVisibility", "title": title, "targetElements": [id]}
    row = container([block(title, colour="Accent", weight="Bolder")], select=toggle, spacing="Medium")
    return [row, container(items, id=id, visible=False, spacing="Small")]


def long_text(
    text: str,
    t: Texts,
    budget: int,
    *,
    lines: int = 60,
    spacing: Spacing | None = None,
    told: str = "cut.note",
) -> list[Json]:
    """Text by others within its share of the card's bytes; where it had to be cut ``told`` says so."""
    part, more = cut(text, budget, lines=lines)
    if not more:
        return [plain(whole_text(part), spacing=spacing)]
    how = t.count(told, len(text))
    return [plain(whole_text(f"{part} …"), spacing=spacing), note(how, spacing="Small")]


def whole_text(text: str) -> Json:
    """What ``cut`` and ``parts`` return has been through ``shown`` already, and may be long."""
    return {"type": "TextRun", "text": text}


def card(body: Sequence[Json], t: Texts, *, fallback: Fixed, full: bool = False) -> Json:
    """The whole card. ``fallback`` is said by clients too old for version 1.5; ``full`` takes the chat's width."""
    made: Json = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": "1.5",
        "lang": t.language,
        "fallbackText": fallback,
        "speak": fallback,
        "body": list(body),
    }
    if full:
        made["msteams"] = {"width": "Full"}
    return made


def _optional(made: Json, *, spacing: str | None = None, id: str | None = None, visible: bool = True) -> Json:
    if spacing:
        made["spacing"] = spacing
    if id:
        made["id"] = id
    if not visible:
        made["isVisible"] = False
    return made


def emphasised(text: str) -> Iterator[Json]:
    """The guideline's words as they are, with its ``*emphasis*``, or ``**stronger**``, in italics."""
    return (run(words, italic=stressed) for words, stressed in spans(text))


def column_names(names: str) -> list[Json]:
    """Above the row of a table that is quoted, whose cells say little without them."""
    if not names:
        return []
    return [plain(run(first_line(names, _COLUMNS_BUDGET), bold=True, small=True), spacing="Small")]


def spans(text: str) -> Iterator[tuple[str, bool]]:
    """The guideline's words in pieces without its marks, each with whether they stood around it."""
    place = 0
    for found in _EMPHASIS.finditer(text):
        if found.start() > place:
            yield text[place : found.start()], False
        yield found[2], True
        place = found.end()
    if place < len(text):
        yield text[place:], False
