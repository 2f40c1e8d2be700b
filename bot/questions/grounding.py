"""Where a model may have a part in an answer, and what stands there as long as the settings name none: nothing at all.

``bot.questions.grounding_desk`` asks one, which takes word lists, patterns and a library of a half a second to load.
"""

from dataclasses import dataclass
from typing import Protocol

from bot.policy.answering import Answer
from bot.turns import Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """``by_model``: it had a part in what is shown. ``lead`` is its sentence above the quote, if any."""

    answer: Answer
    by_model: bool = False
    lead: str = ""


class Grounding(Protocol):
    """``key`` is the answer's id, ``question`` as it was understood, ``offline`` the bot's own answer to it."""

    async def shown(self, key: str, question: str, offline: Answer, sender: Sender) -> Shown: ...

    async def again(self, key: str, question: str, offline: Answer) -> Shown:
        """What was shown under that id, for a click on its card."""
        ...


class Ungrounded:
    """Nobody is asked and nothing is looked up."""

    async def shown(self, key: str, question: str, offline: Answer, sender: Sender) -> Shown:
        return Shown(answer=offline)

    async def again(self, key: str, question: str, offline: Answer) -> Shown:
        return Shown(answer=offline)
