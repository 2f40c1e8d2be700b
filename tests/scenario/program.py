"""``python app.py ...`` as a program: what it prints, what it writes, and its exit code."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit

from bot.playground import ROOT
from tests.scenario.world import World, a_world

CLEAN = {"MicrosoftAppId": "", "MicrosoftAppPassword": "", "MicrosoftAppTenantId": "", "FLAGS_SECRET": ""}


@dataclass(frozen=True, kw_only=True)
class Ended:
    code: int
    out: str
    err: str


async def app(
    *arguments: str, environ: Mapping[str, str] | None = None, largest_file: int | None = None
) -> Ended:
    """``largest_file``: what the kernel lets a file grow to, in bytes."""
    limit = -1 if largest_file is None else largest_file
    process = await asyncio.create_subprocess_exec(
        sys.executable, "app.py", *arguments, cwd=ROOT,
        env={**os.environ, **CLEAN, **(environ or {})},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        preexec_fn=partial(setrlimit, RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return Ended(code=process.returncode or 0, out=out.decode(), err=err.decode())


async def a_record(directory: Path) -> dict[str, str]:
    """A store with a removal, a kept comment and an open case, and how to point the program at it."""
    async with a_world(directory) as world:
        await world.arrive("admin", "registrator")
        await decided(world, {"text": '=1+1 fula ord; "citat"\nrad två', "author": "@Invånare"}, "Radera")
        await decided(world, {"text": "Snällt"}, "Behåll")
        await world.flag({"text": "+46 väntar"})
    return {"STORAGE_URL": f"tinydb:{directory}"}


async def decided(world: World, post: dict[str, str], button: str) -> None:
    card = await world["admin"].waits_for(await world.flag(post))
    typed = {"ground": "svordomar", "reason": "-Könsord."} if button == "Radera" else {}
    await world["admin"].clicks(card, button, **typed)


def assert_one_sentence(ended: Ended, named: str) -> None:
    assert "Traceback" not in ended.err
    assert named in ended.err
    assert len(ended.err.splitlines()) == 1, ended.err
