"""TinyDB as the read side, so that no operation costs more than what it touches.

Stock TinyDB copies and rewrites every record of every table on each change (85 ms at 10 000 records). Here the
storage holds each document as the bytes of its JSON: a tenth of the memory of a dictionary, ready to be written
to a checkpoint, and what is handed out is always the reader's own copy.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document, Table

from storage.json_form import from_json, to_json
from storage.store import Json

Rows = dict[str, bytes]
Changes = dict[tuple[str, str], bytes | None]
"""By table and key; None is a document that goes."""


def packed(doc: Mapping[str, Any]) -> bytes:
    """On one line. Raises for what is no JSON."""
    return b"%b" % to_json(dict(doc))  # a copy: orjson's own holds on to the 4 KiB that it was written into


def unpacked(row: bytes) -> Json:
    return cast("Json", from_json(row))


def unpacked_all(rows: Iterable[bytes]) -> list[Json]:
    """In one go, three times as quick as one by one."""
    return cast("list[Json]", from_json(b"[%b]" % b",".join(rows)))


class PackedStorage(Storage):
    """Tables in memory; durability is somebody else's. ``read`` and ``write`` as TinyDB knows them cost O(all)."""

    def __init__(self) -> None:
        self.tables: dict[str, Rows] = {}

    def rows(self, table: str) -> Rows:
        return self.tables.get(table, {})

    def put(self, table: str, key: str, row: bytes) -> None:
        rows = self.tables.get(table)
        if rows is None:
            rows = self.tables[table] = {}
        rows[key] = row

    def drop(self, table: str, key: str) -> None:
        rows = self.tables.get(table)
        if rows is not None and rows.pop(key, None) is not None and not rows:
            del self.tables[table]

    def change(self, changes: Changes) -> None:
        for (table, key), row in changes.items():
            if row is None:
                self.drop(table, key)
            else:
                self.put(table, key, row)

    def read(self) -> dict[str, dict[str, Any]]:
        return {name: {key: unpacked(row) for key, row in rows.items()} for name, rows in self.tables.items()}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        self.tables = {
            name: {key: packed(doc) for key, doc in docs.items()} for name, docs in data.items() if docs
        }


class KeyedTable(Table):
    """A table whose document ids are the domain's own keys.

    By key everything is O(1); conditions look through this one table. ``insert`` and ``upsert`` take a
    ``Document`` with its key.
    """

    document_id_class = str  # type: ignore[assignment]
    default_query_cache_capacity = 0

    def insert(self, document: Mapping[str, Any]) -> str:  # type: ignore[override]
        key = _key(document)
        if key in self._packed.rows(self.name):
            raise ValueError(f"{self.name} has a document {key} already")
        self._packed.put(self.name, key, packed(document))
        return key

    def upsert(  # type: ignore[override]
        self, document: Mapping[str, Any], cond: QueryLike | None = None
    ) -> list[str]:
        """With a condition as in TinyDB; without, the document replaces the one of its key whole."""
        if cond is not None:
            return cast("list[str]", super().upsert(document, cond))
        self._packed.put(self.name, _key(document), packed(document))
        return [_key(document)]

    def get(  # type: ignore[override]
        self,
        cond: QueryLike | None = None,
        doc_id: str | None = None,
        doc_ids: list[str] | None = None,
    ) -> Document | list[Document] | None:
        if doc_id is not None:
            return self._one(doc_id)
        if doc_ids is not None:
            return [found for found in map(self._one, doc_ids) if found is not None]
        return super().get(cond) if cond is not None else None

    def contains(self, cond: QueryLike | None = None, doc_id: str | None = None) -> bool:  # type: ignore[override]
        if doc_id is not None:
            return doc_id in self._packed.rows(self.name)
        return cond is not None and super().contains(cond)

    def remove(  # type: ignore[override]
        self, cond: QueryLike | None = None, doc_ids: Iterable[str] | None = None
    ) -> list[str]:
        if doc_ids is None:
            return cast("list[str]", super().remove(cond))
        gone = [key for key in doc_ids if key in self._packed.rows(self.name)]
        for key in gone:
            self._packed.drop(self.name, key)
        return gone

    def all(self) -> list[Document]:
        rows = self._packed.rows(self.name)
        docs = unpacked_all(rows.values())
        return [_document(doc, key) for key, doc in zip(rows, docs, strict=True)]

    def __len__(self) -> int:
        return len(self._packed.rows(self.name))

    @property
    def _packed(self) -> PackedStorage:
        return cast("PackedStorage", self._storage)

    def _one(self, key: str) -> Document | None:
        row = self._packed.rows(self.name).get(key)
        return None if row is None else _document(unpacked(row), key)

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {key: unpacked(row) for key, row in self._packed.rows(self.name).items()}

    def _update_table(self, updater: Callable[[dict[Any, Any]], Any]) -> None:
        docs = cast("dict[Any, Any]", self._read_table())
        updater(docs)
        self._packed.tables[self.name] = {key: packed(doc) for key, doc in docs.items()}


def _key(document: Mapping[str, Any]) -> str:
    if not isinstance(document, Document):
        raise TypeError("a document is inserted as Document(doc, doc_id=key)")
    return cast("str", document.doc_id)


def _document(doc: Json, key: str) -> Document:
    return Document(doc, cast("Any", key))


class ReadSide(TinyDB):
    """``table(name)`` gives a TinyDB table as anyone knows it, only quicker; ``get`` and ``select`` are the
    store's short ways."""

    table_class = KeyedTable

    def __init__(self) -> None:
        super().__init__(storage=PackedStorage)

    @property
    def packed(self) -> PackedStorage:
        return cast("PackedStorage", self.storage)

    def get(self, table: str, key: str) -> Json | None:
        row = self.packed.rows(table).get(key)
        return None if row is None else unpacked(row)

    def count(self, table: str) -> int:
        return len(self.packed.rows(table))

    def oldest(self, table: str) -> Json | None:
        """A dictionary keeps the order in which its keys came."""
        row = next(iter(self.packed.rows(table).values()), None)
        return None if row is None else unpacked(row)

    def select(self, table: str) -> list[Json]:
        return unpacked_all(self.packed.rows(table).values())
