"""Operational documents come back as they were put, whatever their keys and words look like."""

from pathlib import Path

import pytest

from storage.documents import Documents

ODD = ["plain", 'with "quotes"', "back\\slash", 'a","b', "åäö 🙂", "", "a:1;messageid=2", "{", "null]"]


@pytest.mark.parametrize("key", ODD)
async def test_a_key_of_any_letters_is_found_after_a_start(tmp_path: Path, key: str) -> None:
    path = tmp_path / "documents.jsonl"
    first = Documents(path)
    await first.put("cards", key, {"said": 'he said "no", ]}', "key": key})
    await first.put("cards", "gone", {"a": 1})
    await first.put("cards", "gone", None)
    first.close()
    again = Documents(path)
    assert again.all("cards") == {key: {"said": 'he said "no", ]}', "key": key}}
    again.close()


async def test_a_document_that_was_forgotten_is_not_there_after_a_start(tmp_path: Path) -> None:
    first = Documents(tmp_path / "documents.jsonl")
    await first.put('odd "one"', "key", {"a": 1})
    await first.put('odd "one"', "key", None)
    first.close()
    again = Documents(tmp_path / "documents.jsonl")
    assert again.get('odd "one"', "key") is None
    again.close()
