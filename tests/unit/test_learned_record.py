"""What is learned, as the read side keeps it: a row that is damaged is told of by its question, and left out."""

import logging

import pytest

from bot.questions.learned_record import all_learned
from storage.store import Json

ROW: Json = {
    "question": "FR-2026-0001",
    "language": "sv",
    "guideline": "ab" * 32,
    "quoted": {"passage": "a/1", "start": 0, "end": 9},
    "texts_ref": "cd" * 32,
    "proposed_by": "4",
    "at": "2026-11-23T08:00:00+00:00",
}


class Rows:
    def __init__(self, *docs: Json) -> None:
        self._docs = docs

    async def select(self, table: str) -> list[Json]:
        return list(self._docs)


async def test_a_row_that_cannot_be_read_is_told_of_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    damaged = ROW | {"question": "FR-2026-0002", "quoted": "Hemligt"}
    found = await all_learned(Rows(damaged, {}, ROW))
    assert [one.question for one in found] == ["FR-2026-0001"]
    told = [getattr(one, "question", "") for one in caplog.records if one.levelno == logging.ERROR]
    assert told == ["FR-2026-0002", None]
    assert "Hemligt" not in caplog.text
