"""The Agents Playground as this project uses it: one process for one person of the demonstration organisation."""

import asyncio
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.domain.organisation import Organisation, Person

ROOT = Path(__file__).parent.parent
PROGRAM = ROOT / "node_modules" / "@microsoft" / "m365agentsplayground" / "cli.js"
LOOPBACK_ONLY = Path(__file__).with_name("loopback.cjs")
FIRST_PORT = 56150
_STARTING = 30.0

PLAYERS: Mapping[str, str] = {
    "admin": "00000000-0000-0000-0000-000000000001",
    "admin2": "00000000-0000-0000-0000-000000000002",
    "chef": "00000000-0000-0000-0000-000000000003",
    "kommunikation": "00000000-0000-0000-0000-000000000004",
    "registrator": "00000000-0000-0000-0000-000000000005",
    "personal": "00000000-0000-0000-0000-000000000006",
}
"""Who can be played, by the name that ``make run AS=`` takes; the ids are the demonstration organisation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How a Playground is started: the command after ``node``, and what its environment must hold beside ours."""

    command: tuple[str, ...]
    environ: Mapping[str, str]


def configuration(organisation: Organisation, player: str) -> str:
    """The Playground's configuration file: the player, and the five others it insists on."""
    me = organisation.people[PLAYERS[player]]
    others = [organisation.people[one] for name, one in PLAYERS.items() if name != player]
    return yaml.safe_dump(
        {
            "version": "0.1.1",
            "tenantId": organisation.tenant,
            "bot": {"id": "00000000-0000-0000-0000-0000000000bb", "name": "Riktlinjeboten"},
            "currentUser": _user(me),
            "users": [_user(one) for one in others],
            "personalChat": {"id": f"personal-chat-{player}"},
            "groupChat": {"id": f"group-chat-{player}", "name": "Gruppchatt"},
            "team": {
                "id": f"team-{player}",
                "name": "Team",
                "aadGroupId": "00000000-0000-0000-0000-0000000000cc",
                "channels": [{"id": f"channel-{player}", "name": "Kanal"}],
            },
        },
        allow_unicode=True,
        sort_keys=False,
    )


def _user(person: Person) -> dict[str, str]:
    name = f"person-{person.id[-1]}"
    return {
        "id": person.id,  # what its people picker gives; Teams' gives the object id
        "name": person.name,
        "userPrincipleName": f"{name}@example.com",  # spelt so by the Playground
        "aadObjectId": person.id,
        "givenName": person.name.partition(" ")[0],
        "surname": person.name.partition(" ")[2] or "-",
        "email": f"{name}@example.com",
    }


def launch(organisation: Organisation, player: str, *, endpoint: str, port: int, directory: Path) -> Launch:
    """Writes the configuration into ``directory`` and says how to start: without telemetry and without opening
    a browser. A ``port`` that is taken, or 0, means any other."""
    directory.mkdir(parents=True, exist_ok=True)
    config = directory / ".m365agentsplayground.yml"
    config.write_text(configuration(organisation, player), encoding="utf-8")
    command = (
        "--require",
        os.fspath(LOOPBACK_ONLY),
        os.fspath(PROGRAM),
        "start",
        "--app-endpoint",
        endpoint,
        "--channel-id",
        "msteams",
        "--port",
        str(port),
        "--disable-telemetry",
    )
    return Launch(
        command=command,
        environ={
            "M365_AGENTS_PLAYGROUND_CONFIG_PATH": os.fspath(config),
            "M365_AGENTS_PLAYGROUND_LOGFILE": os.fspath(directory / "playground.log"),
            "TEAMSAPPTESTER_BROWSER": "none",
            "SEND_INSTALLATION_ACTIVITY": "true",
        },
    )


def node() -> str | None:
    """The Node that runs the Playground, or None where one of the two is not installed."""
    return shutil.which("node") if PROGRAM.exists() else None


class PlaygroundFailed(Exception):
    """It ended, or did not listen in time."""


async def start(node: str, launched: Launch) -> tuple[asyncio.subprocess.Process, str]:
    """The running process, to be ended by the caller, and the address to open."""
    process = await asyncio.create_subprocess_exec(
        node,
        *launched.command,
        env={**os.environ, **launched.environ},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_STARTING):
            return process, f"http://localhost:{await _port(process)}"
    except (TimeoutError, PlaygroundFailed) as error:
        if process.returncode is None:
            process.kill()
            await process.wait()
        raise PlaygroundFailed("the Agents Playground did not start") from error


async def _port(process: asyncio.subprocess.Process) -> int:
    """It says "Listening on 56150", once, when its output is no terminal."""
    lines = process.stdout
    while lines is not None and (line := await lines.readline()):
        found = re.search(rb"Listening on (\d+)", line)
        if found:
            return int(found[1])
    raise PlaygroundFailed
