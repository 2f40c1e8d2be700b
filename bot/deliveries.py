"""What is brought to people unasked, in the bot's own words and free of any SDK.

``bot.teams.delivery`` takes owed messages from the outbox and asks the renderer what to show; the use cases
behind the renderer decide, as late as possible, so that what arrives is true when it arrives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from storage.store import Message

Json = dict[str, Any]

ADAPTIVE = "application/vnd.microsoft.card.adaptive"
MakeCard = Callable[[], Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A new card. ``summary`` is what the notification says.

    Under ``copy_of`` the sent card is remembered for this recipient, so that a later ``Update`` finds it; a
    newer card sent under the same key takes its place. ``smaller`` makes a card to try once when Teams finds
    the first one too large. ``content_type`` is another for what is no Adaptive Card: the offer of a file, whose
    ``name`` it is.
    """

    card: Json
    summary: str
    copy_of: str | None = None
    smaller: MakeCard | None = None
    content_type: str = ADAPTIVE
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Replaces the card remembered under ``copy_of``. One that Teams no longer knows is sent anew."""

    card: Json
    summary: str
    copy_of: str
    smaller: MakeCard | None = None


class Renderer(Protocol):
    """Turns an owed message into what is shown now; None when there is nothing to send any more.

    ``repeated`` is true when an earlier attempt may have arrived: the card then says so. A renderer may
    ignore it for an update, which can be repeated without harm.
    """

    async def render(self, message: Message, *, repeated: bool) -> Rendered | Update | None: ...
