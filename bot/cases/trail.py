"""What is kept beside a case's life: who opened it, who first acted on it, and what was refused."""

import logging
from collections.abc import Sequence
from datetime import datetime

from bot.beside import Step, keep
from bot.cases import owing
from bot.cases.record import store_form
from bot.domain.cases import Case, Opened, Reason, Refusal, Touched, TrailEvent, trail_of
from bot.domain.requests import Reason as RequestReason
from bot.services import Services
from storage.store import Message, NewEvent

log = logging.getLogger(__name__)


async def record_refusal(services: Services, refusal: Refusal, *, verb: str, subject: str, by: str) -> None:
    """Keeps, without texts, that somebody asked for what our cards don't offer or they may not do."""
    await record_refused(services, refusal.reason, verb=verb, subject=subject, by=by)


async def record_refused(
    services: Services, reason: Reason | RequestReason, *, verb: str, subject: str, by: str
) -> None:
    """The same for the reasons of cases and of requests."""
    services.measures.refused(reason)
    log.info("a command was refused", extra={"reason": str(reason), "actor": by})
    await services.store.append(
        "refusals",
        [NewEvent(kind="refused", data={"reason": reason, "verb": verb, "subject": subject})],
        expected_version=None,
        actor=by,
        at=services.clock(),
    )


async def touch(services: Services, case: Case, by: str) -> None:
    """Keeps when somebody entitled first acted on or opened the case: from then on the law's clock runs."""
    if case.touched_at is None:
        await _keep(services, case, Touched(by=by), by=by, key=f"touched:{case.round}:{case.designation}")


async def note_opened(services: Services, case: Case, by: str) -> None:
    """Whoever has opened the case has a copy of its card, and is owed what changes on it."""
    if by not in case.viewers and owing.person(by) not in case.recipients:
        await _keep(services, case, Opened(by=by), by=by, key=f"opened:{case.designation}:{by}")


async def _keep(services: Services, case: Case, event: TrailEvent, *, by: str, key: str) -> None:
    step = Step(trail=trail_of(case.designation), event=store_form(event), key=key, by=by)
    await keep(services, step)


async def on_trail(
    services: Services,
    case: Case,
    event: TrailEvent,
    *,
    at: datetime,
    key: str,
    owes: Sequence[Message] = (),
) -> None:
    """Something happened by itself; ``key`` says what and how manieth time, so that it is kept once."""
    step = Step(
        trail=trail_of(case.designation),
        event=store_form(event),
        key=f"{key}:{case.designation}",
        at=at,
        owes=owes,
    )
    await keep(services, step)
