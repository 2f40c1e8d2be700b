"""What an operator reads: which case, group or status a sentence is about."""

import logging

from bot.log_lines import LogLines


def line(text: str, **fields: object) -> str:
    record = logging.makeLogRecord({"name": "bot.x", "levelname": "INFO", "msg": text, **fields})
    return LogLines().format(record)


def test_fields_follow_the_sentence() -> None:
    told = line("a post was flagged", case="SM-2026-0001", status=None, count=2)
    assert told.endswith('INFO bot.x a post was flagged case="SM-2026-0001" status=null count=2')


def test_a_sentence_without_fields_stands_alone() -> None:
    assert line("ready").endswith("INFO bot.x ready")


def test_no_library_breaks_the_line() -> None:
    assert line("Request URL: 'x'\nRequest method: 'POST'").endswith(
        "Request URL: 'x'\\nRequest method: 'POST'"
    )


def test_no_value_breaks_the_line() -> None:
    assert "\n" not in line("x", code="a\nINFO bot.x forged")
