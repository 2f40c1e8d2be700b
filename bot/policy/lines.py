"""The lines of a guideline, each with its kind and its exact place in the text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_PLAIN_HEADING = 60
LONGEST_UNDERLINED = 120

_MARKED = re.compile(r" {0,3}#{1,6}[ \t]+(?P<body>\S.*?)[ \t]*#*[ \t]*$")
_BOLD = re.compile(r"(?P<body>(\*\*|__)[^*_]+(\*\*|__):?)[ \t]*$")
_NUMBERED = re.compile(r"\s{0,3}(?P<marker>\d{1,4})[.)][ \t]+(?P<body>\S.*?)\s*$")
_DASH = re.compile(r"(?P<indent>\s*)[-*•–+][ \t]+(?P<body>\S.*?)\s*$")
_RULE = re.compile(r"\s*([-*_=])([ \t]*\1){2,}\s*$")
_COMMENT = re.compile(r"\s*<!--.*-->\s*$")
_PLAIN_HEADING = re.compile(r"[^\W\d_][^.!?;]*$")
_NUMBERED_HEADING = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?[ \t]+(?=[^\W\d_a-zåäö])[^.!?;]*$")
_ROW = re.compile(r"\s*\|(?P<body>.*\S.*)\|\s*$")
_ROW_RULE = re.compile(r"\s*\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t]*:?-{2,}:?[ \t]*)*\|?\s*$")
_KEY = re.compile(r"[^\W\d][\w .-]{0,60}:(\s|$)")
_FRONT = re.compile(r"\s|$|[-#\]}]")
_UNDERLINE = re.compile(r" {0,3}(={2,}|-{2,})[ \t]*\r?$")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}(?!.*`)|~{3,})")
_QUESTION = re.compile(
    r"[ \t]*(?P<body>(?:\*\*|__)(?:[^*_]*\?)(?:\*\*|__)|(?:\*\*|__)?(?:Fråga|Question|F|Q)(?:\*\*|__)?:.*\?)[ \t]*$"
)


class LineKind(StrEnum):
    BLANK = "blank"
    HEADING = "heading"
    NUMBERED = "numbered"
    DASH = "dash"
    TEXT = "text"
    ROW = "row"
    """Of a table; the one above the rule names the columns."""
    COLUMNS = "columns"
    QUESTION = "question"
    """What the text after it answers."""
    FENCE = "fence"
    """Around code, which is text whatever it looks like."""


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
    front = _front_matter(raw)
    widths = [len(line) for line in raw]
    raw[:front] = [""] * front
    placed = _fenced(raw)
    underlined = [index for index in range(len(raw)) if index not in placed and _is_underlined(raw, index)]
    for index in underlined:
        placed |= {index: LineKind.HEADING, index + 1: LineKind.BLANK}
    placed = _open_tables(raw, placed) | placed
    marked = len(underlined) > 1 or any(
        _MARKED.match(line) for index, line in enumerate(raw) if index not in placed
    )
    lines: list[Line] = []
    offset = 0
    for index, line in enumerate(raw):
        kind, found = (placed[index], None) if index in placed else _read(raw, index, marked=marked)
        lines.append(_line(line, kind, found, number=index + 1, offset=offset))
        offset += widths[index] + 1
    return lines


def _front_matter(raw: Sequence[str]) -> int:
    """How many lines the file's own YAML takes at its top, which is no text of the guideline; prose between two rules is."""
    first = next((index for index, line in enumerate(raw) if line.strip()), len(raw))
    if first + 1 >= len(raw) or raw[first].rstrip() != "---" or not _KEY.match(raw[first + 1]):
        return 0
    for index in range(first + 1, len(raw)):
        if raw[index].rstrip() in {"---", "..."}:
            return index + 1
        if not _KEY.match(raw[index]) and not _FRONT.match(raw[index]):
            return 0
    return 0


def _fenced(raw: Sequence[str]) -> dict[int, LineKind]:
    """The kinds of fences and of what is within. One that nothing closes stands alone: headings far below it stay what
    they are."""
    made: dict[int, LineKind] = {}
    opened, fence = -1, ""
    for index, line in enumerate(raw):
        found = _FENCE.match(line)
        if opened < 0 and found:
            opened, fence = index, found["fence"]
            made[index] = LineKind.FENCE
        elif found and found["fence"].startswith(fence) and line.strip() == found["fence"]:
            for inner in range(opened + 1, index):
                made[inner] = LineKind.TEXT if raw[inner].strip() else LineKind.BLANK
            made[index] = LineKind.FENCE
            opened = -1
    return made


