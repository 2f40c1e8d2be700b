"""Each kind of store, empty, for the contract tests."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from storage.postgres.address import parse
from storage.postgres.database import Database
from storage.store import Store
from tests.contract.stores import STORES, Open, Place, open_at
from tests.postgres import Postgres


@pytest.fixture(params=STORES)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Gives the address of an empty place for a store of each kind, a new one each time."""
    if request.param == "embedded":
        return lambda: f"tinydb:{tmp_path_factory.mktemp('store') / 'data'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.place


@pytest.fixture
async def opening(place: Place) -> AsyncIterator[Open]:
    """Opens the store again and again on the same place, as restarts do."""
    url, opened = place(), list[Store]()

    async def open_again() -> Store:
        if opened:
            await opened.pop().close()
        opened.append(await open_at(url))
        return opened[-1]

    yield open_again
    for store in opened:
        await store.close()


@pytest.fixture
async def store(opening: Open) -> Store:
    return await opening()


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.place()


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Opened at the same moment on an empty place."""
    one, other = await asyncio.gather(open_at(url), open_at(url))
    yield one, other
    await asyncio.gather(one.close(), other.close())


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    one = await Database.open(parse(url))
    yield one
    await one.close()
