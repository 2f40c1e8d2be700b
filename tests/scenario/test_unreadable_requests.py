"""Requests that are none, over a raw socket: a plain answer, a line in the log, and not a word of them in either."""

import asyncio
import logging

import pytest
from yarl import URL

from tests.scenario.world import World

TOKEN = "eyJhbGciOiJSUzI1NiJ9.hemligt"
UNREADABLE = {
    "too long": f"Authorization: Bearer {TOKEN * 400}",
    "a control character": f"Authorization: Bearer {TOKEN}\x00{TOKEN}",
    "no name": f": Bearer {TOKEN}",
    "no header": f"Bearer {TOKEN}",
    "a length that is none": f"Content-Length: {TOKEN}",
}
PATHS = ("/api/messages", "/api/flags")


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


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("packing", ["gzip", "deflate"])
async def test_a_body_that_is_not_packed_as_it_says_leaves_no_stack_trace(
    world: World, caplog: pytest.LogCaptureFixture, packing: str, path: str
) -> None:
    caplog.set_level(logging.DEBUG)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: {packing}\r\n"
        "Content-Length: 30\r\nConnection: close"
    )
    assert_quiet(await raw(world, head, f'{{"token": "{TOKEN[:18]}"}}'.encode()), caplog)


async def test_the_next_caller_is_served(world: World) -> None:
    await raw(world, f"GET / HTTP/1.1\r\nHost: x\r\n{UNREADABLE['too long']}")
    async with world.http.get(f"{world.url}/healthz") as answer:
        assert answer.status == 200
