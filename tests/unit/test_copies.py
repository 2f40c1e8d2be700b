"""Where the copies of a card are, as far as the address book of cards knows."""

import asyncio
from pathlib import Path

from bot.teams.copies import Copies, SentCard
from storage.embedded import EmbeddedStore


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


async def test_an_answer_and_a_delivery_that_bring_a_copy_at_the_same_moment_are_both_kept(
    tmp_path: Path,
) -> None:
    store = await EmbeddedStore.open(tmp_path, projector=lambda event, tables: ())
    copies = Copies(store)
    await asyncio.gather(*(copies.remember("case", "person:1", card("chat-1", f"a{n}")) for n in range(4)))
    await asyncio.gather(
        copies.forget("case", "person:1", ("chat-1", "a0")),
        copies.remember("case", "person:1", card("chat-1", "a4")),
    )
    kept = await copies.of("case", "person:1")
    assert {one.activity for one in kept} == {"a1", "a2", "a3", "a4"}
    await store.close()
