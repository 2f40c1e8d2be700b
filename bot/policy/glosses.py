"""English glosses of the shipped guideline's clauses: unofficial, beside the Swedish quote, never instead of it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.policy.guideline import Guideline

GLOSSES_FILE = Path(__file__).parent / "data" / "glosses.en.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss:
    """``start``: where in the guideline the glossed words stand."""

    passage: str
    start: int
    text: str


def load_glosses(guideline: Guideline, path: Path = GLOSSES_FILE) -> tuple[Gloss, ...]:
    """The glosses whose words this guideline has, in the guideline's order."""
    found: list[Gloss] = []
    for entry in _entries(path):
        passage = guideline.passage(entry["passage"])
        if passage is None:
            continue
        start = guideline.text.find(entry["words"], passage.start, passage.end)
        if start >= 0:
            found.append(Gloss(passage=passage.id, start=start, text=entry["text"]))
    return tuple(sorted(found, key=lambda gloss: gloss.start))


@cache
def _entries(path: Path) -> tuple[dict[str, str], ...]:
    """Read once: a card of an older version asks anew."""
    return tuple(tomllib.loads(path.read_text(encoding="utf-8"))["gloss"])


def gloss_between(glosses: tuple[Gloss, ...], start: int, end: int) -> str | None:
    """What is glossed from ``start`` to ``end``, in one text."""
    texts = [gloss.text for gloss in glosses if start <= gloss.start < end]
    return " ".join(texts) or None
