"""Inputs: every one with a label and an error message, filled with what was typed before.

The clients' own checks are a courtesy; the server checks all again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from bot.domain.cases import Refusal
from bot.turns import Json
from cards.elements import block
from cards.texts import Fixed, Texts
from cards.untrusted import first_line, kept, shown

MAX_REASON = 3000
MAX_REPLY = 2000
MAX_LINE = 200
MULTILINE_BUDGET = 3400
LINE_BUDGET = 400
"""Bytes of JSON that what was typed before may take, in each input, when it is shown again."""

Choice = tuple[str, str]
"""Title and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What the inputs start with: what was typed before, and which of them a refusal or a problem is about.

    ``scope`` is where the catalogue keeps the labels.
    """

    t: Texts
    typed: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None
    problems: frozenset[str] = frozenset()
    scope: str = "input"

    def value(self, name: str, default: str = "") -> str:
        return self.typed.get(name, default)

    def mark(self, name: str) -> list[Json]:
        """The line over an input that a refusal or a problem is about."""
        key = f"{self.scope}.{name}.error" if name in self.problems else ""
        if self.refusal is not None and self.refusal.field == name:
            key = f"refusal.{self.refusal.reason}.field"
        if key not in self.t:
            return []
        return [block(self.t(key), colour="Attention", weight="Bolder", spacing="Medium")]

    def text(
        self, name: str, *, default: str = "", required: bool = False, multiline: bool = False,
        longest: int = MAX_LINE, budget: int = 0,
    ) -> list[Json]:  # fmt: skip
        made = self._input("Input.Text", name, required=required)
        made["maxLength"] = longest
        hint = f"{self.scope}.{name}.hint"
        if hint in self.t:
            made["placeholder"] = self.t(hint)
        if multiline:
            made["isMultiline"] = True
        value = self.value(name, default)
        if value.strip():
            made["value"] = kept(value, budget or (MULTILINE_BUDGET if multiline else LINE_BUDGET))
        return [*self.mark(name), made]

    def choice(
        self, name: str, choices: Sequence[Choice], *, default: str = "", required: bool = False,
        searchable: bool = False, expanded: bool = False,
    ) -> list[Json]:  # fmt: skip
        """Only choices of our own may be ``expanded``: there the clients render titles as Markdown."""
        made = self._input("Input.ChoiceSet", name, required=required)
        made["key"] = f"{name}-{crc32(''.join(value for _, value in choices).encode('utf-8', 'replace')):x}"
        made["style"] = "filtered" if searchable else "expanded" if expanded else "compact"
        made["wrap"] = True
        made["choices"] = [{"title": shown(title), "value": value} for title, value in choices]
        value = self.value(name, default)
        if value and any(value == offered for _, offered in choices):
            made["value"] = value
        if not expanded:
            made["placeholder"] = self.t("input.choose")
        return [*self.mark(name), made]

    def toggle(self, name: str, title: Fixed, *, label: Fixed | None = None) -> list[Json]:
        made = self._input("Input.Toggle", name, required=False)
        made["label"] = label or made["label"]
        made |= {"title": title, "valueOn": "true", "valueOff": "false", "wrap": True}
        made["value"] = "true" if self.value(name) == "true" else "false"
        return [*self.mark(name), made]

    def day(self, name: str, *, latest: str, default: str = "", required: bool = False) -> list[Json]:
        made = self._input("Input.Date", name, required=required)
        made["max"] = latest
        value = first_line(self.value(name, default), 20)
        if value:
            made["value"] = value
        return [*self.mark(name), made]

    def _input(self, kind: str, name: str, *, required: bool) -> Json:
        """With a ``key``: without one Teams' renderer knows an input by its place, and where a card comes with another
        line above, a drop-down offers the choices of the one that stood there before. So does one of the same name."""
        made: Json = {
            "type": kind,
            "id": name,
            "key": name,
            "label": self.t(f"{self.scope}.{name}"),
            "errorMessage": self.t(f"{self.scope}.{name}.error"),
        }
        if required:
            made["isRequired"] = True
        return made
