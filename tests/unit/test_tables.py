"""TinyDB's own interface over packed rows, and what its operations cost."""

import tracemalloc
from time import perf_counter

import pytest
from tinydb import where
from tinydb.table import Document

from storage.tables import KeyedTable, ReadSide, packed


@pytest.fixture
def tables() -> ReadSide:
    return ReadSide()


def keyed(tables: ReadSide, name: str = "cases") -> KeyedTable:
    table = tables.table(name)
    assert isinstance(table, KeyedTable)
    return table


def test_documents_are_found_by_their_own_key(tables: ReadSide) -> None:
    table = keyed(tables)
    assert table.insert(Document({"n": 1}, "SM-1")) == "SM-1"  # type: ignore[arg-type]
    assert table.get(doc_id="SM-1") == {"n": 1}
    assert table.get(doc_id="SM-2") is None
    assert table.contains(doc_id="SM-1")
    assert tables.get("cases", "SM-1") == {"n": 1}


def test_a_key_is_inserted_once_and_upserted_as_often_as_one_likes(tables: ReadSide) -> None:
    table = keyed(tables)
    table.insert(Document({"n": 1}, "k"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="already"):
        table.insert(Document({"n": 2}, "k"))  # type: ignore[arg-type]
    table.upsert(Document({"n": 3}, "k"))  # type: ignore[arg-type]
    assert [dict(doc) for doc in table.all()] == [{"n": 3}]
    with pytest.raises(TypeError, match="doc_id"):
        table.insert({"n": 4})


def test_conditions_search_update_and_remove_as_in_tinydb(tables: ReadSide) -> None:
    table = keyed(tables)
    for n in range(6):
        table.insert(Document({"n": n, "odd": n % 2 == 1}, str(n)))  # type: ignore[arg-type]
    assert [doc["n"] for doc in table.search(where("odd") == True)] == [1, 3, 5]  # noqa: E712 - a query
    assert table.count(where("n") > 3) == 2
    table.update({"n": 10}, where("n") == 5)
    assert table.get(where("n") == 10) == {"n": 10, "odd": True}
    assert table.remove(where("odd") == True) == ["1", "3", "5"]  # noqa: E712
    assert table.remove(doc_ids=["0", "none such"]) == ["0"]
    assert len(table) == 2
    table.truncate()
    assert len(table) == 0


def test_tables_are_listed_dropped_and_replaced_as_a_whole(tables: ReadSide) -> None:
    keyed(tables, "a").insert(Document({"n": 1}, "k"))  # type: ignore[arg-type]
    assert tables.tables() == {"a"}
    tables.storage.write({"b": {"k": {"n": 2}}})
    assert tables.storage.read() == {"b": {"k": {"n": 2}}}
    assert tables.select("b") == [{"n": 2}]


def test_an_operation_by_key_costs_the_same_in_a_large_table(tables: ReadSide) -> None:
    def cost(rows: int) -> float:
        table = keyed(tables, f"of {rows}")
        for n in range(rows):
            table.upsert(Document({"n": n}, str(n)))  # type: ignore[arg-type]
        began = perf_counter()
        for n in range(500):
            table.upsert(Document({"n": -n}, str(n % rows)))  # type: ignore[arg-type]
            table.get(doc_id=str(n % rows))
        return perf_counter() - began

    assert min(cost(20_000), cost(20_000)) < 10 * max(cost(10), cost(10)), (
        "a stock table would be 1000 times slower"
    )


def test_a_row_takes_no_more_memory_than_its_text() -> None:
    """The encoder's own result looks as short, and keeps 4 KiB: with five rows a case that was 24 KB a case."""
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        rows = [packed({"number": number, "text": "x" * 200}) for number in range(1000)]
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 1000 * 500, len(rows)
