"""What only a store that several instances share has to promise."""

import asyncio
from pathlib import Path

from bot.teams.copies import Copies, SentCard
from storage.opening import open_record
from storage.postgres.database import Database
from storage.store import KeyTaken, Store
from tests.contract.databases import ids, to
from tests.contract.stores import AT, a_message, open_at, put


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
