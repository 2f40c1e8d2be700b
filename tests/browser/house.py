"""A municipality at work in browsers: a real bot, and one Agents Playground for each person."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser

from bot import playground
from tests.browser.playground import Card, Chat, open_chat, run_browser, run_playground, what_is_missing

_STARTING = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """``bot`` is its address, ``environ`` what it was started with."""

    bot: str
    chats: Mapping[str, Chat]
    browser: Browser
    environ: Mapping[str, str]
    directory: Path


@asynccontextmanager
async def open_house(players: Sequence[str], directory: Path) -> AsyncIterator[House]:
    """Everybody in ``players`` has the chat open. Skips, with the reason, where there is no browser or Playground."""
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    local = {"MicrosoftAppId": "", "PORT": str(port), "STORAGE_URL": f"tinydb:{directory / 'store'}"}
    environ = {**os.environ, **local}
    async with AsyncExitStack() as stack:
        bot = await stack.enter_async_context(run_bot(environ, directory / "bot.log"))
        browser = await stack.enter_async_context(run_browser())
        async with asyncio.TaskGroup() as opening:
            tasks = {
                one: opening.create_task(_open(stack, browser, one, f"{bot}/api/messages", directory))
                for one in players
            }
        chats = {one: task.result() for one, task in tasks.items()}
        yield House(bot=bot, chats=chats, browser=browser, environ=environ, directory=directory)


@asynccontextmanager
async def run_bot(environ: Mapping[str, str], log: Path) -> AsyncIterator[str]:
    """``python app.py`` as it is, ready to answer; its address."""
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "app.py", cwd=playground.ROOT, env=environ, stdout=out, stderr=out
        )
    address = f"http://127.0.0.1:{environ['PORT']}"
    try:
        async with asyncio.timeout(_STARTING), aiohttp.ClientSession() as session:
            while not await _is_up(session, address):
                if process.returncode is not None:
                    pytest.fail(f"the bot ended; see {log}")
                await asyncio.sleep(0.1)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _is_up(session: aiohttp.ClientSession, address: str) -> bool:
    try:
        async with session.get(f"{address}/readyz") as answer:
            return answer.status == 200
    except aiohttp.ClientConnectionError:
        return False


async def _open(stack: AsyncExitStack, browser: Browser, player: str, endpoint: str, directory: Path) -> Chat:
    playing = run_playground(player, endpoint=endpoint, directory=directory / player)
    chat = await open_chat(browser, await stack.enter_async_context(playing), height=2600)
    await chat.card("Riktlinjeboten")
    return chat


async def picture(card: Card, name: str) -> None:
    folder = playground.ROOT / os.environ.get("SCREENSHOTS", "build/screenshots")
    await card.screenshot(folder / f"{name}.png")
