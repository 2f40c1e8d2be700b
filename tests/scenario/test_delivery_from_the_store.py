"""Delivery out of the embedded store: owed with the event, sent once, and still so after a restart."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.teams.addresses import AddressBook
from bot.teams.connector import Connector, open_session
from bot.teams.copies import Copies
from bot.teams.delivery import Delivery
from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import NoCredentials
from bot.turns import Address, Sender
from storage.opening import open_store
from storage.store import Drop, Event, Message, NewEvent, Put, Store, Tables
from tests.fakes.connector import FakeConnector
from tests.scenario.delivery_room import MARK, FakeRenderer


def now() -> datetime:
    return datetime.now(UTC)


def nothing(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    return ()


@asynccontextmanager
async def opened(directory: Path) -> AsyncIterator[Store]:
    store = await open_store(f"tinydb:{directory}", projector=nothing, clock=now)
    try:
        yield store
    finally:
        await store.close()


async def owe(store: Store, *messages: Message) -> None:
    await store.append(
        "SM-1",
        [NewEvent(kind="flagged", data={})],
        expected_version=None,
        actor="system",
        at=now(),
        owes=messages,
    )


@asynccontextmanager
async def delivering(store: Store, teams: FakeConnector) -> AsyncIterator[Delivery]:
    async def delivered(message: Message, at: datetime) -> None: ...

    async def unreachable(message: Message, why: str, *, gone: bool) -> None: ...

    addresses = AddressBook(store)
    address = Address(conversation="a:admin", service_url=teams.url, tenant="t", bot="28:bot")
    await addresses.on_seen(Sender(object_id="admin", user="29:admin", name=""), address)
    async with open_session() as session:
        yield Delivery(
            store=store,
            copies=Copies(store),
            connector=Connector(session, NoCredentials(), ServiceUrls(local=True)),
            addresses=addresses,
            renderer=FakeRenderer(),
            on_delivered=delivered,
            on_unreachable=unreachable,
            clock=now,
        )


def said(teams: FakeConnector) -> list[str]:
    return [card["body"][0]["text"] for card in teams.cards_in("a:admin")]


async def test_what_an_event_owes_arrives_once_over_restarts(tmp_path: Path) -> None:
    card = Message(id="card", to="person:admin", kind="card", subject="SM-1")
    update = Message(id="update", to="person:admin", kind="update", subject="SM-1")
    async with FakeConnector() as teams:
        async with opened(tmp_path) as store:
            await owe(store, card)
            async with delivering(store, teams) as delivery:
                await delivery.drain()
        async with opened(tmp_path) as store:
            await owe(store, update)
            async with delivering(store, teams) as delivery:
                await delivery.drain()
            assert await store.due(now(), 10) == []
        assert said(teams) == ["SM-1"]
        assert [call.operation for call in teams.calls] == ["send", "update"]


async def test_what_was_started_when_the_process_died_is_repeated_with_a_mark(tmp_path: Path) -> None:
    async with FakeConnector() as teams:
        async with opened(tmp_path) as store:
            await owe(store, Message(id="card", to="person:admin", kind="card", subject="SM-1"))
            await store.started("card", now())
        for _ in range(2):
            async with opened(tmp_path) as store, delivering(store, teams) as delivery:
                await delivery.drain()
        assert said(teams) == [f"SM-1 {MARK}"]
