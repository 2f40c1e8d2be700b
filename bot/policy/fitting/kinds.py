"""Fits the kinds of clause to their examples, which belong to no guideline."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.policy.askings import ASKINGS_FILE
from bot.policy.concepts import CONCEPTS_FILE, LEXICON_FILE
from bot.policy.fitting import checksum, learn, packed_of
from bot.policy.kinds import KINDS_FILE, kind_reader
from bot.policy.normalise import WORDS_FILE
from bot.policy.speller import SPELLER_FILE, Speller

EXAMPLES_FILE = KINDS_FILE.with_suffix(".jsonl")
_FEWEST = 6
_UNITS = 32
"""More signs or hidden units find no better, and clauses by the thousand are to be read in a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """How a ``rule`` of this kind is worded, or asked for. ``near``: asks for what such a rule usually leaves open. A question
    on something else altogether is of no kind."""

    kind: str | None
    text: str
    language: str
    near: bool
    rule: bool


def load_examples(path: Path = EXAMPLES_FILE) -> tuple[Example, ...]:
    """One JSON object a line: ``kind``, ``lang``, ``text`` and perhaps ``near`` or ``rule``."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return tuple(
        Example(
            kind=row["kind"],
            text=row["text"],
            language=row["lang"],
            near=row.get("near", False),
            rule=row.get("rule", False),
        )
        for row in rows
    )


def fit_kinds(examples: Sequence[Example], speller: Speller) -> bytes:
    """A near miss counts for its kind and for being one, in equal parts."""
    kinds = sorted({one.kind for one in examples if one.kind is not None})
    places = {kind: place for place, kind in enumerate(kinds)}
    none, near = len(kinds), len(kinds) + 1
    wanted: dict[tuple[str, str], set[int]] = defaultdict(set)
    for one in examples:
        wanted[one.language, one.text].add(none if one.kind is None else places[one.kind])
        if one.near:
            wanted[one.language, one.text].add(near)
    learnt = learn(wanted, len(kinds) + 2, kind_reader(speller), fewest=_FEWEST, units=_UNITS)
    return packed_of(learnt, guideline="", clauses=(), made_of=made_of_examples())


def made_of_examples() -> str:
    return checksum(EXAMPLES_FILE, LEXICON_FILE, WORDS_FILE, CONCEPTS_FILE, ASKINGS_FILE, SPELLER_FILE)
