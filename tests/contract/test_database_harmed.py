"""What only a server can do to a store: connections that break, texts that linger, rows that somebody changes."""

import asyncio
import random

import pytest

from storage.contents import seal
from storage.opening import open_record
from storage.postgres.address import parse
from storage.postgres.database import Database
from storage.store import Appended, BrokenChain, Content, KeyTaken, NewEvent, Store, StoreUnwritable
from tests.contract.stores import AT, open_at, put
from tests.postgres import Postgres


async def test_connections_that_break_lose_and_repeat_nothing(postgres: Postgres, url: str) -> None:
    store = await open_at(url)
    breaking = asyncio.create_task(break_connections(url))
    outcomes: list[object] = []
    for n in range(150):
        while True:
            try:
                outcomes.append(await put(store, expected=n, keys=(f"k{n}",)))
                break
            except StoreUnwritable:
                continue
    breaking.cancel()
    await asyncio.wait([breaking])
    assert len(await store.load("s")) == 150
    again = [one for one in outcomes if not isinstance(one, Appended)]
    assert all(isinstance(one, KeyTaken) for one in again)
    assert len(again) < 10, "an answer that was lost is looked up"
    await store.close()
    async with open_record(url) as record:
        assert (await record.verify()).events == 150


async def break_connections(url: str) -> None:
    database = await Database.open(parse(url))
    try:
        while True:
            await database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'riktlinjebot' AND pid <> pg_backend_pid()"
            )
            await asyncio.sleep(0.06)  # a new connection gets some of its work done
    finally:
        await database.close()


async def test_a_poisoned_commit_does_not_pull_down_its_neighbours(url: str, database: Database) -> None:
    store = await open_at(url)
    await database.execute("ALTER TABLE events ADD CHECK (stream <> 'bad')")
    outcomes = await asyncio.gather(*(put(store, name) for name in ("a", "bad", "b")), return_exceptions=True)
    assert [type(one).__name__ for one in outcomes] == ["Appended", "CheckViolationError", "Appended"]
    await store.close()


async def test_disposal_leaves_neither_text_nor_salt(url: str, database: Database) -> None:
    store, text = await open_at(url), seal(b"borta")
    await store.append(
        "s", [NewEvent(kind="k", data={})], expected_version=0, actor="x", at=AT, contents=(text,)
    )
    await store.dispose([text.ref, "0" * 64])
    (row,) = await database.fetch("SELECT salt, data FROM contents")
    assert (row["salt"], row["data"]) == (None, None)
    await store.append(
        "s", [NewEvent(kind="k", data={})], expected_version=1, actor="x", at=AT, contents=(text,)
    )
    assert await store.content(text.ref) is None, "what is gone does not come back"
    await store.close()


def in_files(postgres: Postgres, text: str) -> list[str]:
    """Files of the server in which the text stands; the write-ahead log is not meant."""
    postgres.sql("CHECKPOINT")
    files = [one for one in (postgres.server.pgdata / "base").rglob("*") if one.is_file()]
    return [one.name for one in files if text.encode() in one.read_bytes()]


async def many_texts(store: Store) -> list[Content]:
    """Unlike one another, so that they are stored as they are; one so large that it lies in a table of its own."""
    rng = random.Random(1)
    texts = [seal(rng.randbytes(300 if n else 30_000).hex().encode()) for n in range(31)]
    for text in texts:
        event = NewEvent(kind="k", data={})
        await store.append("s", [event], expected_version=None, actor="x", at=AT, contents=(text,))
    return texts


def parts(text: Content) -> list[str]:
    data = text.data.decode()
    return [data[at : at + 24] for at in (0, len(data) // 2, len(data) - 24)]


async def test_no_part_of_what_was_disposed_of_is_left_in_a_file(url: str, postgres: Postgres) -> None:
    store = await open_at(url)
    texts = await many_texts(store)
    for places in ([3], [4, 5, 9], [15, 29, 0], [10, 11, 12, 13]):
        assert all(in_files(postgres, part) for n in places for part in parts(texts[n])[:1])
        await store.dispose([texts[n].ref for n in places])
        assert not [part for n in places for part in parts(texts[n]) if in_files(postgres, part)]
    assert await store.content(texts[1].ref) == texts[1].data
    await store.close()


@pytest.mark.parametrize("reads", ["events", "contents"])
async def test_what_an_older_snapshot_kept_in_the_file_goes_once_it_has_ended(
    url: str, postgres: Postgres, database: Database, reads: str
) -> None:
    store = await open_at(url)
    texts = await many_texts(store)
    async with database.lend() as connection, connection.transaction(isolation="repeatable_read"):
        await connection.fetch(f"SELECT FROM {reads}")
        await store.dispose([texts[5].ref, texts[0].ref])
        assert await store.content(texts[5].ref) is None
        await store.dispose([])
        assert in_files(postgres, parts(texts[5])[0]), "a test of nothing else"
    await store.close()
    store = await open_at(url)  # it is owed across restarts
    await store.dispose([])
    assert not [part for n in (0, 5) for part in parts(texts[n]) if in_files(postgres, part)]
    assert await database.fetch("SELECT FROM unswept") == []
    await store.close()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (
            "UPDATE events SET body = replace(body::text, 'happened', 'happiest')::json WHERE seq = 2",
            "event 2",
        ),
        ("UPDATE events SET seq = seq + 10 WHERE seq = 3", "event"),
        ("DELETE FROM events WHERE seq = 3", "newest"),
        ("DELETE FROM events WHERE seq = 1", "event 1"),
        ("UPDATE events SET stream = 'other' WHERE seq = 1", "another event's place"),
        ("DELETE FROM keys", "keys"),
        ("UPDATE contents SET data = 'other'", "content"),
    ],
)
async def test_verify_finds_what_somebody_changed(url: str, database: Database, harm: str, told: str) -> None:
    store = await open_at(url)
    for n in range(2):
        await put(store, keys=(f"k{n}",))
    await store.append(
        "s", [NewEvent(kind="k", data={})], expected_version=2, actor="x", at=AT, contents=(seal(b"t"),)
    )
    await store.close()
    await database.execute(harm)
    with pytest.raises(BrokenChain, match=told):
        async with open_record(url) as record:
            await record.verify()


async def test_where_there_is_no_record_there_is_nothing_to_verify(url: str) -> None:
    with pytest.raises(BrokenChain, match="no record"):
        async with open_record(url):
            pass
