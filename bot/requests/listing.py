"""Lists of requests in chat: one's own, and what waits for one."""

from collections.abc import Iterable, Sequence
from typing import Literal

from bot.channels.names import channel_name
from bot.contents import opened
from bot.domain.request_views import RequestPage, RequestSummary
from bot.domain.requests import FormTexts, Request, waited_for
from bot.domain.views import Summary
from bot.domain.zone import local_day
from bot.requests.naming import names_of
from bot.requests.record import request_from
from bot.requests.registering import public_wording
from bot.requests.viewing import load_request, surroundings
from bot.services import Services
from bot.turns import CardReply
from cards.request_lists import request_list_card
from cards.scene import Scene

PAGE = 8
RequestList = Literal["my_requests", "requests"]


async def request_list(
    services: Services, what: RequestList, person: str, *, page: int, scene: Scene
) -> CardReply:
    found = await (mine(services, person) if what == "my_requests" else waiting(services, person))
    return request_list_card(what, await _page(services, found, page), scene)


async def mine(services: Services, person: str) -> list[Request]:
    """What the person has asked for, newest first; a request handed over by them is no longer theirs."""
    rows = await services.store.select(f"requests_of/{person}")
    found = [await load_request(services, row["designation"]) for row in rows]
    own = [one for one in found if one is not None and one.requester == person]
    return sorted(own, key=lambda one: one.drafted_at, reverse=True)


async def waiting(services: Services, person: str) -> list[Request]:
    """What waits for the person's opinion, decision or answer, oldest first."""
    within, day = await surroundings(services), local_day(services.clock())
    rows = await services.store.select("open_requests")
    docs = [await services.store.get("requests", row["designation"]) for row in rows]
    found: Iterable[Request] = (request_from(doc) for doc in docs if doc)
    theirs = [one for one in found if person in waited_for(one, within, day)]
    return sorted(theirs, key=lambda one: one.since)


async def _page(services: Services, found: Sequence[Request], number: int) -> RequestPage:
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, number), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    rows = [await _summary(services, one) for one in shown]
    return RequestPage(rows=tuple(rows), number=number, of=pages, total=len(found))


async def _summary(services: Services, request: Request) -> RequestSummary:
    return RequestSummary(
        designation=request.designation,
        kind=request.kind,
        status=request.status,
        awaits=request.awaits,
        about=await about(services, request),
        requester=request.requester_name,
        at=request.submitted_at or request.drafted_at,
    )


async def about(services: Services, request: Request) -> str:
    """The channel that it is about, by name; empty for a request about none."""
    channel = request.form.fact("channel")
    if channel:
        return channel_name(services, channel)
    form = await opened(services.store, request.form.texts_ref, FormTexts)
    return form.values.get("name", "") if form else ""


async def request_row(services: Services, designation: str, status: str) -> Summary | None:
    """A decided request in a list that it shares with cases."""
    request = await load_request(services, designation)
    if request is None or request.decision is None:
        return None
    return Summary(
        designation=designation,
        channel=await about(services, request) or request.administration,
        flagged_at=request.decision.at,
        kind="request",
        excerpt=public_wording(request, await names_of(services, request), services.organisation.language),
        suggested=None,
        status=status,
    )
