"""A process that dies at the worst moment, and the one that takes over."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from storage.store import StoreUnwritable
from tests.fakes.connector import AnswerLost, FakeConnector, Slow
from tests.fakes.outbox import MemoryOutbox
from tests.scenario.delivery_room import MARK, delivery_room


class DyingOutbox(MemoryOutbox):
    """Dies instead of making the entry ``at``."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    async def sent(self, message_id: str, at: datetime) -> None:
        self._die("sent")
        await super().sent(message_id, at)

    async def put_document(self, collection: str, key: str, doc: dict[str, Any]) -> None:
        self._die(collection)
        await super().put_document(collection, key, doc)

    def _die(self, here: str) -> None:
        if here.partition("/")[0] == self.at:
            self.at = ""
            raise asyncio.CancelledError


@pytest.mark.parametrize(
    ("dies_at", "shown"),
    [
        ("cards", ["SM-1", f"SM-1 {MARK}"]),  # Teams had it, and nothing here tells so: unknown
        ("sent", ["SM-1"]),  # the card's receipt tells that it had arrived
    ],
)
async def test_a_crash_after_sending_leaves_nothing_wrong(dies_at: str, shown: list[str]) -> None:
    outbox = DyingOutbox(dies_at)
    async with delivery_room(outbox=outbox) as first:
        first.owe("SM-1", await first.knows("admin"))
        await first.delivery.drain()
        assert "SM-1" in outbox.running
        outbox.crash()
        async with delivery_room(outbox=outbox, teams=FakeConnector()) as second:
            await second.knows("admin")
            await second.settled()
            assert outbox.done == {"SM-1": "sent"}
            assert first.said_in("a:admin") + second.said_in("a:admin") == shown
            assert second.delivered == ["SM-1"]


async def test_started_is_recorded_before_the_call_leaves() -> None:
    async with delivery_room() as room:
        seen: list[bool] = []
        room.teams.behaviour = lambda call: seen.append("SM-1" in room.outbox.running)
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert seen == [True]


async def test_a_repeat_that_is_interrupted_is_not_repeated_again() -> None:
    outbox = MemoryOutbox()
    async with delivery_room(outbox=outbox, speed=20) as first:
        first.teams.does(AnswerLost())
        first.teams.does(Slow(seconds=1))
        first.owe("SM-1", await first.knows("admin"))
        running = asyncio.create_task(first.delivery.drain())
        await first.teams.wait_for(2)
        outbox.crash()
        async with delivery_room(outbox=outbox) as second:
            await second.knows("admin")
            await second.settled()
            assert not second.teams.calls
            assert second.unreachable == [("SM-1", "answer_lost")]
        running.cancel()
        first.outbox.done.clear()


async def test_stopping_finishes_what_is_in_flight_and_begins_nothing_else() -> None:
    async with delivery_room() as room:
        admin = await room.knows("admin")
        room.teams.does(Slow(seconds=0.3))
        room.owe("SM-1", admin)
        room.owe("SM-2", admin)
        running = asyncio.create_task(room.delivery.run())
        await room.teams.wait_for(1)
        await room.delivery.stop()
        await running
        assert room.outbox.done == {"SM-1": "sent"}
        assert "SM-2" in room.outbox.owed


class FullDisk(MemoryOutbox):
    """Refuses the first entries that a message was sent."""

    refusals = 3

    async def sent(self, message_id: str, at: datetime) -> None:
        if self.refusals:
            self.refusals -= 1
            raise StoreUnwritable("no space left")
        await super().sent(message_id, at)


async def test_a_disk_that_is_full_for_a_while_makes_no_duplicate() -> None:
    async with delivery_room(outbox=FullDisk(), speed=50) as room:
        room.owe("SM-1", await room.knows("admin"))
        await room.settled()
        assert room.said_in("a:admin") == ["SM-1"]
