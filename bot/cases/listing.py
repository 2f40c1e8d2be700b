"""The lists in chat: the queue of open cases, one's own decisions, what is not yet registered."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.cases.record import case_from, waiting_since
from bot.cases.registering import is_late
from bot.channels.names import channel_name
from bot.commands import Command
from bot.contents import newest_post
from bot.domain.cases import Awaits, Case
from bot.domain.rights import may_see
from bot.domain.views import Page, Summary
from bot.requests.listing import request_row
from bot.requests.record import is_request
from bot.services import Services
from bot.turns import CardReply
from cards.lists import my_decisions_card, queue_card, unregistered_card
from cards.scene import Scene
from storage.store import Json

PAGE = 8
EXCERPT = 140


async def list_card(services: Services, what: str, person: str, *, page: int, scene: Scene) -> CardReply:
    """One page of the list by that name, as the person may see it."""
    match Command(what):
        case Command.QUEUE:
            return queue_card(await queue(services, person, page=page), scene)
        case Command.MY_DECISIONS:
            return my_decisions_card(await my_decisions(services, person, page=page), scene)
        case _:
            return unregistered_card(await unregistered(services, person, page=page), scene)


async def waiting_for(services: Services, person: str) -> list[str]:
    """The cases that wait for the person to decide, or to remove what is decided to go; oldest first."""
    rows = [row for row in await services.store.select("open_cases") if _mine(services, row, person)]
    return [row["designation"] for row in sorted(rows, key=waiting_since)]


async def waiting_items(services: Services, person: str) -> list[tuple[str, str]]:
    """The unregistered items that are the person's to register, oldest first, each with its case."""
    rows = [
        row
        for row in await services.store.select("unregistered")
        if person in services.organisation.registrars_of(row["administration"])
    ]
    rows.sort(key=lambda row: row["owed_at"])
    return [(row["item"], row["designation"]) for row in rows]


async def queue(services: Services, person: str, *, page: int) -> Page:
    """What waits for the person, oldest first."""
    names = await waiting_for(services, person)
    return await _page(
        services, person, names, page, lambda case: "removal" if case.awaits is Awaits.REMOVAL else ""
    )


async def my_decisions(services: Services, person: str, *, page: int) -> Page:
    """What the person has decided, newest first; the posts' words only as long as the person may see the case."""
    rows = await services.store.select(f"decisions/{person}")
    rows.sort(key=lambda row: row["at"], reverse=True)
    names = list(dict.fromkeys(row["designation"] for row in rows))
    return await _page(services, person, names, page, lambda case: f"decision.{case.decisions[-1].made.kind}")


async def unregistered(services: Services, person: str, *, page: int) -> Page:
    """Items that the person's administrations owe the register, oldest first; communications sees all."""
    organisation = services.organisation
    all_of_them = person in organisation.communications.members
    rows = [
        row
        for row in await services.store.select("unregistered")
        if all_of_them or person in organisation.registrars_of(row["administration"])
    ]
    rows.sort(key=lambda row: row["owed_at"])
    now = services.clock()
    late = {row["designation"] for row in rows if is_late(datetime.fromisoformat(row["owed_at"]), now)}
    names = list(dict.fromkeys(row["designation"] for row in rows))

    def how_long(designation: str) -> str:
        return "late" if designation in late else "owed"

    return await _page(
        services, person, names, page, lambda case: how_long(case.designation), request_status=how_long
    )


def _mine(services: Services, row: Json, person: str) -> bool:
    """The same rule as ``right_to_decide``, asked of the row alone so that no case need be opened."""
    organisation = services.organisation
    channel = organisation.channels.get(row["channel"])
    admins = channel.admins if channel else ()
    called = row["called"] or not admins
    return (
        person in admins
        or (person in row["assignees"] and person in organisation.people)
        or (called and person in organisation.communications.members)
    )


async def _page(
    services: Services,
    person: str,
    designations: Sequence[str],
    number: int,
    status: Callable[[Case], str],
    *,
    request_status: Callable[[str], str] = lambda designation: "",
) -> Page:
    pages = max(1, -(-len(designations) // PAGE))
    number = min(max(1, number), pages)
    shown = designations[(number - 1) * PAGE : number * PAGE]
    rows = [
        await request_row(services, designation, request_status(designation))
        if is_request(designation)
        else await _summary(services, person, designation, status)
        for designation in shown
    ]
    return Page(rows=tuple(row for row in rows if row), number=number, of=pages, total=len(designations))


async def _summary(
    services: Services, person: str, designation: str, status: Callable[[Case], str]
) -> Summary | None:
    doc = await services.store.get("cases", designation)
    if doc is None:
        return None
    case = case_from(doc)
    seen = may_see(case, person, services.organisation)
    post = await newest_post(services.store, case) if seen else None
    excerpt = " ".join(post.text.split())[: EXCERPT + 1] if post else ""
    return Summary(
        designation=designation,
        channel=channel_name(services, case.channel),
        flagged_at=case.flagged_at,
        kind=case.post_kind,
        excerpt=excerpt,
        suggested=case.suggested,
        status=status(case),
    )
