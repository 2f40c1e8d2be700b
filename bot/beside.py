"""What is kept beside a case, a request, a duty or a question without changing it: where cards got to, who was told
instead, what was reminded of. Each thing takes a key, so that it is kept once, whoever sees it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.organisation import SYSTEM
from bot.services import Services
from storage.store import Appended, KeyTaken, Message, NewEvent, VersionConflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``version`` is what the step was made from; None where it holds whatever else has happened. ``at`` None: now."""

    trail: str
    event: NewEvent
    key: str
    version: int | None = None
    by: str = SYSTEM
    at: datetime | None = None
    owes: Sequence[Message] = ()


async def keep(services: Services, step: Step) -> Appended | VersionConflict | KeyTaken:
    done = await services.store.append(
        step.trail,
        [step.event],
        expected_version=step.version,
        actor=step.by,
        at=step.at or services.clock(),
        keys=(step.key,),
        owes=step.owes,
    )
    services.wake()
    return done


async def keep_up(services: Services, look: Callable[[], Awaitable[Step | None]]) -> None:
    """Looks again, and makes the step anew, for as long as something else happens meanwhile: two who can't be reached
    at the same moment are told of one after the other."""
    while (step := await look()) is not None:
        if not isinstance(await keep(services, step), VersionConflict):
            return
