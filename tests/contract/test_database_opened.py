"""Opening a database: its address, its password, the code that made its tables."""

import asyncio
import logging
from collections.abc import Iterable

import pytest

from storage.opening import problem_of
from storage.postgres.address import Address, parse
from storage.postgres.database import CONNECTIONS, Database
from storage.postgres.entra import SCOPE
from storage.postgres.migrations import STEPS
from storage.postgres.store import PostgresStore
from storage.store import Appended, Drop, Event, Put, StoreUnusable, StoreUnwritable, Tables
from tests.contract.stores import count, open_at, put
from tests.fakes.entra import FakeEntra
from tests.postgres import Postgres


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


@pytest.mark.parametrize(("habit", "held"), [("off", "on"), ("on", "on"), ("remote_apply", "remote_apply")])
async def test_what_is_committed_is_on_the_disk_whatever_the_servers_habit(
    postgres: Postgres, url: str, habit: str, held: str
) -> None:
    """Of every connection, also of those that are made when others are lent."""
    postgres.sql(f"CREATE ROLE hasty LOGIN SUPERUSER;\nALTER ROLE hasty SET synchronous_commit = {habit}")
    database = await Database.open(parse(url.replace("postgres@", "hasty@")))
    together = asyncio.Barrier(CONNECTIONS)

    async def setting() -> str:
        async with database.lend() as connection:
            await together.wait()
            return str(await connection.fetchval("SHOW synchronous_commit"))

    try:
        async with asyncio.timeout(20):
            assert await asyncio.gather(*(setting() for _ in range(CONNECTIONS))) == [held] * CONNECTIONS
    finally:
        await database.close()
        postgres.sql("DROP ROLE hasty")
