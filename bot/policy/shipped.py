"""The guideline that ships with the bot, and reading any guideline from its file."""

from pathlib import Path

from bot.policy.folder import read_folder
from bot.policy.guideline import Guideline, decode, parse

DEFAULT_GUIDELINE = Path(__file__).parent / "data" / "haninge-riktlinjer-sociala-medier.md"


def load_guideline(path: Path = DEFAULT_GUIDELINE) -> Guideline:
    """Of a folder all that is in it. Raises ``GuidelineError`` with every problem, and ``OSError`` when it can't be
    read."""
    if path.is_dir():
        return read_folder(path)
    return parse(decode(path.read_bytes(), source=path.name), source=path.name)
