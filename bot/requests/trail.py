"""What is kept beside a request's life: where its cards got to, who opened it, what was carried out."""

from collections.abc import Sequence

from bot.beside import Step, keep
from bot.cases import owing
from bot.domain.organisation import SYSTEM
from bot.domain.requests import Opened, Request, TrailEvent, trail_of
from bot.requests.record import request_event
from bot.services import Services
from storage.store import Appended, Message


async def on_request_trail(
    services: Services,
    request: Request,
    event: TrailEvent,
    *,
    key: str,
    by: str = SYSTEM,
    owes: Sequence[Message] = (),
) -> bool:
    """``key`` says what and how manieth time, so that it is kept once; false when it was kept before."""
    step = Step(
        trail=trail_of(request.designation),
        event=request_event(event),
        key=f"{key}:{request.designation}",
        by=by,
        owes=owes,
    )
    return isinstance(await keep(services, step), Appended)


async def note_request_opened(services: Services, request: Request, by: str) -> None:
    """Whoever has opened the request has a copy of its card, and is owed what changes on it."""
    if by not in request.viewers and owing.person(by) not in request.recipients and by != request.requester:
        await on_request_trail(services, request, Opened(by=by), by=by, key=f"request_opened:{by}")
