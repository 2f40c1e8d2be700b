"""What only a store that several instances share has to promise, and what only a server can do to one."""

import asyncio
import itertools
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TypeVar

import pytest

from bot.teams.copies import Copies, SentCard
from storage.contents import seal
from storage.opening import open_record, problem_of
from storage.postgres.address import LEASE, Address, parse
from storage.postgres.database import Database
from storage.postgres.entra import SCOPE
from storage.postgres.migrations import STEPS
from storage.postgres.store import PostgresStore
from storage.store import (
    Appended,
    BrokenChain,
    Content,
    Drop,
    Event,
    KeyTaken,
    Message,
    NewEvent,
    Put,
    Store,
    StoreUnusable,
    StoreUnwritable,
    Tables,
)
from tests.contract.test_store_contract import AT, a_message, count, open_at, put
from tests.fakes.entra import FakeEntra
from tests.postgres import Postgres

T = TypeVar("T")


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.place()


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Store, Store]]:
    """Opened at the same moment on an empty place."""
    one, other = await asyncio.gather(open_at(url), open_at(url))
    yield one, other
    await asyncio.gather(one.close(), other.close())


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    one = await Database.open(parse(url))
    yield one
    await one.close()


def ids(owed: Iterable[object]) -> list[str]:
    return [one.message.id for one in owed]  # type: ignore[attr-defined]


def to(person: int, name: str) -> Message:
    return Message(id=name, to=f"person:{person}", kind="case", subject="s")


async def test_two_instances_write_one_chain(two: tuple[Store, Store], url: str) -> None:
    await asyncio.gather(*(put(two[n % 2], f"s{n % 7}", kinds=("one", "two")) for n in range(200)))
    async with open_record(url) as record:
        assert (await record.verify()).events == 400
    assert (await two[0].get("streams", "s0") or {})["n"] == (await two[1].get("streams", "s0") or {})["n"]


async def test_what_one_took_the_other_is_told_of(two: tuple[Store, Store]) -> None:
    outcomes = await asyncio.gather(*(put(two[n % 2], f"s{n}", keys=("k",)) for n in range(8)))
    assert sorted(type(one).__name__ for one in outcomes) == ["Appended"] + ["KeyTaken"] * 7
    outcomes = await asyncio.gather(*(put(two[n % 2], "t", expected=0) for n in range(8)))
    assert sorted(type(one).__name__ for one in outcomes) == ["Appended"] + ["VersionConflict"] * 7


async def test_of_two_that_add_a_document_at_once_both_get_the_same(two: tuple[Store, Store]) -> None:
    added = await asyncio.gather(*(two[n % 2].add_document("secrets", "pepper", {"n": n}) for n in range(8)))
    assert added == [added[0]] * 8


async def test_of_two_that_change_a_document_at_once_neither_undoes_the_other(
    two: tuple[Store, Store],
) -> None:
    copies = [Copies(one) for one in two]
    cards = [SentCard(conversation="a:1", activity=f"{n}", service_url="", message=f"m{n}") for n in range(8)]
    await asyncio.gather(*(copies[n % 2].remember("case", "person:1", one) for n, one in enumerate(cards)))
    assert {one.activity for one in await copies[0].of("case", "person:1")} == {one.activity for one in cards}


async def test_what_one_has_claimed_is_its_own_until_it_gives_it_back_or_an_hour_has_passed(
    two: tuple[Store, Store], database: Database
) -> None:
    one, other = two
    assert sorted(await asyncio.gather(one.claim("a"), other.claim("a"))) == [False, True]
    assert await one.claim("b")
    assert await one.claim("b"), "its own"
    assert not await other.claim("b")
    await other.unclaim("b")
    assert not await other.claim("b"), "only whoever has it gives it back"
    await one.unclaim("b")
    assert await other.claim("b")
    await database.execute("UPDATE claims SET at = now() - interval '2 hours'")
    assert await one.claim("b")
    assert [row["count"] for row in await database.fetch("SELECT count(*) FROM claims")] == [1], "old ones go"


async def test_the_hashes_are_those_of_the_embedded_store(url: str, tmp_path: Path) -> None:
    heads = []
    for address in (f"tinydb:{tmp_path / 'data'}", url):
        store = await open_at(address)
        await put(store, "åäö", keys=("k",), owes=(a_message(data={"n": [1, None, "å"]}),), kinds=("a", "b"))
        await put(store, "nul \x00 in a name", expected=0)
        heads.append([event.hash async for event in store.events()])
        await store.close()
    assert heads[0] == heads[1]


async def test_names_that_its_text_has_no_place_for(url: str) -> None:
    store, odd = await open_at(url), "\x00" + "x" * 20_000
    done = await put(store, "nul \x00", keys=(odd,), owes=(to(1, odd),))
    assert await put(store, keys=(odd,)) == KeyTaken(key=odd, event=done.events[0])  # type: ignore[union-attr]
    await store.put_document(odd, odd, {odd: odd})
    assert await store.documents(odd) == {odd: {odd: odd}}
    assert len(await store.load("nul \x00")) == 1
    assert ids(await store.due(AT, 1)) == [odd]
    await store.close()


