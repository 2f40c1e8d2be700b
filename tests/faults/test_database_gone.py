"""The database goes away under the running bot and comes back: nobody is lied to, and nothing is lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.file_links import FileLinks
from bot.running import at_work
from storage.opening import open_record
from tests.fakes.connector import Slow, into
from tests.postgres import Postgres
from tests.scenario.instances import until
from tests.scenario.world import World, a_flag, a_world, words

REMOVAL = {"ground": "personangrepp", "reason": "Hänger ut en namngiven anställd."}


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.place()


@pytest.fixture
async def world(url: str, tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path / "none", STORAGE_URL=url) as one:
        yield one


async def test_clicks_and_flags_are_refused_in_words_and_accepted_once_it_is_back(
    world: World, postgres: Postgres, url: str
) -> None:
    await world.arrive("admin")
    case = await world.flag()
    card = await world["admin"].waits_for(case)
    await asyncio.to_thread(postgres.stops)
    try:
        refused = await world["admin"].clicks(card, "Radera", **REMOVAL)
        assert refused.status == 200
        told = words(refused.body["value"])
        status, _ = await world.post_flag(a_flag(), message="msg_again")
    finally:
        await asyncio.to_thread(postgres.starts)
    assert "Det gick inte att spara, så inget är beslutat." in told
    assert status == 503
    accepted = await world["admin"].clicks(card, "Radera", **REMOVAL)
    assert "Beslutat" in accepted.words
    assert (await world.post_flag(a_flag(), message="msg_again"))[0] == 202
    async with open_record(url) as record:
        await record.verify()
        assert [event.kind async for event in record.events() if event.stream == case] == [
            "flagged",
            "decided",
        ]


async def test_a_bot_without_its_database_is_not_ready_and_its_figures_are_unknown(
    world: World, postgres: Postgres
) -> None:
    await world.flag()
    async with at_work(world.bot):
        assert await world.readiness() == (200, "ok")
        await asyncio.to_thread(postgres.stops)
        try:
            await until(world.readiness, (503, "unwritable"))  # the outbox looks every other second
            async with world.http.get(f"{world.url}/metrics") as answer:
                assert 'riktlinjebot_cases{state="decision"} NaN' in await answer.text()
        finally:
            await asyncio.to_thread(postgres.starts)
        await until(world.readiness, (200, "ok"))
        async with world.http.get(f"{world.url}/metrics") as answer:
            text = await answer.text()
    assert 'riktlinjebot_cases{state="decision"} 1.0' in text
    assert "riktlinjebot_ready 1.0" in text


async def test_who_asks_for_the_public_list_or_a_file_meanwhile_is_told_to_come_back(
    world: World, postgres: Postgres
) -> None:
    at = replace(world.bot.services, address="")
    link = FileLinks(at).link("a" * 64, "b" * 64)
    asked = {"/sociala-medier": 200, "/sociala-medier.json": 200, link: 404}
    await asyncio.to_thread(postgres.stops)
    try:
        for address in asked:
            async with world.http.get(f"{world.url}{address}") as answer:
                told = await answer.json(content_type="application/problem+json")
            assert (answer.status, answer.headers["Retry-After"]) == (503, "60"), address
            assert told["type"].endswith(":no-record")
    finally:
        await asyncio.to_thread(postgres.starts)
    for address, status in asked.items():
        async with world.http.get(f"{world.url}{address}") as answer:
            assert answer.status == status, address


async def test_what_is_under_way_meanwhile_arrives_once(world: World, postgres: Postgres) -> None:
    await world.arrive("admin", "admin2")
    world.connector.does(Slow(seconds=1.0), when=into("a:admin"))
    async with at_work(world.bot):
        cases = [await world.flag() for _ in range(3)]
        await until(lambda: bool(brought(world, "admin", cases)), True)
        await asyncio.to_thread(postgres.stops)
        await asyncio.sleep(1.2)
        await asyncio.to_thread(postgres.starts)
        cases.append(await world.flag())
        for who in ("admin", "admin2"):
            await until(partial(brought, world, who, cases), sorted(cases))


def brought(world: World, who: str, cases: list[str]) -> list[str]:
    world.clock.forward(seconds=5)  # a message that could not even be read meanwhile waits a minute
    return sorted(case for card in world[who].cards() for case in cases if case in words(card))
