"""``python app.py flag FILE.jsonl``: flagged posts from a file, signed and posted to the running bot.

Each line's webhook-id is a digest of the line, so a file that is sent twice makes no second case. When no bot
runs, the posts are brought in directly and their cards leave when it starts.
"""

import base64
import hashlib
import os
import secrets
import sys
from collections.abc import Callable, Coroutine, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from standardwebhooks import Webhook

from bot.flags import FlagProblems, UnknownChannel, parse_flag
from bot.intake import Intake
from bot.settings import Settings

BringIn = Callable[[bytes, str], Coroutine[Any, Any, str]]


class NotBroughtIn(Exception):
    """Why a line made no case."""


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if line.strip():
            yield number, line


def webhook_id(line: bytes) -> str:
    return "file_" + hashlib.sha256(line.strip()).hexdigest()[:40]


async def flag_lines(path: Path, bring_in: BringIn) -> int:
    """1 if any line made no case; each line's case or problem is printed."""
    failed = 0
    for number, line in lines_of(path):
        try:
            case = await bring_in(line, webhook_id(line))
        except NotBroughtIn as problem:
            failed += 1
            sys.stderr.write(f"{path.name}, line {number}: {problem}\n")
        else:
            sys.stdout.write(f"{case}\n")
    return 1 if failed else 0


def local_secret(directory: Path) -> str:
    """What signs flags from this machine where no FLAGS_SECRET is set: whoever may read the store has it."""
    path = directory / "flags.key"
    if not path.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    return path.read_text().strip()


def over_http(session: aiohttp.ClientSession, settings: Settings, secret: str) -> BringIn:
    """Posts to the bot that runs with the same settings."""
    webhook = Webhook(secret)
    url = f"http://{settings.host}:{settings.port}/api/flags"

    async def bring_in(line: bytes, message_id: str) -> str:
        now = datetime.now(UTC)
        try:
            signature = webhook.sign(message_id, now, line.decode())
        except UnicodeDecodeError as error:
            raise NotBroughtIn("is not UTF-8") from error
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signature,
        }
        async with session.post(url, data=line, headers=headers) as answer:
            body = await answer.json(content_type=None)
            if answer.status == 202:
                return str(body["case"])
            errors = "; ".join(f"{one['field']}: {one['problem']}" for one in body.get("errors", ()))
            raise NotBroughtIn(f"{body.get('detail', answer.status)} {errors}".strip())

    return bring_in


def directly(intake: Intake, clock: Callable[[], datetime]) -> BringIn:
    """Into the store of this process."""

    async def bring_in(line: bytes, message_id: str) -> str:
        try:
            flagged = parse_flag(line)
        except ValueError as error:
            raise NotBroughtIn(str(error)) from error
        if isinstance(flagged, FlagProblems):
            raise NotBroughtIn("; ".join(f"{one.field}: {one.problem}" for one in flagged.problems))
        key = "webhook:" + hashlib.sha256(message_id.encode()).hexdigest()
        done = await intake.bring_in(flagged, keys=(key,), by="file", at=clock())
        if isinstance(done, UnknownChannel):
            raise NotBroughtIn(f"there is no channel {done.channel!r}")
        return done.case

    return bring_in
