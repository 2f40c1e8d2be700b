"""The bot in this process, owing a card of its own to each of many people who have written to it before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app import running
from bot.running import Running, at_work
from bot.settings import read_settings
from bot.teams.addresses import AddressBook
from bot.teams.tokens import NoCredentials
from tests.bench.filling import a_post, seen
from tests.bench.people import Admin, admins, environment
from tests.fakes.connector import FakeConnector

_PATIENCE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    bot: Running
    teams: FakeConnector
    people: tuple[Admin, ...]

    async def gets_its_cards(self) -> None:
        """Through the bot's own outbox loop, at its own pace; until nothing is owed."""
        async with at_work(self.bot), asyncio.timeout(_PATIENCE):
            while (await self.bot.services.store.backlog()).depth:  # noqa: ASYNC110 - it tells nobody by itself
                await asyncio.sleep(0.1)


@asynccontextmanager
async def crowd(data: Path, people: int, teams: FakeConnector) -> AsyncIterator[Crowd]:
    """Each channel's two admins are owed the card of its one case: nobody waits for another's conversation."""
    channels = people // 2
    given = read_settings(environment(data, channels))
    trusted = frozenset({"127.0.0.1"})
    async with teams, running(given, trusted_hosts=trusted, tokens=NoCredentials()) as bot:
        everybody = admins(channels)
        await seen(AddressBook(bot.services.store), everybody, teams.url)
        for number in range(1, channels + 1):
            post = a_post(number, channels)
            await bot.intake.bring_in(post, keys=(), by="bench", at=bot.services.clock())
        yield Crowd(bot=bot, teams=teams, people=everybody)
