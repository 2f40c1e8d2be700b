"""``make run``: the bot in local mode and a Playground beside it, both stopped with Ctrl-C."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

import aiohttp
from dotenv import dotenv_values

from bot import playground
from bot.organisation.file import load_organisation
from bot.settings import SHIPPED_ORGANISATION, Settings, SettingsError, read_settings

ROOT = playground.ROOT
_STARTING = 30.0


def _say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def run_local(player: str, settings: Settings) -> int:
    """Starts what is not running yet and waits until a part of it ends or it is interrupted."""
    bot_url = f"http://{settings.host}:{settings.port}"
    started: list[asyncio.subprocess.Process] = []
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        if await _answers(f"{bot_url}/healthz"):
            _say(f"Boten är redan igång / the bot is running already: {bot_url}")
        else:
            started.append(await _start_bot())
            if not await _ready(f"{bot_url}/readyz", started[-1], stop):
                return 0 if stop.is_set() else 1
        node = playground.node()
        if node is None:
            _say(_WITHOUT_NODE.format(url=bot_url))
        else:
            started.append(await _open(node, player, f"{bot_url}/api/messages"))
        if started:
            await _until_one_ends(started, stop)
    finally:
        await _end(started)
    return 0 if stop.is_set() or not started else 1


async def _open(node: str, player: str, endpoint: str) -> asyncio.subprocess.Process:
    organisation = load_organisation(SHIPPED_ORGANISATION)
    launched = playground.launch(
        organisation,
        player,
        endpoint=endpoint,
        port=playground.FIRST_PORT + list(playground.PLAYERS).index(player),
        directory=ROOT / "build" / "playground" / player,
    )
    process, address = await playground.start(node, launched)
    name = organisation.people[playground.PLAYERS[player]].name
    _say(_OPEN.format(address=address, name=name, hint=_HINTS[player]))
    return process


_OPEN = """
  Öppna / open     {address}
  Du är / you are  {name}

  {hint}
  Ställ också en fråga om riktlinjen, till exempel: Måste raderade inlägg diarieföras?
  Or ask in English: Do deleted posts have to be registered?

  En person till, i ett eget fönster:  make run AS=chef  (admin, admin2, kommunikation, registrator, personal)
  Avsluta / stop: Ctrl-C
"""

_HINTS: Mapping[str, str] = {
    "admin": "Flaggade inlägg väntar. Skriv: kö   (eller hjälp)",
    "admin2": "Flaggade inlägg väntar. Skriv: kö   (eller hjälp)",
    "chef": "Skriv: hjälp",
    "kommunikation": "Skriv: kö   (det som eskalerats till dig) eller hjälp",
    "registrator": "Skriv: oregistrerat   (eller hjälp)",
    "personal": "Skriv: flagga   (eller hjälp)",
}

_WITHOUT_NODE = """
  Node.js finns inte på datorn, så Agents Playground är inte igång. Boten svarar på {url}/api/messages.
  Node.js is not on this machine, so the Agents Playground is left out. The bot answers at {url}/api/messages.
  Ask it without Teams:  .venv/bin/python app.py ask "Måste raderade inlägg diarieföras?"
"""


async def _start_bot() -> asyncio.subprocess.Process:
    """In a session of its own, so that Ctrl-C reaches this program first and it ends the others in order."""
    return await asyncio.create_subprocess_exec(sys.executable, "app.py", cwd=ROOT, start_new_session=True)


async def _answers(url: str) -> bool:
    with suppress(aiohttp.ClientError, TimeoutError, OSError):
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status < 500
    return False


async def _ready(url: str, process: asyncio.subprocess.Process, stop: asyncio.Event) -> bool:
    deadline = asyncio.get_running_loop().time() + _STARTING
    while asyncio.get_running_loop().time() < deadline:
        if process.returncode is not None or stop.is_set():
            return False
        if await _answers(url):
            return True
        await asyncio.sleep(0.1)
    _say(f"{url} did not answer within {_STARTING:.0f} s.")
    return False


async def _until_one_ends(started: list[asyncio.subprocess.Process], stop: asyncio.Event) -> None:
    waiting = [asyncio.create_task(process.wait()) for process in started]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in (stopping, *waiting):
        task.cancel()


async def _end(started: list[asyncio.subprocess.Process]) -> None:
    for process in reversed(started):
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                os.killpg(process.pid, signal.SIGKILL)


def main(arguments: list[str]) -> int:
    player = arguments[0] if arguments else "admin"
    if player not in playground.PLAYERS:
        _say(f"AS={player}: nobody goes by that name; there are {', '.join(playground.PLAYERS)}.")
        return 2
    try:
        settings = read_settings({**_in_file(), **os.environ})
    except SettingsError as error:
        _say(str(error))
        return 1
    if not settings.local:
        _say("MicrosoftAppId is set, so the bot would wait for Teams: the Playground needs local mode.")
        return 1
    try:
        return asyncio.run(run_local(player, settings))
    except playground.PlaygroundFailed as error:
        _say(f"{error}; its log is in build/playground/{player}.")
        return 1


def _in_file() -> dict[str, str]:
    return {name: value or "" for name, value in dotenv_values(ROOT / ".env").items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
