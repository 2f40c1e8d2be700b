"""A municipality where requests are made: two administrations with a head and two deputies, and who asks for what."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.domain.requests import Request, Verdict
from bot.requests.desk import RequestDesk, RequestDone
from bot.requests.viewing import load_request
from bot.settings import SHIPPED_ORGANISATION
from bot.turns import Sender
from cards.request_payload import DecidingRequest
from tests.scenario.world import PEOPLE, Clock, Json, World, a_world, object_id

PEOPLE |= {"stranger": 77, "stallforetradare": 7, "stallforetradare2": 8, "kommunikation2": 9, "chef2": 10}

OPEN: dict[str, str] = {
    "platform": "tiktok",
    "name": "Haninge ungdom",
    "address": "https://www.tiktok.com/@haningeungdom",
    "purpose": "Nå unga där de är",
    "target_group": "13 till 19 år",
    "why_not_existing": "De använder inte Facebook",
    "admins": object_id("personal"),
    "contact": "08-606 70 00, ungdom@haninge.se",
    "staffing": "Två personer, vardagar",
    "terms_read": "true",
    "administration": "kultur-och-fritidsforvaltningen",
}
CLOSE = {"channel": "facebook-biblioteken", "why": "Ingen besöker den"}
APPOINT = {
    "channel": "facebook-biblioteken",
    "admins": object_id("personal"),
    "contact": "08-606 70 01",
    "staffing": "Vardagar",
    "terms_read": "true",
}
REMOVE = {"channel": "facebook-biblioteken", "admins": object_id("admin2"), "why": "Har slutat"}
RULE = {
    "administration": "kultur-och-fritidsforvaltningen",
    "rule": "Privat bruk på rasten, tjänstebruk när uppdraget kräver det.",
    "why": "Många frågar",
}
FORMS = {
    "Öppna en kanal": OPEN,
    "Avsluta en kanal": CLOSE,
    "Utse en administratör": APPOINT,
    "Ta bort en administratör": REMOVE,
    "Sociala medier på arbetstid": RULE,
}


def organisation_file(
    folder: Path, *, cards_to: str | None = None, advisers: Sequence[str] = (), **changes: Any
) -> str:
    """The demonstration's file with deputies and a second communicator; ``changes`` are of the second administration,
    ``cards_to`` is where communications have their cards, ``advisers`` are who they are instead."""
    told = yaml.safe_load(SHIPPED_ORGANISATION.read_text(encoding="utf-8"))
    told["people"] += [
        {"id": object_id("stallforetradare"), "name": "Ställföreträdare ett"},
        {"id": object_id("stallforetradare2"), "name": "Ställföreträdare två"},
        {"id": object_id("kommunikation2"), "name": "Kommunikatör två"},
        {"id": object_id("chef2"), "name": "Förvaltningschef två"},
    ]
    told["administrations"][0]["head"] = object_id("chef2")
    deputies = [object_id("stallforetradare"), object_id("stallforetradare2")]
    told["administrations"][1] |= {"deputies": deputies, **changes}
    told["communications"]["members"].append(object_id("kommunikation2"))
    if advisers:
        told["communications"]["members"] = [object_id(one) for one in advisers]
    if cards_to is not None:
        told["communications"]["cards_to"] = cards_to
    path = folder / "organisation.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    return str(path)


@asynccontextmanager
async def a_stage(
    folder: Path,
    *,
    clock: Clock | None = None,
    storage: str | None = None,
    graph: str | None = None,
    **changes: Any,
) -> AsyncIterator[World]:
    """``storage`` and ``graph`` are addresses; the stranger is nobody that the file names."""
    environ: dict[str, Any] = {"ORGANISATION_FILE": organisation_file(folder, **changes)}
    if graph is not None:
        environ["GRAPH_URL"] = graph
    if storage is not None:
        environ["STORAGE_URL"] = storage
    async with a_world(folder / "data", clock=clock, **environ) as world:
        yield world


async def form(world: World, who: str, kind: str) -> Json:
    chosen = await world[who].clicks(await world[who].asks_for("ansök"), kind)
    return chosen.card


async def applies(world: World, who: str = "admin", kind: str = "Öppna en kanal", **changes: str) -> str:
    """Sends the form in; the designation of the request it makes."""
    answer = await world[who].clicks(await form(world, who, kind), "Skicka in", **{**FORMS[kind], **changes})
    assert "Utkast" not in answer.words
    await world.settle()
    doc = await world.bot.services.store.get("request_counters", "2026")
    assert doc is not None, answer.words
    return f"AN-2026-{doc['last']:04d}"


async def request(world: World, designation: str) -> Request:
    found = await load_request(world.bot.services, designation)
    assert found is not None
    return found


async def decided_only(world: World, name: str) -> None:
    """Approved by the head and on record, and nothing of what follows is carried out: as if the bot died there."""
    seen = (await request(world, name)).version
    wish = DecidingRequest(verb="request_decide", request=name, version=seen, verdict=Verdict.APPROVED)
    head = Sender(object_id=object_id("chef"), user="29:chef", name="Förvaltningschef")
    done = await RequestDesk(world.bot.services).carry_out(wish, by=head, activity=None)
    assert isinstance(done, RequestDone)
    assert (await request(world, name)).effects_left


async def kinds(world: World, designation: str) -> list[str]:
    store = world.bot.services.store
    events = [*await store.load(designation), *await store.load(f"{designation}/trail")]
    return [event.kind for event in sorted(events, key=lambda one: one.seq)]
