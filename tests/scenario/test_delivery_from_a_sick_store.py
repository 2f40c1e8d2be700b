"""The store can't be written or asked for a while, in the midst of delivery: with room it goes on by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from storage.store import StoreUnwritable
from tests.fakes.connector import into
from tests.fakes.outbox import MemoryOutbox
from tests.scenario.delivery_room import delivery_room


class SickOutbox(MemoryOutbox):
    """``refuses`` says which of its operations do not work."""

    def __init__(self) -> None:
        super().__init__()
        self.refuses = frozenset[str]()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return refusing(found) if name != "refuses" and name in self.refuses else found


def refusing(operation: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def refused(*_: Any, **__: Any) -> Any:
        raise StoreUnwritable("No space left on device")

    return refused


_WRITES = frozenset({"change_document", "put_document", "given_up", "sent", "postponed"})


async def test_who_cannot_be_reached_is_told_of_once_there_is_room_again() -> None:
    async with delivery_room(speed=50, outbox=(outbox := SickOutbox())) as room:
        admin = await room.knows("admin")
        room.teams.fails(403, "MessageWritesBlocked", when=into("a:admin"), times=None)
        outbox.refuses = _WRITES
        room.owe("SM-1", admin)
        running = asyncio.create_task(room.delivery.run())
        room.running = running
        await asyncio.sleep(0.3)
        assert not room.unreachable
        outbox.refuses = frozenset()
        await room.settled()
        assert room.unreachable == [("SM-1", "MessageWritesBlocked")]


@pytest.mark.parametrize("operation", ["document", "change_document", "due"])
async def test_a_message_that_comes_due_while_the_store_is_gone_is_sent_when_it_is_back(
    operation: str,
) -> None:
    async with delivery_room(speed=50, outbox=(outbox := SickOutbox())) as room:
        admin = await room.knows("admin")
        room.teams.fails(429, times=1)
        room.owe("SM-1", admin)
        room.running = asyncio.create_task(room.delivery.run())
        while not outbox.until:  # noqa: ASYNC110 - a test may poll
            await asyncio.sleep(0.005)
        outbox.refuses = frozenset({operation})
        await asyncio.sleep(0.3)
        outbox.refuses = frozenset()
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1"]
