"""``migrate-store``: the whole record from one store into another and back, the chain as it was."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.projecting import project
from bot.teams.copies import Copies
from cards.copies import case_copy
from storage.contents import seal
from storage.moving import NotMoved, migrate
from storage.opening import open_record, open_store
from storage.store import Message, NewEvent, Store, StoreLocked
from tests.fakes.files import FakeFiles
from tests.postgres import Postgres
from tests.scenario.pictures import png, sends_files
from tests.scenario.program import app
from tests.scenario.world import MONDAY, World, a_world, object_id

REMOVAL = {"ground": "personangrepp", "reason": "Hänger ut en namngiven anställd."}


async def a_store(url: str) -> Store:
    return await open_store(url, projector=project, clock=lambda: MONDAY)


async def events(url: str) -> list[object]:
    async with open_record(url) as record:
        return [event async for event in record.events()]


async def a_life(world: World) -> str:
    """A case that was decided, one that waits, and cards on the way to somebody who cannot be reached now."""
    await world.arrive("admin")
    case = await world.flag()
    card = await world["admin"].waits_for(case)
    world.connector.fails(503, times=None)
    await world["admin"].clicks(card, "Radera", **REMOVAL)
    await world.flag()
    await world.settle()
    return case


async def odd_ends(url: str) -> None:
    """What the outbox and the contents can hold besides."""
    store, gone = await a_store(url), seal(b"borta")
    owes = tuple(Message(id=f"odd {n}", to=f"person:{n}", kind="case", subject="s") for n in range(3))
    odd = [NewEvent(kind="odd", data={"ref": gone.ref})]
    await store.append(
        "odd", odd, expected_version=0, actor="x", at=MONDAY, keys=("odd",), contents=(gone,), owes=owes
    )
    await store.started("odd 0", MONDAY)
    await store.started("odd 1", MONDAY)
    await store.postponed("odd 1", MONDAY + timedelta(hours=1))
    await store.started("odd 2", MONDAY)
    await store.sent("odd 2", MONDAY)
    await store.dispose([gone.ref])
    await store.put_document("c", "half \ud83d of a pair", {"text": "\x00"})
    await store.close()


async def state(url: str, case: str) -> tuple[object, ...]:
    store = await a_store(url)
    early = sorted(one.message.id for one in await store.due(MONDAY, 100))
    owed = sorted(
        (one.message.id, one.attempts, one.unknown, one.owed_at)
        for one in await store.due(MONDAY + timedelta(days=1), 100)
    )
    found = (
        owed,
        early,
        await store.get("cases", case),
        await store.select("open_cases"),
        await store.select("unregistered"),
        await store.documents("addresses"),
        await Copies(store).of(case_copy(case), f"person:{object_id('admin')}"),
        await store.documents("secrets"),
        await store.documents("c"),
        await store.taken("odd"),
    )
    await store.close()
    return found


async def test_there_and_back_again_nothing_is_lost_and_nothing_changed(
    postgres: Postgres, tmp_path: Path
) -> None:
    here, there, back = f"tinydb:{tmp_path / 'data'}", postgres.place(), f"tinydb:{tmp_path / 'back'}"
    async with a_world(tmp_path / "data") as world:
        case = await a_life(world)
    await odd_ends(here)
    moved = [await migrate(here, there, projector=project), await migrate(there, back, projector=project)]
    assert moved[0].head == moved[1].head
    assert moved[0].disposed == moved[1].disposed == 1
    assert await events(here) == await events(there) == await events(back)
    states = [await state(url, case) for url in (here, there, back)]
    assert states[0] == states[1] == states[2]
    owed = {name: (attempts, unknown) for name, attempts, unknown, _ in states[0][0]}  # type: ignore[attr-defined]
    assert {name: owed.get(name) for name in ("odd 0", "odd 1", "odd 2")} == {
        "odd 0": (1, True),
        "odd 1": (1, False),
        "odd 2": None,
    }
    assert "odd 1" not in states[0][1]  # type: ignore[operator]


async def test_what_was_moved_goes_on_there(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.place()
    async with a_world(tmp_path / "data") as world:
        await a_life(world)
    await migrate(f"tinydb:{tmp_path / 'data'}", url, projector=project)
    async with a_world(tmp_path / "data", STORAGE_URL=url) as world:
        await world["admin"].installs()
        world.clock.forward(hours=1)
        card = await world["admin"].waits_for("SM-2026-0002")
        assert "Beslutat" in (await world["admin"].clicks(card, "Radera", **REMOVAL)).words
    async with open_record(url) as record:
        await record.verify()


async def test_the_commands_verify_export_and_move_a_record_in_postgresql(
    postgres: Postgres, tmp_path: Path
) -> None:
    here, there = f"tinydb:{tmp_path / 'data'}", postgres.place()
    async with a_world(tmp_path / "data") as world:
        await a_life(world)
    moved = await app("migrate-store", here, there)
    assert moved.code == 0, moved.err
    told = [await app("verify", environ={"STORAGE_URL": url}) for url in (here, there)]
    assert told[0].out == told[1].out
    assert told[0].out.splitlines() == moved.out.splitlines()[:2]
    for url, name in ((here, "files"), (there, "server")):
        assert (await app("export", str(tmp_path / name), environ={"STORAGE_URL": url})).code == 0
    for path in sorted((tmp_path / "files").iterdir()):
        assert path.read_bytes() == (tmp_path / "server" / path.name).read_bytes(), path.name


async def test_a_record_in_use_is_not_moved_and_one_that_is_there_not_overwritten(
    postgres: Postgres, tmp_path: Path
) -> None:
    here, there = f"tinydb:{tmp_path / 'data'}", postgres.place()
    for url, other in ((here, there), (there, f"tinydb:{tmp_path / 'other'}")):
        store = await a_store(url)
        await store.append("s", [NewEvent(kind="k", data={})], expected_version=0, actor="x", at=MONDAY)
        with pytest.raises(StoreLocked):
            await migrate(url, other, projector=project)
        await store.close()
    for source, target in ((here, there), (there, here)):
        with pytest.raises(NotMoved):
            await migrate(source, target, projector=project)
    assert not await asyncio.to_thread((tmp_path / "other").exists)


async def test_a_password_in_a_wrong_address_is_not_repeated(tmp_path: Path) -> None:
    ended = await app("migrate-store", f"tinydb:{tmp_path / 'data'}", "postgresql://u:hemligt@/x")
    assert ended.code == 2
    assert "hemligt" not in ended.err + ended.out


async def test_a_database_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    nobody = f"postgresql://u:hemligt@/x?host={tmp_path}"
    for command in ("serve", "verify"):
        ended = await app(command, environ={"STORAGE_URL": nobody})
        assert ended.code == 1
        assert "does not answer" in ended.err
        assert "Traceback" not in ended.err
        assert "hemligt" not in ended.err


async def test_duties_their_pictures_and_who_has_their_cards_move_along(
    tmp_path: Path, postgres: Postgres
) -> None:
    source, target = f"tinydb:{tmp_path / 'data'}", postgres.place()
    async with a_world(tmp_path / "data") as world, FakeFiles() as files:
        files.files |= {"a.png": png(1), "b.png": png(2)}
        await world.arrive("admin2")
        await world.later()
        card = await sends_files(world["admin2"], files, "a.png")
        await world["admin2"].clicks(card, "Spara skärmdumpen", channel="facebook-haninge")
        await sends_files(world["admin2"], files, "b.png")
        await world.later(days=350)
    await migrate(source, target, projector=project)
    found = []
    for url in (source, target):
        store = await a_store(url)
        tables = ("duties", "open_duties", "open_duties/channel/facebook-haninge", "destroyed")
        rows = [await store.select(table) for table in tables]
        picture = rows[0][0]["duty"]["fulfilments"][0]["picture"]
        found.append((rows, await store.content(picture["data_ref"])))
        await store.close()
    assert found[0] == found[1]
    assert found[1][1] == png(1)
