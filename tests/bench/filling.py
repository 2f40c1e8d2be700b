"""Open cases for the bot to begin with: taken in by its own intake, their cards recorded as delivered.

Only the network is left out: at Teams' quotas the cards of 10 000 cases would need days to arrive.
"""

import asyncio
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.cases.owing import person
from bot.cases.reaching import Reaching
from bot.domain.posts import Flag, FlaggedPost, FlagSource, Post, PostKind
from bot.running import Running
from bot.services import Services
from bot.teams.addresses import AddressBook
from bot.teams.copies import Copies, SentCard
from bot.turns import Address, Sender
from cards.copies import case_copy
from storage.store import Message
from tests.bench.clicking import BOT, LOCALE, card_of
from tests.bench.people import ADMINS, CHANNELS, TENANT, Admin, channel_of

TEXT = "Ett inlägg med ungefär så lång text som inlägg brukar ha. " * 4
_AT_ONCE = 256
_CONVERSATIONS = {person(one.object_id): one.conversation for one in ADMINS}


async def fill(bot: Running, cases: int, service_url: str) -> None:
    """Every admin has been seen; both of a channel have the card of each of its cases.

    Synced once at the end: nobody waits for an acknowledgement, and 100 000 cases would take a quarter of an hour.
    """
    with _no_syncs():
        await _fill(bot, cases, service_url)
    os.sync()


@contextmanager
def _no_syncs() -> Iterator[None]:
    synced = os.fdatasync
    os.fdatasync = lambda fd: None
    try:
        yield
    finally:
        os.fdatasync = synced


async def _fill(bot: Running, cases: int, service_url: str) -> None:
    store = bot.services.store
    await seen(AddressBook(store), ADMINS, service_url)
    delivered = _Delivered(bot.services, service_url)
    for first in range(1, cases + 1, _AT_ONCE):
        for number in range(first, min(first + _AT_ONCE, cases + 1)):
            await bot.intake.bring_in(a_post(number), keys=(), by="bench", at=bot.services.clock())
        owed = await store.due(bot.services.clock(), 4 * _AT_ONCE)
        await asyncio.gather(*(delivered.deliver(one.message) for one in owed))


def a_post(number: int, channels: int = CHANNELS) -> FlaggedPost:
    post = Post(id=f"post-{number}", kind=PostKind.COMMENT, text=TEXT, author=f"Invånare {number}")
    return FlaggedPost(
        channel=channel_of(number, channels), post=post, flag=Flag(source=FlagSource.PERSON, by="Medarbetare")
    )


async def seen(addresses: AddressBook, people: Iterable[Admin], service_url: str) -> None:
    """As a turn of theirs would have it, so that the first click has nothing new to write down."""
    for one in people:
        await addresses.on_seen(
            Sender(object_id=one.object_id, user=one.user, name="", locale=LOCALE),
            Address(conversation=one.conversation, service_url=service_url, tenant=TENANT, bot=BOT),
        )


class _Delivered:
    """What delivery writes down of a card that arrived."""

    def __init__(self, services: Services, service_url: str) -> None:
        self._store, self._clock = services.store, services.clock
        self._told, self._copies = Reaching(services), Copies(services.store)
        self._service_url = service_url

    async def deliver(self, message: Message) -> None:
        at: datetime = self._clock()
        card = SentCard(
            conversation=_CONVERSATIONS[message.to],
            activity=card_of(message.subject, message.to.removeprefix("person:")),
            service_url=self._service_url,
            message=message.id,
        )
        await self._copies.remember(case_copy(message.subject), message.to, card)
        await self._told.delivered(message, at)
        await self._store.sent(message.id, at)
