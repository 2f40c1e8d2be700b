"""Who waits for whom at the doors."""

import asyncio
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.web.entrance import Entrance


async def writable() -> bool:
    return True


@pytest.fixture
def held() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def entrance(held: asyncio.Event) -> Entrance:
    """Open, with one door behind which callers stay until they are let go."""
    one = Entrance()

    async def stays(_: web.Request) -> web.Response:
        await held.wait()
        return web.Response()

    one.open({"messages": stays}, writable=writable)
    return one


async def test_what_can_wait_goes_on_as_soon_as_nobody_is_inside(
    entrance: Entrance, held: asyncio.Event
) -> None:
    inside = asyncio.ensure_future(entrance.door("messages")(make_mocked_request("POST", "/")))
    await asyncio.sleep(0)
    waits = asyncio.ensure_future(entrance.give_way())
    await asyncio.sleep(0)
    assert not waits.done()
    held.set()
    await inside
    async with asyncio.timeout(0.01):
        await waits


async def test_nobody_keeps_others_waiting_for_long(entrance: Entrance, held: asyncio.Event) -> None:
    inside = asyncio.ensure_future(entrance.door("messages")(make_mocked_request("POST", "/")))
    await asyncio.sleep(0)
    began = time.monotonic()
    await entrance.give_way()
    assert 0.01 < time.monotonic() - began < 1
    assert not await entrance.close(within=0.01)
    held.set()
    await inside
    assert await entrance.close(within=0.01)
