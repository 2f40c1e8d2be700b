"""Requests that are none, over a raw socket: a plain answer, a line in the log, and not a word of them in either."""

import asyncio
import logging
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache

import pytest
from aiohttp import web
from yarl import URL

from bot.stalls import LONG
from bot.web.serving import Runner
from tests.scenario.world import APP_ID, World

TOKEN = "eyJhbGciOiJSUzI1NiJ9.hemligt"
UNREADABLE = {
    "too long": f"Authorization: Bearer {TOKEN * 400}",
    "a control character": f"Authorization: Bearer {TOKEN}\x00{TOKEN}",
    "no name": f": Bearer {TOKEN}",
    "no header": f"Bearer {TOKEN}",
    "a length that is none": f"Content-Length: {TOKEN}",
}
PATHS = ("/api/messages", "/api/flags")


@dataclass
class Stall:
    seconds: float = 0.0


@asynccontextmanager
async def longest_stall() -> AsyncIterator[Stall]:
    """Of the event loop that bot and test share."""
    stall = Stall()

    async def watch() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            stall.seconds = max(stall.seconds, time.perf_counter() - began - 0.001)

    watching = asyncio.create_task(watch())
    try:
        yield stall
        await asyncio.sleep(0.2)  # for what goes on after the answer
    finally:
        watching.cancel()


async def raw(world: World, head: str, body: bytes = b"") -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(world.url).port)
    writer.write(f"{head}\r\n\r\n".encode() + body)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer.decode()


def assert_quiet(answer: str, caplog: pytest.LogCaptureFixture) -> None:
    assert answer[:13] in {"HTTP/1.0 400 ", "HTTP/1.1 400 "}
    assert "application/problem+json" in answer
    assert "nosniff" in answer
    assert "aiohttp" not in answer
    assert not [one for one in caplog.records if one.exc_info]
    told = answer + "".join(f"{vars(one)}" for one in caplog.records)
    assert not [part for part in (TOKEN, TOKEN[:12], "Bearer") if part in told]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", UNREADABLE)
async def test_a_header_that_cannot_be_read_is_quoted_nowhere(
    world: World, caplog: pytest.LogCaptureFixture, kind: str, path: str
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await raw(world, f"POST {path} HTTP/1.1\r\nHost: x\r\n{UNREADABLE[kind]}")
    assert_quiet(answer, caplog)
    assert [one for one in caplog.records if one.getMessage() == "A request could not be read"]


@pytest.mark.parametrize("line", [f"GET /{TOKEN * 400} HTTP/1.1", f"{TOKEN}", f"GET / {TOKEN}"])
async def test_a_first_line_that_cannot_be_read_is_quoted_nowhere(
    world: World, caplog: pytest.LogCaptureFixture, line: str
) -> None:
    caplog.set_level(logging.DEBUG)
    assert_quiet(await raw(world, f"{line}\r\nHost: x"), caplog)


@cache
def bomb() -> bytes:
    """Less than a mebibyte that unpacks to 900."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packing.compress(bytes(1 << 20)) for _ in range(900)) + packing.flush()


@pytest.mark.parametrize("path", [*PATHS, "/healthz", "/elsewhere"])
async def test_a_packed_body_is_refused_unread_and_holds_nobody_up(world: World, path: str) -> None:
    body, token = bomb(), world.issuer.token(audience=APP_ID, service_url=world.connector.url)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}"
    )
    async with longest_stall() as stall:
        answer = await raw(world, head, body)
    expected = "415" if path in PATHS else "405" if path == "/healthz" else "404"
    assert answer[:13] == f"HTTP/1.1 {expected} "
    assert "application/problem+json" in answer
    assert "Connection: close" in answer
    assert stall.seconds < LONG


@pytest.mark.parametrize(
    "begun",
    [
        "",
        "POST /api/flags HTTP/1.1\r\nHost: x\r\n",
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /a HTTP/1.1\r\n",
    ],
)
async def test_headers_that_do_not_come_are_waited_for_only_so_long(begun: str) -> None:
    """Before the first request, and after it for headers that were begun; a connection at rest may rest."""
    runner = Runner(web.Application(), access_log=None, header_seconds=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
    whole = begun.endswith("\r\n\r\n")
    if not whole:
        writer.write(begun.encode())
        assert await asyncio.wait_for(reader.read(), 5) == b""
    else:
        writer.write(begun.encode())
        assert await reader.readuntil(b"404: Not Found")
        await asyncio.sleep(0.4)
        writer.write(begun[:20].encode())
        await asyncio.sleep(0.1)
        writer.write(begun[20:].encode())
        assert await reader.readuntil(b"404: Not Found"), "it rested, and was slow but in time"
        writer.write(begun[:20].encode())
        assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    await runner.cleanup()


async def test_the_next_caller_is_served(world: World) -> None:
    await raw(world, f"GET / HTTP/1.1\r\nHost: x\r\n{UNREADABLE['too long']}")
    async with world.http.get(f"{world.url}/healthz") as answer:
        assert answer.status == 200
