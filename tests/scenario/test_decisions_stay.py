"""A decision reads the same whatever happens afterwards, and says which channel it is about."""

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader

from bot.documents.typesetting import typeset
from bot.requests.decision_document import decision_paper
from tests.scenario.program import app
from tests.scenario.request_stage import a_stage, applies, organisation_file, request
from tests.scenario.world import World, a_world, object_id, words

CHANNEL = "Haninges bibliotek på Facebook"
WHO = ("admin", "chef", "kommunikation", "registrator", "stallforetradare")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive(*WHO)
        yield one


async def approved(world: World, kind: str, **changes: str) -> str:
    name = await applies(world, kind=kind, **changes)
    if kind == "Avsluta en kanal":
        await world.later(days=9)
        typed = {"consultation": "Per telefon."}
    else:
        typed = {}
    await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn", **typed)
    await world.settle()
    assert (await request(world, name)).decision is not None
    return name


async def document(world: World, name: str) -> bytes:
    paper = await decision_paper(world.bot.services, await request(world, name))
    assert paper is not None
    return await typeset(paper)


def text_of(document: bytes) -> str:
    pages = PdfReader(io.BytesIO(document)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def rename_everybody(path: Path) -> None:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    told["name"] = "Annan kommun"
    for one in (*told["people"], *told["administrations"]):
        one["name"] += " omdöpt"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")


@pytest.mark.parametrize("kind", ["Utse en administratör", "Avsluta en kanal"])
async def test_document_and_cards_name_the_channel_after_it_is_closed(world: World, kind: str) -> None:
    name = await approved(world, kind)
    before = await document(world, name)
    if kind != "Avsluta en kanal":
        await approved(world, "Avsluta en kanal")
    assert CHANNEL not in words(await world["chef"].asks_for("kanaler"))
    assert await document(world, name) == before
    assert CHANNEL in text_of(before)
    for who in ("admin", "chef", "registrator"):
        shown = words(await world[who].asks_for(f"visa {name}"))
        assert CHANNEL in shown, who
        assert "facebook-biblioteken" not in shown, who


async def test_a_case_of_a_closed_channel_goes_by_the_channels_name(world: World) -> None:
    case = await world.flag(channel="facebook-biblioteken")
    await world.settle()
    await approved(world, "Avsluta en kanal")
    for shown in (f"visa {case}", "kö"):
        card = words(await world["kommunikation"].asks_for(shown))
        assert CHANNEL in card
        assert "facebook-biblioteken" not in card


async def test_a_document_keeps_the_names_that_held_when_it_was_decided(tmp_path: Path) -> None:
    path = Path(organisation_file(tmp_path))
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(path)) as world:
        await world.arrive(*WHO)
        name = await approved(world, "Utse en administratör")
        before = await document(world, name)
    rename_everybody(path)
    async with a_world(tmp_path / "data", ORGANISATION_FILE=str(path)) as world:
        assert "omdöpt" in world.bot.services.organisation.person(object_id("personal")).name
        assert await document(world, name) == before
        assert "omdöpt" not in text_of(before)


@pytest.mark.parametrize(
    ("kind", "channel", "platform"),
    [
        ("Utse en administratör", CHANNEL, "Facebook"),
        ("Avsluta en kanal", CHANNEL, "Facebook"),
        ("Öppna en kanal", "Haninge ungdom", "TikTok"),
    ],
)
async def test_the_registrar_is_told_which_channel_it_is_about(
    world: World, tmp_path: Path, kind: str, channel: str, platform: str
) -> None:
    if kind == "Öppna en kanal":
        name = await applies(world)
        card = await world["kommunikation"].waits_for(name)
        await world["kommunikation"].clicks(card, "Yttra er", opinion="supports", reason="Ja")
        await world["chef"].clicks(await world["chef"].waits_for(name), "Godkänn")
        await world.settle()
    else:
        name = await approved(world, kind)
    card = await world["registrator"].waits_for(f"Beslut att diarieföra: {name}")
    assert f"{channel}, {platform}" in words(card)
    assert f"Plattform: {platform}" in words(card)
    text = text_of(await document(world, name))
    assert channel in text
    assert f"Plattform: {platform}" in text
    organisation = str(tmp_path / "organisation.yaml")
    storage = f"tinydb:{tmp_path / 'data'}"
    out = tmp_path / "out"
    environ = {"STORAGE_URL": storage, "ORGANISATION_FILE": organisation}
    ended = await app("export", str(out), environ=environ)
    assert ended.code == 0, ended.err
    (row,) = [json.loads(line) for line in (out / "registrations.jsonl").read_text().splitlines()]
    assert f"{channel}, {platform}" in row["public"]
    assert f"Plattform: {platform}" in row["protected"]
    assert "Administratör ett" not in row["public"]


async def test_the_guidelines_emphasis_is_set_and_not_printed(world: World) -> None:
    text = text_of(await document(world, await approved(world, "Sociala medier på arbetstid")))
    assert "se Riktlinjer för elektronisk kommunikation." in text
    assert "*" not in text
