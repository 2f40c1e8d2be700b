"""Two bots on one PostgreSQL do the same thing at the same moment: it is done once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from storage.opening import open_record
from tests.postgres import Postgres
from tests.scenario.world import APP_ID, MONDAY, Clock, World, a_world, words

REMINDED = "Påminnelse: det här väntar fortfarande på beslut."
Two = tuple[World, World]


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.place()


@pytest.fixture
async def two(url: str, tmp_path: Path) -> AsyncIterator[Two]:
    """One clock; people write to the first only, so that both send to its connector."""
    clock = Clock(MONDAY)
    async with AsyncExitStack() as stack:
        one, other = [
            await stack.enter_async_context(a_world(tmp_path / "none", clock=clock, STORAGE_URL=url))
            for _ in range(2)
        ]
        yield one, other


async def both_look(two: Two) -> None:
    await asyncio.gather(*(one.bot.reminding.look() for one in two for _ in range(3)))
    await settle(two)


async def settle(two: Two) -> None:
    await asyncio.gather(*(one.settle() for one in two))


def told(one: World, who: str, text: str) -> int:
    sent = [sent for sent in one.connector.sent if sent.conversation == one[who].conversation]
    return sum(text in words(sent.activity) for sent in sent)


async def test_reminders_and_escalations_come_once(two: Two, url: str) -> None:
    one, _ = two
    await one.arrive("admin", "admin2", "kommunikation")
    cases = [await one.flag() for _ in range(4)]
    await settle(two)
    one.clock.forward(hours=4)
    await both_look(two)
    await both_look(two)
    assert [told(one, who, REMINDED) for who in ("admin", "admin2")] == [len(cases)] * 2
    one.clock.forward(hours=4)
    await both_look(two)
    await both_look(two)
    assert [told(one, "kommunikation", case) for case in cases] == [1] * len(cases)
    async with open_record(url) as record:
        await record.verify()
        kinds = [event.kind async for event in record.events()]
    assert (kinds.count("reminded"), kinds.count("escalated")) == (len(cases), len(cases))


async def test_an_installation_that_each_is_told_of_is_one_welcome_with_what_waits(two: Two) -> None:
    one, other = two
    case = await one.flag()
    await settle(two)
    admin = one["admin"]
    added = admin.activity("conversationUpdate", membersAdded=[{"id": f"28:{APP_ID}"}])
    await asyncio.gather(admin.installs(), other.post(added))
    await settle(two)
    assert told(one, "admin", "Hej!") == 1
    assert told(one, "admin", case) == 1


async def test_a_post_that_is_flagged_to_each_at_once_is_one_case(two: Two) -> None:
    one, other = two
    post = {"id": "the-same", "text": "Så dumt skrivet!"}
    cases = await asyncio.gather(*(where.flag(post) for where in (one, other) for _ in range(5)))
    assert len(set(cases)) == 1