def _is_underlined(raw: Sequence[str], index: int) -> bool:
    """A line of its own over a row of = or -; under a list, a table or a sentence that is a rule."""
    line = raw[index].strip()
    if index + 1 == len(raw) or not _UNDERLINE.match(raw[index + 1]):
        return False
    if not line or len(line) > LONGEST_UNDERLINED or line.endswith((".", ";", ",")) or line.startswith(">"):
        return False
    above = raw[index - 1] if index else ""
    if above.strip() and not (_RULE.match(above) or _MARKED.match(above) or _FENCE.match(above)):
        return False
    kind, _ = _kind(raw[index].rstrip(), marked=True, plain_heading=False)
    numbered = kind is LineKind.NUMBERED and _NUMBERED_HEADING.match(line) and not _goes_on(raw, index)
    return kind in {LineKind.TEXT, LineKind.QUESTION} or bool(numbered)


def _open_tables(raw: Sequence[str], placed: Mapping[int, LineKind]) -> dict[int, LineKind]:
    """The names of the columns and the rows of tables whose lines needn't begin and end with a pipe."""
    made: dict[int, LineKind] = {}
    for rule in range(1, len(raw)):
        if rule in placed or not _is_piped(raw[rule]) or not _ROW_RULE.match(raw[rule]):
            continue
        kind, _ = _kind(raw[rule - 1].rstrip(), marked=True, plain_heading=False)
        if rule - 1 in placed or not _is_piped(raw[rule - 1]) or kind not in {LineKind.TEXT, LineKind.ROW}:
            continue
        made[rule - 1] = LineKind.COLUMNS
        for row in range(rule + 1, len(raw)):
            if (
                row in placed
                or not _is_piped(raw[row])
                or _MARKED.match(raw[row])
                or _ROW_RULE.match(raw[row])
            ):
                break
            made[row] = LineKind.ROW
    return made


def _is_piped(line: str) -> bool:
    return "|" in line.replace("\\|", "")


def _read(raw: Sequence[str], index: int, *, marked: bool) -> tuple[LineKind, re.Match[str] | None]:
    """A line by itself and by those around it."""
    kind, found = _kind(
        raw[index].rstrip(), marked=marked, plain_heading=not marked and _stands_alone(raw, index)
    )
    if not marked and kind is LineKind.NUMBERED and _heads(raw, index):
        return LineKind.HEADING, None
    if kind is LineKind.ROW and index + 1 < len(raw) and _ROW_RULE.match(raw[index + 1]):
        return LineKind.COLUMNS, None
    return kind, found


def _stands_alone(raw: Sequence[str], index: int) -> bool:
    """A blank line on both sides, and something to be the heading of."""
    before = index == 0 or not raw[index - 1].strip()
    after = index + 1 < len(raw) and not raw[index + 1].strip()
    return before and after and any(line.strip() for line in raw[index + 1 :])


def _heads(raw: Sequence[str], index: int) -> bool:
    """ "2. Syfte" between blank lines is a heading, unless the list goes on before or after it."""
    line = raw[index]
    if (
        len(line) > LONGEST_PLAIN_HEADING
        or not _NUMBERED_HEADING.match(line)
        or not _stands_alone(raw, index)
    ):
        return False
    after = next(other for other in raw[index + 1 :] if other.strip())
    return not _goes_on(raw, index) and _number(after) != _number(line) + 1


def _goes_on(raw: Sequence[str], index: int) -> bool:
    """With the number after that of the line before."""
    before = next((raw[other] for other in range(index - 1, -1, -1) if raw[other].strip()), "")
    return _number(before) == _number(raw[index]) - 1


def _number(line: str) -> int:
    """Of a list item that is no sentence; far from any other when it is none."""
    found = _NUMBERED.match(line)
    return int(found["marker"]) if found and _NUMBERED_HEADING.match(line) else -9


def _line(line: str, kind: LineKind, found: re.Match[str] | None, *, number: int, offset: int) -> Line:
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
    if (
        not line.strip()
        or _RULE.match(line)
        or _COMMENT.match(line)
        or ("|" in line and _ROW_RULE.match(line))
    ):
        return LineKind.BLANK, None
    if marked and (found := _MARKED.match(line)):
        return LineKind.HEADING, found
    if found := _ROW.match(line):
        return LineKind.ROW, None
    if found := _NUMBERED.match(line):
        return LineKind.NUMBERED, found
    if found := _DASH.match(line):
        return LineKind.DASH, found
    if _QUESTION.match(line):
        return LineKind.QUESTION, None
    if plain_heading and (found := _BOLD.match(line)):
        return LineKind.HEADING, found
    if (
        plain_heading
        and len(line) <= LONGEST_PLAIN_HEADING
        and (_NUMBERED_HEADING.match(line) or (_PLAIN_HEADING.match(line) and line[0].isupper()))
    ):
        return LineKind.HEADING, None
    return LineKind.TEXT, None
