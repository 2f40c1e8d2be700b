"""What every store promises of messages that are owed."""

from datetime import timedelta

import pytest

from storage.store import LONGEST_POSTPONEMENT, Backlog, Store
from tests.contract.stores import AT, Open, a_message, put


async def test_the_backlog_is_what_is_neither_sent_nor_given_up(opening: Open) -> None:
    store = await opening()
    assert await store.backlog() == Backlog(depth=0, oldest=None)
    for minute, name in enumerate(("m0", "m1", "m2")):
        await put(store, owes=(a_message(name),), at=AT + timedelta(minutes=minute))
    await store.started("m0", AT)
    await store.postponed("m0", AT + timedelta(hours=1))
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert await again.backlog() == Backlog(depth=3, oldest=AT), (
            "one that waits is owed since it was owed"
        )
    await again.sent("m0", AT)
    assert await again.backlog() == Backlog(depth=2, oldest=AT + timedelta(minutes=1))
    await again.given_up("m1", AT, "403")
    await again.sent("m2", AT)
    assert await again.backlog() == Backlog(depth=0, oldest=None)


async def test_a_message_is_owed_until_it_is_sent_and_once_only(opening: Open) -> None:
    store = await opening()
    await put(store, owes=(a_message("m1"), a_message("m2")))
    await put(store, owes=(a_message("m1"),))
    assert [one.message.id for one in await store.due(AT, 10)] == ["m1", "m2"]
    await store.started("m1", AT)
    assert [one.message.id for one in await store.due(AT, 10)] == ["m2"], "the other is under way"
    await store.sent("m1", AT)
    store = await opening()
    assert [one.message.id for one in await store.due(AT, 10)] == ["m2"]
    await store.given_up("m2", AT, "403")
    assert await (await opening()).due(AT, 10) == []


@pytest.mark.parametrize("why", ["Bad\0Code", "\ud800"])
async def test_a_message_is_given_up_whatever_teams_calls_the_reason(opening: Open, why: str) -> None:
    store = await opening()
    await put(store, owes=(a_message("m1"),))
    await store.started("m1", AT)
    await store.given_up("m1", AT, why)
    store = await opening()
    assert await store.due(AT, 10) == []


async def test_a_send_that_the_process_did_not_survive_is_unknown(opening: Open) -> None:
    store = await opening()
    await put(store, owes=(a_message(),))
    await store.started("m", AT)
    (owed,) = await (await opening()).due(AT, 10)
    assert (owed.unknown, owed.attempts) == (True, 1)


async def test_a_postponed_message_waits_across_restarts(opening: Open) -> None:
    store = await opening()
    await put(store, owes=(a_message("m1"), a_message("m2", not_before=AT + timedelta(hours=1))))
    await store.started("m1", AT)
    await store.postponed("m1", AT + timedelta(minutes=5))
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert await again.due(AT, 10) == []
        later = await again.due(AT + timedelta(minutes=5), 10)
        assert [(one.message.id, one.attempts, one.unknown) for one in later] == [("m1", 1, False)]
        assert len(await again.due(AT + timedelta(hours=2), 10)) == 2


async def test_what_a_clock_far_ahead_postponed_is_due_once_the_clock_is_right(opening: Open) -> None:
    """What is itself for a later day waits for that day."""
    store, wrong = await opening(), AT + timedelta(days=30)
    week = AT + timedelta(days=7)
    await put(store, owes=(a_message("m1"), a_message("m2"), a_message("m3", not_before=week)))
    for name in ("m1", "m2"):
        await store.due(wrong, 10)
        await store.started(name, wrong)
        await store.postponed(name, wrong + timedelta(minutes=5))
    await store.due(AT, 10)
    await store.started("m2", AT)
    await store.postponed("m2", AT + LONGEST_POSTPONEMENT)
    for reopened in (False, True):
        again = await opening() if reopened else store
        assert [one.message.id for one in await again.due(AT, 10)] == ["m1"]
        assert len(await again.due(AT + LONGEST_POSTPONEMENT, 10)) == 2
        assert len(await again.due(week, 10)) == 3


async def test_due_gives_the_oldest_first_and_no_more_than_asked_for(store: Store) -> None:
    for n in range(6):
        await put(store, owes=(a_message(f"m{n}"),))
    await store.started("m1", AT)
    await store.postponed("m1", AT + timedelta(minutes=1))
    assert [one.message.id for one in await store.due(AT, 3)] == ["m0", "m2", "m3"]
    later = AT + timedelta(minutes=1)
    assert [one.message.id for one in await store.due(later, 3)] == ["m0", "m1", "m2"], (
        "it has its place again"
    )


async def test_an_attempt_without_word_of_its_end_is_followed_by_another_attempt(store: Store) -> None:
    await put(store, owes=(a_message(),))
    await store.started("m", AT)
    await store.started("m", AT)
    await store.postponed("m", AT)
    assert [(one.attempts, one.unknown) for one in await store.due(AT, 1)] == [(2, False)]


async def test_a_message_that_is_not_owed_cannot_be_started_and_is_done_already(store: Store) -> None:
    with pytest.raises(KeyError):
        await store.started("nothing", AT)
    await store.sent("nothing", AT)
    await store.given_up("nothing", AT, "403")
