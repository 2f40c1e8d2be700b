"""The outbox of several instances: each message is with one of them."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeVar

import pytest

from storage.postgres.address import LEASE
from storage.postgres.database import Database
from storage.postgres.store import PostgresStore
from storage.store import Store
from tests.contract.databases import ids, to
from tests.contract.stores import AT, open_at, put
from tests.postgres import Postgres

T = TypeVar("T")


async def test_a_message_and_all_to_the_same_person_are_with_one_instance(two: tuple[Store, Store]) -> None:
    await put(two[0], owes=tuple(to(n % 4, f"m{n}") for n in range(12)))
    taken = await asyncio.gather(*(store.due(AT, 4) for store in two for _ in range(3)))
    mine, theirs = (set(ids(itertools.chain(*some))) for some in (taken[:3], taken[3:]))
    assert not mine & theirs
    people = [{int(name[1:]) % 4 for name in some} for some in (mine, theirs)]
    assert not people[0] & people[1]
    with pytest.raises(KeyError):
        await two[1].started(mine.pop(), AT)


async def test_what_is_put_back_anybody_may_take(two: tuple[Store, Store]) -> None:
    await put(two[0], owes=(to(1, "m1"), to(1, "m2")))
    assert ids(await two[0].due(AT, 10)) == ["m1", "m2"]
    assert await two[1].due(AT, 10) == []
    await two[0].started("m1", AT)
    await two[0].postponed("m1", AT)
    await two[0].sent("m2", AT)
    assert ids(await two[1].due(AT, 10)) == ["m1"]
    await two[0].postponed("m1", AT)
    assert ids(await two[1].due(AT, 10)) == ["m1"], "it is no longer the first one's to put back"


async def test_one_that_ends_leaves_what_it_had_at_once(two: tuple[Store, Store]) -> None:
    await put(two[0], owes=(to(1, "m1"), to(2, "m2")))
    await two[0].due(AT, 10)
    await two[0].started("m1", AT)
    await two[0].close()
    assert [(one.message.id, one.unknown) for one in await two[1].due(AT, 10)] == [
        ("m1", True),
        ("m2", False),
    ]


async def test_one_that_lives_keeps_what_it_has_and_one_that_died_loses_it(
    postgres: Postgres, database: Database, url: str
) -> None:
    await up_for_long(database)
    async with AsyncExitStack() as stack:
        living, dead, other = [await open_at(f"{url}&lease=0.6") for _ in range(3)]
        stack.push_async_callback(living.close)
        stack.push_async_callback(other.close)
        await put(living, owes=(to(1, "m1"), to(2, "m2")))
        assert ids(await living.due(AT, 1)) == ["m1"]
        assert ids(await dead.due(AT, 1)) == ["m2"]
        await dead.started("m2", AT)
        stops_dead(dead)
        began = time.monotonic()
        took = await eventually(lambda: other.due(AT, 10))
        assert 0.3 < time.monotonic() - began < 3
        assert [(one.message.id, one.unknown, one.attempts) for one in took] == [("m2", True, 1)]
        await dead.sent("m2", AT)  # it was not dead, only cut off: what it knows still counts
        with pytest.raises(KeyError):
            await other.started("m2", AT)
        await dead.close()


async def eventually(look: Callable[[], Awaitable[list[T]]]) -> list[T]:
    """What it finds once it finds anything."""
    found: list[T] = []
    while not found:
        await asyncio.sleep(0.05)
        found = await look()
    return found


async def up_for_long(database: Database) -> None:
    """A server that has just started leaves everybody the time of a lease."""
    query = "SELECT 1 WHERE now() - pg_postmaster_start_time() > interval '0.6s'"
    await eventually(lambda: database.fetch(query))


def stops_dead(store: Store) -> None:
    """Its process is stopped, as with SIGSTOP: it renews nothing."""
    assert isinstance(store, PostgresStore)
    assert store.instance.renewing
    store.instance.renewing.cancel()


async def test_who_was_cut_off_leaves_the_others_one_lease_more(
    two: tuple[Store, Store], database: Database
) -> None:
    await put(two[0], owes=(to(1, "m1"),))
    await two[0].started("m1", AT)
    await database.execute("UPDATE instances SET alive_until = now() - interval '1 hour'")
    assert await two[1].due(AT, 10) == [], "the database was gone for both"
    await database.execute(
        "UPDATE instances SET since = now() - make_interval(secs => $1) WHERE alive_until > now()", LEASE + 1
    )
    assert ids(await two[1].due(AT, 10)) == ["m1"]
