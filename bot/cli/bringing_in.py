"""``flag`` and ``import-channels``: into the record, by a bot that is made for it."""

import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path

from bot.channels.importing import NotAChannelFile, Row, read_rows
from bot.channels.register import ChannelRegister
from bot.cli.telling import say, unusable
from bot.flag_file import directly, flag_lines, local_secret, over_http
from bot.running import Running
from bot.settings import Settings
from bot.teams.connector import open_session
from storage.opening import directory_of
from storage.store import StoreLocked

MakeBot = Callable[[Settings], AbstractAsyncContextManager[Running]]


async def flag_file(path: Path, settings: Settings, make: MakeBot) -> int:
    """Into the store, or where a running bot holds it, to that bot."""
    try:
        async with make(settings) as bot:
            return await flag_lines(path, directly(bot.intake, bot.services.clock))
    except StoreLocked:
        secret = settings.flags_secret or local_secret(directory_of(settings.storage_url))
        async with open_session() as session:
            return await flag_lines(path, over_http(session, settings, secret))


async def import_channels(path: Path, settings: Settings, make: MakeBot) -> int:
    """Into the record itself: the bot must not run on it, unless it lies in a database. What is wrong is told row by
    row, and the rows that are right are taken in. 1 if any row was left out."""
    async with make(settings) as bot:
        services = bot.services
        try:
            rows = read_rows(path, services.organisation)
        except NotAChannelFile as error:
            sys.stderr.write(f"{path.name}: {error}\n")
            return 1
        except OSError as error:
            return unusable(error)
        register = ChannelRegister(services.store, services.pepper)
        left_out = [await _taken_in(row, path.name, register, services.clock()) for row in rows]
        return max(left_out, default=0)


async def _taken_in(row: Row, file: str, register: ChannelRegister, at: datetime) -> int:
    problems = row.problems
    if row.channel is not None:
        refused = await register.bring_in(row.channel, by="channel_file", at=at)
        if refused is None:
            say(row.channel.id)
            return 0
        problems = (f"the register has it already, as {refused.channel}",)
    for problem in problems:
        sys.stderr.write(f"{file}, line {row.number}: {problem}\n")
    return 1
