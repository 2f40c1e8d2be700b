"""The decision document: what it says, who can have it, and how it gets into their hands."""

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from pypdf import PdfReader

from bot.requests.decision_document import decision_paper
from bot.web.serving import Runner
from tests.scenario.request_stage import a_stage, applies, request
from tests.scenario.world import Json, World, object_id, words

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
EVERYBODY = ("admin", "chef", "kommunikation", "kommunikation2", "registrator", "personal")


class OneDrive:
    """What was laid there, with the range that it was said to be."""

    def __init__(self) -> None:
        self.laid: list[tuple[str, bytes]] = []
        self.status = 201
        self.url = ""

    async def put(self, asked: web.Request) -> web.Response:
        self.laid.append((asked.headers["Content-Range"], await asked.read()))
        return web.json_response({}, status=self.status)


@pytest.fixture
async def onedrive() -> AsyncIterator[OneDrive]:
    drive, app = OneDrive(), web.Application(client_max_size=10 << 20)
    app.router.add_put("/upload", drive.put)
    runner = Runner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    drive.url = f"http://127.0.0.1:{runner.addresses[0][1]}/upload"
    yield drive
    await runner.cleanup()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive(*EVERYBODY)
        yield one


async def decided(world: World, button: str = "Godkänn") -> str:
    name = await applies(world)
    card = await world["kommunikation"].asks_for(f"visa {name}")
    await world["kommunikation"].clicks(card, "Yttra er", opinion="opposes", reason="Vi har redan nog.")
    card = await world["chef"].waits_for(name)
    await world["chef"].clicks(card, button, reason="Målgruppen finns bara där.")
    await world.settle()
    return name


async def offer(world: World, who: str, name: str) -> Json:
    card = await world[who].asks_for(f"visa {name}")
    await world[who].clicks(card, "Beslutet som PDF")
    await world.settle()
    sent = [one.activity for one in world.connector.sent if one.conversation == world[who].conversation]
    offers = [
        one["attachments"][0] for one in sent if one.get("attachments", [{}])[0].get("contentType") == CONSENT
    ]
    assert offers, "no offer came"
    found: Json = offers[-1]
    return found


def consent(world: World, who: str, context: Any, url: str, action: str = "accept") -> Json:
    value = {
        "type": "fileUpload",
        "action": action,
        "context": context,
        "uploadInfo": {
            "contentUrl": "https://example.sharepoint.com/AN.pdf",
            "name": "AN.pdf",
            "uploadUrl": url,
            "uniqueId": "u-1",
            "fileType": "pdf",
        },
    }
    return world[who].activity("invoke", name="fileConsent/invoke", value=value)


@pytest.mark.parametrize("who", ["admin", "chef", "registrator", "kommunikation"])
async def test_whoever_has_to_do_with_it_gets_the_decision_as_a_file(
    world: World, onedrive: OneDrive, who: str
) -> None:
    name = await decided(world)
    offered = await offer(world, who, name)
    assert offered["name"] == f"{name}.pdf"
    answer = await world[who].sends(consent(world, who, offered["content"]["acceptContext"], onedrive.url))
    assert (answer.status, answer.body) == (200, {})
    ((said, laid),) = onedrive.laid
    assert len(laid) == offered["content"]["sizeInBytes"]
    assert said == f"bytes 0-{len(laid) - 1}/{len(laid)}"
    assert laid.startswith(b"%PDF-")
    info = world.connector.sent[-1].activity["attachments"][0]
    assert info["contentType"] == "application/vnd.microsoft.teams.card.file.info"
    assert info["content"] == {"uniqueId": "u-1", "fileType": "pdf"}


async def test_the_document_says_what_the_law_asks_for(world: World, onedrive: OneDrive) -> None:
    name = await decided(world)
    offered = await offer(world, "registrator", name)
    context = offered["content"]["acceptContext"]
    await world["registrator"].sends(consent(world, "registrator", context, onedrive.url))
    pages = PdfReader(io.BytesIO(onedrive.laid[0][1])).pages
    text = " ".join("\n".join(page.extract_text() for page in pages).split())
    for told in (
        "Kultur- och fritidsförvaltningen",
        "Kanal i sociala medier får öppnas",
        "23 nov. 2026",
        "Förvaltningschef, förvaltningschef",
        "Föredragande",
        "Målgruppen finns bara där.",
        "Haninge ungdom",
        "avstyrker",
        "Vi har redan nog.",
        "Administratör ett",
        name,
    ):
        assert told in text, told
    assert "08-606 70 00" not in text, "contact details are no part of the decision"


