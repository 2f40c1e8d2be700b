"""What runs beside the turns must outlive the store's absence, and a bot that has lost a part of itself must not go on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from bot.cases.escalating import Reminding
from bot.erasing import Erasing
from bot.running import Stop, at_work
from storage.store import Json, Store, StoreUnwritable
from tests.scenario.world import World, a_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path / "data") as one:
        yield one


class AwayOnce:
    """A store that is gone when it is asked first."""

    def __init__(self) -> None:
        self.looks = 0
        self.disposed = list[str]()

    async def select(self, table: str) -> list[Json]:
        self.looks += 1
        if self.looks == 1:
            raise StoreUnwritable("the database does not answer")
        return [{"ref": table}]

    async def dispose(self, refs: list[str]) -> None:
        self.disposed += refs


async def test_what_is_to_be_destroyed_is_destroyed_once_the_store_is_back() -> None:
    store = AwayOnce()
    at_it = asyncio.create_task(Erasing(cast("Store", store)).run(every=0.001))
    async with asyncio.timeout(5):
        while not store.disposed:  # noqa: ASYNC110 - a test may poll
            await asyncio.sleep(0.005)
    assert not at_it.done()
    at_it.cancel()


class Broken(Reminding):
    async def run(self, every: float = 30.0) -> None:
        raise RuntimeError("a bug")


async def test_a_bot_that_has_lost_a_part_stops_and_says_that_it_failed(world: World, caplog: Any) -> None:
    stop = Stop()
    async with at_work(replace(world.bot, reminding=Broken(world.bot.services)), stop):
        async with asyncio.timeout(5):
            await stop.wait()
    assert stop.failed
    assert "A part of the bot has ended by itself" in caplog.text
