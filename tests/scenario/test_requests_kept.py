"""Requests outside chat: verified, exported word for word, and the same on files and in a database."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.projecting import project
from storage.moving import migrate
from storage.opening import open_record, open_store
from storage.store import Event
from tests.postgres import Postgres
from tests.scenario.program import app
from tests.scenario.request_stage import OPEN, a_stage, applies, kinds, organisation_file
from tests.scenario.world import MONDAY, World, a_world, words

EVERYBODY = ("admin", "chef", "kommunikation", "kommunikation2", "registrator", "personal")
TABLES = ("requests", "open_requests", "owed_effects", "request_counters", "unregistered", "channels")


async def a_life(world: World) -> str:
    """Asked, advised, asked for more, completed, commented, approved and registered; and one that was withdrawn."""
    await world.arrive(*EVERYBODY)
    gone = await applies(world, kind="Sociala medier på arbetstid")
    form = await world["admin"].clicks(await world["admin"].asks_for(f"visa {gone}"), "Återkalla…")
    await world["admin"].clicks(form.card, "Återkalla ansökan", note="Ångrade mig")
    name = await applies(world)
    card = await world["kommunikation"].asks_for(f"visa {name}")
    await world["kommunikation"].clicks(card, "Yttra er", opinion="supports", reason="Tillstyrks gärna")
    card = await world["chef"].asks_for(f"visa {name}")
    form = await world["chef"].clicks(card, "Begär komplettering")
    await world["chef"].clicks(form.card, "Begär komplettering", questions="Vilka tider?")
    card = await world["admin"].asks_for(f"visa {name}")
    await world["admin"].clicks(card, "Skicka kompletteringen", **{**OPEN, "note": "Alla vardagar"})
    form = await world["chef"].clicks(await world["chef"].asks_for(f"visa {name}"), "Kommentera…")
    await world["chef"].clicks(form.card, "Kommentera", comment="Ser bra ut")
    await world["chef"].clicks(
        await world["chef"].asks_for(f"visa {name}"),
        "Godkänn",
        reason="Bra för de unga",
        consultation="Vi talades vid.",
    )
    item = await world["registrator"].waits_for(f"Beslut att diarieföra: {name}")
    await world["registrator"].clicks(item, "Spara diarienumret", number="KFN 2026/19")
    await world.settle()
    return name


def rows(directory: Path, table: str) -> list[dict[str, Any]]:
    text = (directory / f"{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


async def test_everything_that_was_said_of_a_request_is_exported_and_the_chain_holds(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        name = await a_life(world)
    environ = {
        "STORAGE_URL": f"tinydb:{tmp_path / 'data'}",
        "ORGANISATION_FILE": str(tmp_path / "organisation.yaml"),
    }
    assert (await app("verify", environ=environ)).code == 0
    out = tmp_path / "out"
    ended = await app("export", str(out), environ=environ)
    assert ended.code == 0, ended.err
    gone, asked = rows(out, "requests")
    assert (gone["status"], asked["status"], asked["designation"]) == ("withdrawn", "approved", name)
    assert asked["contact"] == OPEN["contact"]
    assert f"purpose: {OPEN['purpose']}" in asked["texts"]
    assert [(one["kind"], one["reason"]) for one in rows(out, "opinions")] == [
        ("supports", "Tillstyrks gärna")
    ]
    (decision,) = rows(out, "request_decisions")
    assert (decision["verdict"], decision["reason"], decision["part"]) == (
        "approved",
        "Bra för de unga",
        "head",
    )
    said = {one["text"] for one in rows(out, "request_remarks")}
    assert said == {"Ångrade mig", "Vilka tider?", "Alla vardagar", "Ser bra ut"}
    (item,) = rows(out, "registrations")
    assert (item["cause"], item["diary_number"]) == ("request", "KFN 2026/19")
    assert "Haninge ungdom, TikTok" in item["public"]
    assert not [
        word for word in (OPEN["purpose"], OPEN["contact"], "Administratör ett") if word in item["public"]
    ]
    assert "Haninge ungdom" in item["protected"]


async def test_the_journal_holds_no_word_of_a_request(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as world:
        await a_life(world)
    journal = (tmp_path / "data" / "journal.jsonl").read_text(encoding="utf-8")
    said = (
        *OPEN.values(),
        "Tillstyrks gärna",
        "Vilka tider?",
        "Ser bra ut",
        "Bra för de unga",
        "Ångrade mig",
    )
    facts = {OPEN["platform"], OPEN["admins"], OPEN["terms_read"], OPEN["administration"]}
    assert [one for one in said if one not in facts and one in journal] == []


@pytest.mark.parametrize(
    ("kind", "made_up"),
    [
        ("working_hours_use", {"administration": "Grannen heter Okändsson, 070-123 45 67"}),
        ("appoint_admin", {"channel": "okandsson-070-123-45-67"}),
    ],
)
async def test_a_made_up_place_in_a_draft_is_not_written_into_the_journal(
    tmp_path: Path, kind: str, made_up: dict[str, str]
) -> None:
    async with a_stage(tmp_path) as world:
        await world.arrive("personal")
        data = {"kind": kind, "form": "a" * 32, "why": "Många frågar", "contact": "070", **made_up}
        saved = await world["personal"].sends(world["personal"].invoke("request_save", data))
        assert "Utkast" in saved.words
        again = {**data, "request": "AN-2026-0001"}
        await world["personal"].sends(world["personal"].invoke("request_save", again))
        assert (await kinds(world, "AN-2026-0001")) == ["request_drafted", "request_saved"]
        kept = "".join(one.read_text(encoding="utf-8") for one in (tmp_path / "data").glob("*journal*"))
        assert "okandsson" not in kept.lower()
        assert "Okändsson" not in kept
        sent = await world["personal"].sends(world["personal"].invoke("request_submit", again))
        assert "Inskickad" not in sent.words


async def read_side(url: str) -> dict[str, list[Any]]:
    store = await open_store(url, projector=project, clock=lambda: MONDAY)
    tables = {table: await store.select(table) for table in TABLES}
    await store.close()
    return {
        table: sorted(docs, key=lambda doc: json.dumps(doc, sort_keys=True)) for table, docs in tables.items()
    }


async def events(url: str) -> list[Event]:
    async with open_record(url) as record:
        return [event async for event in record.events()]


async def test_requests_move_to_a_database_and_read_the_same(tmp_path: Path, postgres: Postgres) -> None:
    async with a_stage(tmp_path) as world:
        await a_life(world)
    files, database = f"tinydb:{tmp_path / 'data'}", postgres.place()
    await migrate(files, database, projector=project)
    assert await events(files) == await events(database)
    assert await read_side(files) == await read_side(database)


async def test_a_request_lives_in_a_database_as_it_does_in_files(tmp_path: Path, postgres: Postgres) -> None:
    async with a_world(
        tmp_path / "data", ORGANISATION_FILE=organisation_file(tmp_path), STORAGE_URL=postgres.place()
    ) as world:
        name = await a_life(world)
        assert "KFN 2026/19" in words(await world["registrator"].asks_for(f"visa {name}"))
        assert (await kinds(world, name)).count("request_decided") == 1
        async with world.http.get(f"{world.url}/sociala-medier") as answer:
            assert "Haninge ungdom" in await answer.text()
