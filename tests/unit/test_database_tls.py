"""How the connection to a database is encrypted: nothing leaves the machine in the clear, and a token goes to nobody
who only says that they are the server."""

from typing import Any

import asyncpg
import pytest

from storage.postgres.address import parse
from storage.postgres.database import Database


async def a_token() -> str:
    return "token"


@pytest.mark.parametrize(
    ("address", "tls"),
    [
        ("postgresql://bot:x@db.example/bot", {"ssl": "require"}),
        ("postgresql://bot:x@10.0.0.1:5433/bot?application_name=x", {"ssl": "require"}),
        ("postgresql://bot:x@/bot?host=db.example", {"ssl": "require"}),
        ("postgresql://bot@db.example/bot?auth=entra", {"ssl": True}),
        ("postgresql://bot:x@localhost/bot", {}),
        ("postgresql://bot:x@127.0.0.1/bot", {}),
        ("postgresql://bot:x@[::1]/bot", {}),
        ("postgresql://bot@/bot?host=/run/postgresql", {}),
        ("postgresql://bot@localhost/bot?auth=entra", {}),
        ("postgresql://bot:x@db.example/bot?sslmode=verify-full", {}),
        ("postgresql://bot@db.example/bot?auth=entra&sslmode=verify-ca", {}),
    ],
)
async def test_what_goes_to_another_machine_is_encrypted_and_a_token_only_to_one_that_proves_its_name(
    address: str, tls: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the driver, ``True`` is verify-full, and what ``sslmode`` says in the address holds where nothing is passed."""
    passed: list[tuple[str, dict[str, Any]]] = []

    async def create_pool(dsn: str, **options: Any) -> None:
        passed.append((dsn, options))

    monkeypatch.setattr(asyncpg, "create_pool", create_pool)
    await Database.open(parse(address), password=a_token)
    ((dsn, options),) = passed
    assert {name: value for name, value in options.items() if "ssl" in name or "tls" in name} == tls
    assert ("sslmode=" in dsn) == ("sslmode=" in address)
    assert options["password"] is a_token