async def test_the_same_decision_always_gives_the_same_bytes(world: World, onedrive: OneDrive) -> None:
    name = await decided(world, "Avslå")
    for who in ("registrator", "admin"):
        offered = await offer(world, who, name)
        await world[who].sends(consent(world, who, offered["content"]["acceptContext"], onedrive.url))
    (_, first), (_, second) = onedrive.laid
    assert first == second


async def test_nobody_else_gets_it_whatever_the_consent_says(world: World, onedrive: OneDrive) -> None:
    name = await decided(world)
    answer = await world["admin2"].sends(consent(world, "admin2", {"request": name}, onedrive.url))
    assert (answer.status, answer.body) == (200, {})
    for context in ({"request": "AN-2026-0999"}, {"request": ["x"]}, {}, "x"):
        await world["admin"].sends(consent(world, "admin", context, onedrive.url))
    await world["admin"].sends(consent(world, "admin", {"request": name}, onedrive.url, action="decline"))
    await world["admin"].sends(consent(world, "admin", {"request": name}, "http://10.0.0.1/upload"))
    await world["admin"].sends(consent(world, "admin", {"request": name}, "file:///etc/passwd"))
    assert onedrive.laid == []


async def test_an_upload_that_fails_tells_of_no_file(world: World, onedrive: OneDrive) -> None:
    name = await decided(world)
    onedrive.status = 507
    before = len(world.connector.sent)
    answer = await world["admin"].sends(consent(world, "admin", {"request": name}, onedrive.url))
    assert answer.status == 200
    assert len(world.connector.sent) == before


async def test_there_is_no_document_before_there_is_a_decision(world: World) -> None:
    name = await applies(world)
    forged = world["admin"].invoke("request_document", {"request": name})
    answer = await world["admin"].sends(forged)
    assert "Ansökan är inte avgjord än." in answer.words
    assert (await request(world, name)).decision is None
    assert "Beslutet som PDF" not in words(await world["admin"].asks_for(f"visa {name}"))


async def test_a_click_delivered_again_offers_it_once(world: World) -> None:
    name = await decided(world)
    card = await world["admin"].asks_for(f"visa {name}")
    click = world["admin"].click(card, "Beslutet som PDF")
    for _ in range(3):
        await world["admin"].sends(click)
    await world.settle()
    offers = [one for one in world.connector.sent if CONSENT in str(one.activity)]
    assert len(offers) == 1


async def test_a_document_says_that_nobody_could_give_an_opinion(world: World) -> None:
    everybody = f"{object_id('kommunikation')},{object_id('kommunikation2')}"
    name = await applies(world, admins=everybody)
    await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn", consultation="Per telefon.")
    paper = await decision_paper(world.bot.services, await request(world, name))
    assert paper is not None
    said = [line for part in paper.parts for line in part.paragraphs]
    assert "Ingen på kommunikationsenheten fick yttra sig: alla där är sökande eller nämns i ansökan." in said
    assert not [line for line in said if line.startswith("Inget yttrande kom")]


async def test_whom_a_request_is_about_sees_it_once_it_is_decided(world: World, onedrive: OneDrive) -> None:
    await world.arrive("admin2")
    name = await applies(world, kind="Ta bort en administratör")
    assert "Ansökan finns inte" in words(await world["admin2"].asks_for(f"visa {name}"))
    await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn")
    told = await world["admin2"].waits_for("Du administrerar inte längre kanalen")
    assert "Ta bort en administratör" in (await world["admin2"].clicks(told, "Visa ansökan")).words
    offered = await offer(world, "admin2", name)
    await world["admin2"].sends(consent(world, "admin2", offered["content"]["acceptContext"], onedrive.url))
    assert len(onedrive.laid) == 1
    assert "Ansökan finns inte" in words(await world["personal"].asks_for(f"visa {name}"))
