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


async def test_a_start_does_not_write_anew_what_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "documents.jsonl"
    first = Documents(path, compact_above=1000)
    for n in range(50):
        await first.put("cards", f"card {n}", {"said": "x" * 50})
    first.close()
    again = Documents(path, compact_above=1000)
    lines = len(path.read_bytes().splitlines())
    await again.put("cards", "card 7", {"said": "y"})
    assert len(path.read_bytes().splitlines()) == lines + 1, "added to, as it was"
    for _ in range(120):
        await again.put("cards", "card 7", {"said": "x" * 50})
    assert len(path.read_bytes().splitlines()) < lines + 60, "and yet what is mostly out of date is"
    again.close()
