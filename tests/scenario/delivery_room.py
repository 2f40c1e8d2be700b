"""A delivery at work against a fake Bot Connector, with a clock that may run faster than time does."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.deliveries import Rendered, Update
from bot.teams.addresses import AddressBook
from bot.teams.connector import Connector, open_session
from bot.teams.copies import Copies
from bot.teams.delivery import Delivery
from bot.teams.pacing import Pacing
from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import NoCredentials, TokenSource
from bot.turns import Address, ConversationKind, Sender
from storage.store import Message
from tests.fakes.connector import FakeConnector
from tests.fakes.outbox import MemoryOutbox

Json = dict[str, Any]

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TENANT = "00000000-0000-0000-0000-0000000000aa"
MARK = "kan ha skickats tidigare"


class FastClock:
    """Runs ``speed`` times as fast as time does; ``leap`` moves it at once."""

    def __init__(self, speed: float = 1.0) -> None:
        self._speed = speed
        self._began = time.monotonic()
        self._leapt = 0.0

    def elapsed(self) -> float:
        return (time.monotonic() - self._began) * self._speed + self._leapt

    def now(self) -> datetime:
        return START + timedelta(seconds=self.elapsed())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)

    def leap(self, seconds: float) -> None:
        self._leapt += seconds


@dataclass(kw_only=True)
class FakeRenderer:
    """A card that says its subject; kinds other than ``card`` behave as they are called."""

    smaller: Callable[[], Json] | None = None
    states: dict[str, str] = field(default_factory=dict)
    rendered: list[str] = field(default_factory=list)

    async def render(self, message: Message, *, repeated: bool) -> Rendered | Update | None:
        self.rendered.append(message.id)
        said = f"{message.subject} {self.states.get(message.subject, '')}".strip()
        card = text_card(f"{said} {MARK}" if repeated else said)
        match message.kind:
            case "over":
                return None
            case "broken":
                raise ValueError("a fault in rendering")
            case "update":
                return Update(card=card, summary=said, copy_of=message.subject, smaller=self.smaller)
            case "plain":
                return Rendered(card=card, summary=said)
            case _:
                return Rendered(card=card, summary=said, copy_of=message.subject, smaller=self.smaller)


def text_card(text: str) -> Json:
    return {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": text}]}


@dataclass(kw_only=True)
class Room:
    teams: FakeConnector
    outbox: MemoryOutbox
    clock: FastClock
    renderer: FakeRenderer
    connector: Connector
    delivery: Delivery
    addresses: AddressBook
    delivered: list[str] = field(default_factory=list)
    unreachable: list[tuple[str, str]] = field(default_factory=list)
    running: asyncio.Task[None] | None = None

    def owe(self, number: object, to: str, *, kind: str = "card", subject: str | None = None) -> Message:
        message = Message(id=f"{number}", to=to, kind=kind, subject=subject or f"{number}")
        self.outbox.owe(message, self.clock.now())
        self.delivery.wake()
        return message

    async def knows(self, who: str, **fields: Any) -> str:
        """Somebody who has written to the bot; returns the recipient's name."""
        sender = Sender(object_id=who, user=f"29:{who}", name="", locale="sv-SE")
        await self.addresses.on_seen(sender, self.address(f"a:{who}", **fields))
        return f"person:{who}"

    def address(self, conversation: str, **fields: Any) -> Address:
        given: Mapping[str, Any] = {"service_url": self.teams.url, "tenant": TENANT, "bot": "28:bot"} | fields
        return Address(conversation=conversation, **given)

    async def settled(self, *, within: float = 10.0) -> None:
        """Until the outbox is empty, while the loop runs."""
        if self.running is None:
            self.running = asyncio.create_task(self.delivery.run())
        async with asyncio.timeout(within):
            while self.outbox.owed:  # noqa: ASYNC110 - a test may poll
                await asyncio.sleep(0.005)

    def said_in(self, conversation: str) -> list[str]:
        return [card["body"][0]["text"] for card in self.teams.cards_in(conversation)]


CHANNEL = ConversationKind.CHANNEL


@asynccontextmanager
async def delivery_room(
    *,
    speed: float = 1.0,
    outbox: MemoryOutbox | None = None,
    teams: FakeConnector | None = None,
    renderer: FakeRenderer | None = None,
    tokens: TokenSource | None = None,
    pacing: Pacing | None = None,
    answer_within: float = 15.0,
    local: bool = False,
    give_way: Callable[[], Awaitable[object]] | None = None,
) -> AsyncIterator[Room]:
    clock = FastClock(speed)
    fake = teams or FakeConnector(clock=clock.elapsed)
    store = outbox or MemoryOutbox()
    async with fake, open_session() as session:
        connector = Connector(
            session, tokens or NoCredentials(), ServiceUrls(local=True), timeout=answer_within
        )
        delivered: list[str] = []
        unreachable: list[tuple[str, str]] = []

        async def on_delivered(message: Message, at: datetime) -> None:
            delivered.append(message.id)

        async def on_unreachable(message: Message, why: str, *, gone: bool) -> None:
            unreachable.append((message.id, why))

        addresses = AddressBook(store)
        shown = renderer or FakeRenderer()
        delivery = Delivery(
            store=store,
            copies=Copies(store),
            connector=connector,
            addresses=addresses,
            renderer=shown,
            on_delivered=on_delivered,
            on_unreachable=on_unreachable,
            clock=clock.now,
            sleep=clock.sleep,
            elapsed=clock.elapsed,
            pacing=pacing,
            rng=random.Random(1),
            local=local,
            give_way=give_way,
        )
        room = Room(
            teams=fake,
            outbox=store,
            clock=clock,
            renderer=shown,
            connector=connector,
            delivery=delivery,
            addresses=addresses,
            delivered=delivered,
            unreachable=unreachable,
        )
        yield room
        await delivery.stop()
        if room.running is not None:
            await room.running
