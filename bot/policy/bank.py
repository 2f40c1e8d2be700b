"""The question bank: how people put questions, each with the clause that answers it or none.

One JSON object a line: ``question``, ``lang`` and either ``passage`` with ``words`` (a piece of the clause, so that a
line speaks only of a guideline that has those words) or ``passage: null``, with ``missing`` when it asks for
something the guideline lacks. Communications' accepted answers are added as such lines.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.policy.askings import Missing
from bot.policy.guideline import Guideline
from bot.policy.normalise import LANGUAGES
from bot.policy.passages import Clause

BANK_FILE = Path(__file__).parent / "data" / "bank.jsonl"


class BankError(ValueError):
    """The bank can't be read; the message names every bad line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrasing:
    """``passage`` None: the guideline doesn't answer this one."""

    question: str
    language: str
    passage: str | None
    words: str = ""
    missing: Missing | None = None


def load_bank(path: Path = BANK_FILE) -> tuple[Phrasing, ...]:
    phrasings: list[Phrasing] = []
    problems: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            phrasings.append(_phrasing(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(f"{path.name}:{number}: {type(error).__name__}: {error}")
    if problems:
        raise BankError("\n".join(problems))
    return tuple(phrasings)


def _phrasing(row: dict[str, str | None]) -> Phrasing:
    question, language, passage = row["question"], row["lang"], row["passage"]
    if not question or language not in LANGUAGES:
        raise ValueError("a question and a language (sv or en) are needed")
    missing = row.get("missing")
    return Phrasing(
        question=question,
        language=language,
        passage=passage,
        words=row.get("words") or "",
        missing=Missing(missing) if missing else None,
    )


def answered_by(phrasing: Phrasing, clauses: Sequence[Clause], guideline: Guideline) -> int | None:
    """The place of the phrasing's clause among ``clauses``; None if this guideline doesn't have it."""
    for place, clause in enumerate(clauses):
        if (
            clause.passage.id == phrasing.passage
            and phrasing.words in guideline.text[clause.start : clause.end]
        ):
            return place
    return None
