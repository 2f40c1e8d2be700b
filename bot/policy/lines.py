"""The lines of a guideline, each with its kind and its exact place in the text."""

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST_PLAIN_HEADING = 60

_MARKED = re.compile(r" {0,3}#{1,6}[ \t]+(?P<body>\S.*?)[ \t]*#*[ \t]*$")
_BOLD = re.compile(r"(?P<body>(\*\*|__)[^*_]+(\*\*|__):?)[ \t]*$")
_NUMBERED = re.compile(r"\s{0,3}(?P<marker>\d{1,4})[.)][ \t]+(?P<body>\S.*?)\s*$")
_DASH = re.compile(r"(?P<indent>\s*)[-*•–+][ \t]+(?P<body>\S.*?)\s*$")
_RULE = re.compile(r"\s*([-*_=])([ \t]*\1){2,}\s*$")
_COMMENT = re.compile(r"\s*<!--.*-->\s*$")
_PLAIN_HEADING = re.compile(r"[^\W\d_][^.!?;]*$")


class LineKind(StrEnum):
    BLANK = "blank"
    HEADING = "heading"
    NUMBERED = "numbered"
    DASH = "dash"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """``number`` counts from 1; ``start`` and ``end`` leave out the line ending and trailing blanks;
    ``body_start`` is where the words begin after a list marker."""

    kind: LineKind
    number: int
    start: int
    body_start: int
    end: int
    body: str
    marker: str = ""
    indented: bool = False


def read_lines(text: str) -> list[Line]:
    raw = text.split("\n")
    marked = any(_MARKED.match(line) for line in raw)
    lines: list[Line] = []
    offset = 0
    for index, line in enumerate(raw):
        plain = not marked and _stands_alone(raw, index)
        lines.append(_read(line, number=index + 1, offset=offset, marked=marked, plain_heading=plain))
        offset += len(line) + 1
    return lines


def _stands_alone(raw: list[str], index: int) -> bool:
    """A blank line on both sides, and something to be the heading of."""
    before = index == 0 or not raw[index - 1].strip()
    after = index + 1 < len(raw) and not raw[index + 1].strip()
    return before and after and any(line.strip() for line in raw[index + 1 :])


def _read(line: str, *, number: int, offset: int, marked: bool, plain_heading: bool) -> Line:
    kind, found = _kind(line.rstrip(), marked=marked, plain_heading=plain_heading)
    stripped = line.strip()
    if found is None:
        body_start, body, marker = offset + len(line) - len(line.lstrip()), stripped, ""
    else:
        body_start, body = offset + found.start("body"), found["body"]
        marker = found["marker"].lstrip("0") or "0" if kind is LineKind.NUMBERED else ""
    return Line(
        kind=kind,
        number=number,
        start=offset,
        body_start=body_start,
        end=offset + len(line.rstrip()),
        body=body,
        marker=marker,
        indented=line[:2].isspace(),
    )


def _kind(line: str, *, marked: bool, plain_heading: bool) -> tuple[LineKind, re.Match[str] | None]:
    if not line.strip() or _RULE.match(line) or _COMMENT.match(line):
        return LineKind.BLANK, None
    if marked and (found := _MARKED.match(line)):
        return LineKind.HEADING, found
    if found := _NUMBERED.match(line):
        return LineKind.NUMBERED, found
    if found := _DASH.match(line):
        return LineKind.DASH, found
    if plain_heading and (found := _BOLD.match(line)):
        return LineKind.HEADING, found
    if (
        plain_heading
        and len(line) <= LONGEST_PLAIN_HEADING
        and _PLAIN_HEADING.match(line)
        and line[0].isupper()
    ):
        return LineKind.HEADING, None
    return LineKind.TEXT, None
