"""Securing a post's files: only when an admin asks, only from where one may fetch, and gone with the rest."""

import base64
import hashlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.exports.exporting import export
from bot.web.fetching import Fetcher, is_public
from storage.reading import Reading
from tests.fakes.files import FakeFiles
from tests.scenario.world import Json, World, buttons

PICTURE = b"\x89PNG not really a picture"
SECURE = "Säkra bilagorna som bevis"


@pytest.fixture
async def files() -> AsyncIterator[FakeFiles]:
    async with FakeFiles() as one:
        one.files["bild.png"] = PICTURE
        one.files["secret"] = b"inner network"
        yield one


async def a_case(world: World, files: FakeFiles, *names: str) -> tuple[str, Json]:
    await world.arrive("admin")
    attached = [{"name": name, "content_type": "image/png", "url": f"{files.url}/{name}"} for name in names]
    case = await world.flag({"attachments": attached})
    return case, await world["admin"].waits_for(case)


async def test_nothing_is_fetched_until_an_admin_asks_and_then_it_is_kept_with_its_hash(
    world: World, files: FakeFiles, tmp_path: Path
) -> None:
    case, card = await a_case(world, files, "bild.png")
    await world["personal"].sends(world["personal"].invoke("secure", {"case": case}))
    assert files.asked == []
    secured = await world["admin"].clicks(card, SECURE)
    digest = hashlib.sha256(PICTURE).hexdigest()
    assert f"bild.png (säkrad, SHA-256 {digest[:16]}…)" in secured.words
    assert SECURE not in buttons(secured.card)
    journal = (tmp_path / "data" / "journal.jsonl").read_text()
    assert digest not in journal
    assert "files_secured" in journal
    (tmp_path / "out").mkdir()
    services = world.bot.services
    await export(
        Reading(tmp_path / "data"), tmp_path / "out", organisation=services.organisation, law=services.law
    )
    assert (tmp_path / "out" / "files" / digest).read_bytes() == PICTURE


async def test_what_is_secured_can_still_be_decided_with_the_card_from_before(
    world: World, files: FakeFiles
) -> None:
    case, card = await a_case(world, files, "bild.png")
    await world["admin"].clicks(card, SECURE)
    assert "Beslutat" in (await world["admin"].clicks(card, "Behåll")).words
    again = await world["admin"].clicks(card, SECURE)
    assert "Beslutat" in again.words
    kinds = [event.kind for event in await world.bot.services.store.load(case)]
    assert kinds.count("files_secured") == 1


async def test_what_cannot_be_fetched_is_told_and_the_rest_is_kept(world: World, files: FakeFiles) -> None:
    _, card = await a_case(world, files, "gone.png")
    refused = await world["admin"].clicks(card, SECURE)
    assert "Inga bilagor kunde hämtas" in refused.words
    _, card = await a_case(world, files, "bild.png", "gone.png", "elsewhere")
    some = await world["admin"].clicks(card, SECURE)
    assert "bild.png (säkrad" in some.words
    assert "gone.png (säkrad" not in some.words
    assert "secret" not in files.asked
    assert SECURE in buttons(some.card)


async def test_suspected_abuse_destroys_secured_files_too(
    world: World, files: FakeFiles, tmp_path: Path
) -> None:
    _, card = await a_case(world, files, "bild.png")
    contents = tmp_path / "data" / "contents.jsonl"
    await world["admin"].clicks(card, SECURE)
    assert base64.b64encode(PICTURE) in contents.read_bytes()
    warned = await world["admin"].clicks(card, "Misstänkt övergrepp mot barn…")
    done = await world["admin"].clicks(warned.card, "Bekräfta: förstör kopian och radera")
    assert base64.b64encode(PICTURE) not in contents.read_bytes()
    assert SECURE not in buttons(done.card)


# Where one may fetch from ------------------------------------------------------------------------------------


class Names(AbstractResolver):
    """Every name is at the address that the test says."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found: Any = {
            "hostname": host,
            "host": self.address,
            "port": port,
            "family": family,
            "proto": 0,
            "flags": 0,
        }
        return [found]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://10.0.0.8/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.8]/x",
        "https://0.0.0.0/x",
        "https://[64:ff9b::7f00:1]/x",
        "https://[::127.0.0.1]/x",
        "https://[fec0::1]/x",
        "https://user:word@example.org/x",
        "https://example.org:8443/x",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "https://",
        "https://exa mple.org/",
        "",
    ],
)
async def test_addresses_that_are_not_for_everybody_are_not_asked(url: str) -> None:
    fetcher = Fetcher(Names("93.184.216.34"), seconds=0.2)
    assert await fetcher.fetch(url) is None
    await fetcher.close()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1"])
async def test_a_public_name_that_leads_inside_is_not_followed(address: str, files: FakeFiles) -> None:
    fetcher = Fetcher(Names(address), seconds=1)
    assert await fetcher.fetch("https://inside.example/secret") is None
    assert files.asked == []
    await fetcher.close()


@pytest.mark.parametrize("name", ["endless", "slow", "elsewhere", "missing"])
async def test_what_is_endless_slow_or_elsewhere_is_given_up(files: FakeFiles, name: str) -> None:
    fetcher = Fetcher(allowed=frozenset({"127.0.0.1"}), largest=100_000, seconds=0.5)
    assert await fetcher.fetch(f"{files.url}/{name}") is None
    assert await fetcher.fetch(f"{files.url}/bild.png") == PICTURE
    await fetcher.close()


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("224.0.0.1", False), ("::", False), ("fe80::1", False),
     ("fc00::1", False), ("2002:0a00:0001::", False), ("::ffff:127.0.0.1", False), ("198.18.0.1", False),
     ("64:ff9b::7f00:1", False), ("64:ff9b::a00:1", False), ("64:ff9b::808:808", True),
     ("64:ff9b:1::7f00:1", False), ("64:ff9b:1::808:808", False), ("::127.0.0.1", False), ("::10.0.0.1", False),
     ("::8.8.8.8", False), ("::1", False), ("fec0::1", False), ("feff::1", False)],
)  # fmt: skip
def test_public_means_that_the_whole_internet_shares_it(address: str, public: bool) -> None:
    assert is_public(address) is public
