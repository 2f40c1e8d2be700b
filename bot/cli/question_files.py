"""A file of questions, JSON Lines: what is no question is told with its line, before anything is made of it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_MARK = b"\xef\xbb\xbf"


class NoQuestion(ValueError):
    """A line that can't be read as a question."""

    def __init__(self, source: str, line: int, problem: str) -> None:
        super().__init__(f"{source}, line {line}: is no question: {problem}")


def question_lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Number and object of each line that says something, with a ``question`` that is a text and an ``id``, the number
    unless it has one. A line ends with a newline and nothing else: JSON may hold U+2028 as it is."""
    for number, data in enumerate(path.read_bytes().removeprefix(_MARK).split(b"\n"), start=1):
        if data.strip():
            try:
                yield number, _question(data, number)
            except ValueError as error:
                raise NoQuestion(path.name, number, str(error)) from error


def _question(data: bytes, number: int) -> Mapping[str, Any]:
    doc = json.loads(_decoded(data))
    if not isinstance(doc, dict):
        raise ValueError("expected an object")
    if not isinstance(doc.get("question"), str):
        raise ValueError("question: expected a text")
    name = doc.get("id", number)
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise ValueError("id: expected a text or a number")
    return {**doc, "id": str(name)}


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8: byte 0x{data[error.start]:02x} at {error.start + 1}") from None
