"""``python app.py flag FILE.jsonl``: flagged posts from a file, signed and posted to the running bot.

Each line's webhook-id is a digest of the line, so a file that is sent twice makes no second case. When no bot
runs, the posts are brought in directly and their cards leave when it starts.
"""

import asyncio
import base64
import hashlib
import io
import json
import os
import secrets
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import aiohttp
from standardwebhooks import Webhook
from yarl import URL

from bot.cases.flags import FlagProblems, Intake, UnknownChannel, parse_flag
from bot.settings import Settings
from bot.web.bodies import MAX_BODY
from storage.store import StoreUnsure, StoreUnwritable

BringIn = Callable[[bytes, str], Coroutine[Any, Any, str]]


class NotBroughtIn(Exception):
    """Why a line made no case."""


def lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    """Each line that says something, with its number."""
    whole = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    for number, line in enumerate(whole.splitlines(), start=1):
        if line.strip():
            yield number, line.strip()


def webhook_id(line: bytes) -> str:
    return "file_" + hashlib.sha256(line).hexdigest()[:40]


async def flag_lines(path: Path, bring_in: BringIn) -> int:
    """1 if any line made no case, or the file can't be read; each line's case or problem is printed."""
    failed = 0
    try:
        lines = list(lines_of(path))
    except OSError as error:
        sys.stderr.write(f"{path}: cannot be read: {error.strerror}\n")
        return 1
    for number, line in lines:
        try:
            if len(line) > MAX_BODY:
                raise NotBroughtIn(f"has over {MAX_BODY} bytes")
            case = await bring_in(line, webhook_id(line))
        except NotBroughtIn as problem:
            failed += 1
            sys.stderr.write(f"{path.name}, line {number}: {problem}\n")
        else:
            sys.stdout.write(f"{case}\n")
    return 1 if failed else 0


def local_secret(directory: Path) -> str:
    """What signs flags from this machine where no FLAGS_SECRET is set: whoever may read the store has it.

    Raises StoreUnwritable where it can be neither read nor made.
    """
    path = directory / "flags.key"
    try:
        if not path.exists():
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_key(path)
        return path.read_text().strip()
    except OSError as error:
        raise StoreUnwritable(f"{path}: {error.strerror or error}") from error


def _make_key(path: Path) -> None:
    """Linked in place once it is whole, so that of two processes that start at once both read the same key."""
    made = path.with_name(f"{path.name}.{os.getpid()}")
    made.unlink(missing_ok=True)
    fd = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(fd, "w") as file:
            file.write("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink(missing_ok=True)


def over_http(session: aiohttp.ClientSession, settings: Settings, secret: str) -> BringIn:
    """Posts to the bot that runs with the same settings."""
    webhook = Webhook(secret)
    url = URL.build(scheme="http", host=settings.host, port=settings.port, path="/api/flags")

    async def bring_in(line: bytes, message_id: str) -> str:
        while True:
            headers = _signed(webhook, line, message_id)
            try:
                async with session.post(url, data=io.BytesIO(line), headers=headers) as answer:
                    if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                        return _case_in(answer.status, await answer.read())
                    wait = int(answer.headers.get("Retry-After", "1"))
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                raise NotBroughtIn(f"the bot at {url.origin()} does not answer") from error
            await asyncio.sleep(wait)

    return bring_in


def _signed(webhook: Webhook, line: bytes, message_id: str) -> dict[str, str]:
    now = datetime.now(UTC)
    try:
        signature = webhook.sign(message_id, now, line.decode())
    except UnicodeDecodeError as error:
        raise NotBroughtIn("is not UTF-8") from error
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }


def _case_in(status: int, body: bytes) -> str:
    """The designation that the bot gave, or what it had against the flag."""
    try:
        told = json.loads(body)
        if status == 202:
            return str(told["case"])
        errors = "; ".join(f"{one['field']}: {one['problem']}" for one in told.get("errors", ()))
        raise NotBroughtIn(f"{told['detail']} {errors}".strip())
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise NotBroughtIn(f"what answered is not the bot (status {status})") from error


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
        try:
            done = await intake.bring_in(flagged, keys=(key,), by="file", at=clock())
        except StoreUnsure as error:
            raise NotBroughtIn(
                "it may be in the record or not; send the file again, it counts once"
            ) from error
        except StoreUnwritable as error:
            raise NotBroughtIn("the record cannot be written now") from error
        if isinstance(done, UnknownChannel):
            raise NotBroughtIn(f"there is no channel {done.channel!r}")
        return done.case

    return bring_in
