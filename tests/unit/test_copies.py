"""Where the copies of a card are, as far as the address book of cards knows."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from bot.teams.copies import MOST_COPIES, Copies, SentCard
from storage.embedded import EmbeddedStore
from storage.store import Store
from tests.contract.test_store_contract import STORES, open_at
from tests.postgres import Postgres


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    in_files = request.param == "embedded"
    url = f"tinydb:{tmp_path / 'data'}" if in_files else request.getfixturevalue("postgres").place()
    one = await open_at(url)
    yield one
    await one.close()


def card(conversation: str, activity: str) -> SentCard:
    return SentCard(
        conversation=conversation, activity=activity, service_url="https://127.0.0.1", message="m"
    )


async def test_two_people_whose_cards_came_in_the_same_millisecond_both_keep_theirs(tmp_path: Path) -> None:
    store = await EmbeddedStore.open(tmp_path, projector=lambda event, tables: ())
    copies = Copies(store)
    first, second = card("chat-1", "1732456789012"), card("chat-2", "1732456789012")
    await copies.remember("case/SM-2026-0001", "person:1", first)
    await copies.remember("case/SM-2026-0001", "person:2", second)
    assert await copies.of("case/SM-2026-0001", "person:1") == [first]
    assert await copies.of("case/SM-2026-0001", "person:2") == [second]
    await store.close()


async def test_a_card_that_takes_another_ones_place_is_that_card_from_then_on(tmp_path: Path) -> None:
    store = await EmbeddedStore.open(tmp_path, projector=lambda event, tables: ())
    copies = Copies(store)
    await copies.remember("queue", "person:1", card("chat-1", "a1"))
    await copies.remember("case/SM-2026-0001", "person:1", card("chat-1", "a1"))
    assert await copies.of("queue", "person:1") == []
    assert [one.activity for one in await copies.of("case/SM-2026-0001", "person:1")] == ["a1"]
    await store.close()


def copy_number(number: int) -> SentCard:
    return card("chat-1", f"a{number}")


async def test_copies_that_come_at_once_are_all_kept(store: Store) -> None:
    copies = Copies(store)
    await asyncio.gather(*(copies.remember("queue", "person:1", copy_number(one)) for one in range(20)))
    assert {one.activity for one in await copies.of("queue", "person:1")} == {f"a{one}" for one in range(20)}


async def test_two_instances_lose_none_of_each_others_copies(postgres: Postgres) -> None:
    url = postgres.place()
    one, other = await asyncio.gather(open_at(url), open_at(url))
    for number in range(20):
        await asyncio.gather(
            Copies(one).remember(f"case/{number}", "person:1", copy_number(1)),
            Copies(other).remember(f"case/{number}", "person:1", copy_number(2)),
        )
        assert len(await Copies(one).of(f"case/{number}", "person:1")) == 2
    await asyncio.gather(one.close(), other.close())


async def test_the_newest_stand_first_and_there_are_never_too_many(store: Store) -> None:
    copies = Copies(store)
    for number in range(MOST_COPIES + 5):
        await copies.remember("queue", "person:1", copy_number(number))
    shown = replace(copy_number(7), message="")
    await copies.remember("queue", "person:1", shown)
    kept = await Copies(store).of("queue", "person:1")
    expected = [7, *(one for one in range(MOST_COPIES + 4, 4, -1) if one != 7)]
    assert [one.activity for one in kept] == [f"a{one}" for one in expected]
    assert kept[0].message == "m", "it keeps the message that it came by"


async def test_what_an_older_program_kept_is_found(store: Store) -> None:
    older = [copy_number(one) for one in (2, 1)]
    await store.put_document("cards", "queue|person:1", {"copies": [asdict(one) for one in older]})
    for _ in range(2):  # the second time there is nothing left to do
        copies = Copies(store)
        await copies.adopt_older()
        assert await copies.of("queue", "person:1") == older
