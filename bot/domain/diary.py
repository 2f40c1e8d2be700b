"""Numbers as the registrar's diary gives them: "KS 2026/123"."""

import re

_DIARY_NUMBER = re.compile(r"(?=.*\d)[A-Za-zÅÄÖåäö0-9 ./:_-]{1,40}")
"""It stays in the journal for good, so it can't be any text."""


def tidy_number(typed: str) -> str:
    return " ".join(typed.split())


def is_diary_number(number: str) -> bool:
    return _DIARY_NUMBER.fullmatch(number) is not None