# The outbox of several ----------------------------------------------------------------------------------------


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


# What befalls a database --------------------------------------------------------------------------------------


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


# Starting -----------------------------------------------------------------------------------------------------


def by_stream(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    yield Put(table="kinds", key=event.stream, doc={"kind": event.kind})


async def test_other_code_makes_the_read_side_anew(url: str, database: Database) -> None:
    store = await open_at(url)
    await put(store, "a")
    await store.close()
    await database.execute("UPDATE chain SET code = 'other'")
    store = await PostgresStore.open(parse(url), projector=by_stream)
    assert await store.get("kinds", "a") == {"kind": "happened"}
    assert await store.select("streams") == []
    await store.close()


async def test_tables_of_a_newer_program_are_left_alone(url: str, database: Database) -> None:
    await (await open_at(url)).close()
    await database.execute("INSERT INTO migrations (step) VALUES ($1)", len(STEPS) + 1)
    with pytest.raises(StoreUnusable, match="newer program"):
        await open_at(url)


async def test_a_password_is_in_no_error_no_log_and_no_representation(
    url: str, postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = url.replace("postgres@", "postgres:hemligt%2F1@")
    assert parse(secret).password == "hemligt/1"
    with pytest.raises(StoreUnwritable) as caught:
        await open_at(secret.replace("&search", "nowhere&search"))
    assert "hemligt" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert "hemligt" not in repr(parse(secret)) + str(parse(secret)) + caplog.text
    with_key = parse(f"{url}&sslpassword=hemligt%2F2")
    assert "hemligt" not in repr(with_key) + str(with_key)
    assert with_key.for_driver.endswith("&sslpassword=hemligt%2F2")
    assert problem_of("postgresql://x:hemligt@/") == problem_of("postgresql://x@")


@pytest.mark.parametrize(
    "address",
    ["postgresql://", "postgresql://host", "postgresql:///db", "postgresql://host:x/db", "mysql://host/db",
     "postgresql://host/db?auth=kerberos", "postgresql://host/db?lease=0", "postgresql://host/db?lease=long"],
)  # fmt: skip
def test_an_address_of_no_database_is_refused(address: str) -> None:
    assert problem_of(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://u:p%40ss@db.example:5433/bot?sslmode=verify-full",
         Address(dsn="postgresql://u@db.example:5433/bot?sslmode=verify-full", password="p@ss", here=False)),
        ("postgres://u@10.0.0.1/bot?auth=entra&lease=30",
         Address(dsn="postgresql://u@10.0.0.1/bot", password=None, entra=True, lease=30, here=False)),
        ("postgresql://[::1]/bot?password=p+q", Address(dsn="postgresql://[::1]/bot", password="p q")),
    ],
)  # fmt: skip
def test_an_address_is_read_as_it_was_meant(address: str, expected: Address) -> None:
    assert (parse(address), problem_of(address)) == (expected, None)


# Signing in ---------------------------------------------------------------------------------------------------


async def test_each_new_connection_asks_for_the_password_anew(postgres: Postgres, url: str) -> None:
    asked: list[str] = []

    async def token() -> str:
        asked.append(f"token-{len(asked) + 1}")
        postgres.sql(f"ALTER ROLE entra PASSWORD '{asked[-1]}'")  # only the newest is good
        return asked[-1]

    with postgres.asking_for_passwords("entra"):
        address = parse(url.replace("postgres@", "entra@"))
        store = await PostgresStore.open(address, projector=count, password=token)
        for _ in range(3):
            postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'entra'")
            await store.put_document("c", "k", {})
        await store.close()
    assert len(asked) > 3


async def test_a_managed_identity_signs_in_with_a_token_of_entra(
    postgres: Postgres, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeEntra() as entra:
        for name, value in entra.identity_environment.items():
            monkeypatch.setenv(name, value)
        with postgres.asking_for_passwords("entra"):
            postgres.sql("ALTER ROLE entra PASSWORD 'token-1'")
            store = await open_at(url.replace("postgres@", "entra@") + "&auth=entra")
            assert isinstance(await put(store), Appended)
            await store.close()
    assert [one["resource"] for one in entra.requests] == [SCOPE.removesuffix("/.default")]


async def test_a_wrong_password_is_told_without_it(postgres: Postgres, url: str) -> None:
    with postgres.asking_for_passwords("entra"):
        postgres.sql("ALTER ROLE entra PASSWORD 'right'")
        with pytest.raises(StoreUnwritable, match="authentication") as caught:
            await open_at(url.replace("postgres@", "entra:hemligt@"))
    assert "hemligt" not in str(caught.value)
