"""The guideline that ships with the bot, and reading any guideline from its file."""

from pathlib import Path

from bot.policy.guideline import Guideline, decode, parse

DEFAULT_GUIDELINE = Path(__file__).parent / "data" / "haninge-riktlinjer-sociala-medier.md"


def load_guideline(path: Path = DEFAULT_GUIDELINE) -> Guideline:
    """Raises ``GuidelineError`` with every problem of the file, and ``OSError`` when it can't be read."""
    return parse(decode(path.read_bytes(), source=path.name), source=path.name)
