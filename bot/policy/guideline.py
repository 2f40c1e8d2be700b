"""A guideline as a document: its sections and passages, each an exact slice of the text it came from.

The parser takes Markdown with ``#`` headings and numbered lists, and also plain text like Haninge's own, which has
headings without marks, restarts its numbering and ends items without a full stop. It is pure: text in, value out.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from bot.policy.lines import Line, LineKind, read_lines
from bot.policy.slugs import Slugs

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffd]")
_PAGE_BREAK = re.compile(r"(?<![\n\f])\f(?!\r?\n)")
_RETURNS = re.compile(r"\r+(?P<line>\n?)")
_MOST_TOLD = 10
"""Of the lines of one file that can't be read: one that is no text at all has thousands."""
_LEAD_LABEL = re.compile(r"[^\n.!?]{1,60}:[ \t]*\r?\n[ \t]*(?=\S)")
_NOTHING = frozenset({LineKind.BLANK, LineKind.FENCE})
_ROW_ID = re.compile(r"/r\d+(?:-\d+)?$")
_EMPHASIS = re.compile(r"^[*_]+|[*_]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph, list item or dash; the guideline's words are ``text[start:end]``, never a copy."""

    id: str
    section: str
    start: int
    end: int
    label: str = ""

    @property
    def columns(self) -> str:
        """The names of a table's columns, for a row of it."""
        return self.label if _ROW_ID.search(self.id) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and the passages under it, up to the next heading of any level."""

    id: str
    title: str
    start: int
    end: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """``version`` is the SHA-256 (hex) of the text's UTF-8 bytes."""

    name: str
    version: str
    source: str
    text: str
    sections: tuple[Section, ...]
    _by_id: Mapping[str, Passage] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {one.id: one for one in self.passages()})

    def passages(self) -> Iterator[Passage]:
        for section in self.sections:
            yield from section.passages

    def passage(self, passage_id: str) -> Passage | None:
        return self._by_id.get(passage_id)

    def section_title(self, passage: Passage) -> str:
        return next(one.title for one in self.sections if one.id == passage.section)

    def around(self, passage: Passage) -> tuple[int, int]:
        """Where the passage's section begins and ends."""
        return next((one.start, one.end) for one in self.sections if one.id == passage.section)

    def words(self, passage: Passage) -> str:
        return self.text[passage.start : passage.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, and on which line (from 1; 0 when it concerns the whole file)."""

    line: int
    text: str


class GuidelineError(ValueError):
    """The text cannot serve as a guideline; ``problems`` lists everything that is wrong with it."""

    def __init__(self, source: str, problems: tuple[Problem, ...]) -> None:
        self.source = source
        self.problems = problems
        super().__init__("\n".join(f"{source}:{one.line}: {one.text}" for one in problems))


def decode(data: bytes, *, source: str) -> str:
    """The file's text; line endings are kept, since quotes are cut by offsets, but a return alone becomes one. A page
    break is layout, which programs that make text of a PDF leave in it: it ends a line, and is left out."""
    try:
        text = _RETURNS.sub(_line_end, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise GuidelineError(source, _few(_undecodable(data))) from None
    return _PAGE_BREAK.sub("\n", text).replace("\f", "")


def _line_end(found: re.Match[str]) -> str:
    return found[0] if found["line"] else "\n" * len(found[0])


def parse(text: str, *, source: str) -> Guideline:
    problems = _few(_problems_of_text(text))
    if problems:
        raise GuidelineError(source, problems)
    lines = read_lines(text)
    sections = _Parser(text).sections(lines)
    missing = tuple(_problems_of_structure(lines, sections))
    if missing:
        raise GuidelineError(source, missing)
    return Guideline(
        name=next(one.title for one in sections if one.title),
        version=hashlib.sha256(text.encode()).hexdigest(),
        source=source,
        text=text,
        sections=sections,
    )


def _few(problems: Iterator[Problem]) -> tuple[Problem, ...]:
    """The first of them, and how many more there are."""
    told = tuple(islice(problems, _MOST_TOLD))
    more = sum(1 for _ in problems)
    return (*told, Problem(line=0, text=f"and {more} more like these")) if more else told


def _undecodable(data: bytes) -> Iterator[Problem]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            yield Problem(line=number, text=f"not UTF-8: byte 0x{line[error.start]:02x} at {error.start + 1}")


def _problems_of_text(text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(line=0, text="the guideline is empty")
    for number, line in enumerate(text.split("\n"), start=1):
        found = _FORBIDDEN.search(line)
        if found:
            yield Problem(line=number, text=f"forbidden character U+{ord(found[0]):04X}")


def _problems_of_structure(lines: list[Line], sections: tuple[Section, ...]) -> Iterator[Problem]:
    first = next((line.number for line in lines if line.kind not in _NOTHING), 0)
    if not any(one.title for one in sections):
        yield Problem(line=first, text="no headings: expected '# Heading', or a short line of its own")
    if not any(one.passages for one in sections):
        yield Problem(line=first, text="no passages: there is nothing to quote under the headings")


@dataclass(slots=True)
class _Open:
    """The passage being read; ``end`` moves on with each line that belongs to it."""

    id: str
    start: int
    end: int
    label: str = ""


@dataclass(slots=True)
class _OpenSection:
    id: str
    title: str
    start: int
    passages: list[Passage] = field(default_factory=list)
    paragraphs: int = 0
    item: str = ""
    dashes: int = 0
    columns: str = ""
    rows: int = 0


class _Parser:
    """One pass over the lines, holding the section, the list item and the passage that are open."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._slugs = Slugs()
        self._ids = Slugs()
        self._sections: list[Section] = []
        self._section: _OpenSection | None = None
        self._passage: _Open | None = None
        self._answers = False  # what is read answers the question that the open passage begins with

    def sections(self, lines: list[Line]) -> tuple[Section, ...]:
        after_blank = True
        for line in lines:
            self._take(line, after_blank=after_blank)
            after_blank = line.kind in _NOTHING
        self._end_section(len(self._text))
        return tuple(self._sections)

    def _take(self, line: Line, *, after_blank: bool) -> None:
        match line.kind:
            case LineKind.BLANK:
                return
            case LineKind.FENCE:
                self._end_passage()
            case LineKind.HEADING:
                self._end_section(line.start)
                title = _EMPHASIS.sub("", line.body).rstrip(": ")
                self._section = _OpenSection(id=self._slugs.of(title), title=title, start=line.start)
            case LineKind.NUMBERED:
                section = self._opened(line)
                self._end_passage()
                section.item, section.dashes = self._ids.unique(f"{section.id}/{line.marker}"), 0
                self._start(section.item, line)
            case LineKind.DASH:
                self._dash(line)
            case LineKind.COLUMNS:
                section = self._opened(line)
                self._end_passage()
                section.columns = line.body.strip("| ")
            case LineKind.ROW:
                section = self._opened(line)
                self._end_passage()
                section.rows += 1
                self._start(self._ids.unique(f"{section.id}/r{section.rows}"), line, label=section.columns)
            case LineKind.QUESTION:
                self._text_line(line, after_blank=True)
                self._answers = True
            case LineKind.TEXT:
                self._text_line(line, after_blank=after_blank and not self._answers)

    def _dash(self, line: Line) -> None:
        section = self._opened(line)
        self._end_passage()
        owner = section.item or (f"{section.id}/p{section.paragraphs}" if section.paragraphs else section.id)
        self._start(self._ids.unique(f"{owner}/{_letter(section.dashes)}"), line)
        section.dashes += 1

    def _text_line(self, line: Line, *, after_blank: bool) -> None:
        section = self._opened(line)
        if self._passage is not None and (not after_blank or (line.indented and section.item)):
            self._passage.end = line.end
            return
        self._end_passage()
        section.paragraphs, section.item, section.dashes = section.paragraphs + 1, "", 0
        self._start(self._ids.unique(f"{section.id}/p{section.paragraphs}"), line)

    def _opened(self, line: Line) -> _OpenSection:
        """Text before the first heading gets a section without a title."""
        if self._section is None:
            self._section = _OpenSection(id=self._slugs.of("inledning"), title="", start=line.start)
        return self._section

    def _start(self, passage_id: str, line: Line, *, label: str = "") -> None:
        self._passage = _Open(id=passage_id, start=line.body_start, end=line.end, label=label)

    def _end_passage(self) -> None:
        passage, section = self._passage, self._section
        self._passage, self._answers = None, False
        if passage is None or section is None:
            return
        label = _LEAD_LABEL.match(self._text, passage.start, passage.end)
        start = label.end() if label else passage.start
        if start < passage.end:
            section.passages.append(
                Passage(
                    id=passage.id,
                    section=section.id,
                    start=start,
                    end=passage.end,
                    label=label[0].strip().rstrip(":") if label else passage.label,
                )
            )

    def _end_section(self, end: int) -> None:
        self._end_passage()
        section, self._section = self._section, None
        if section is not None:
            self._sections.append(
                Section(
                    id=section.id,
                    title=section.title,
                    start=section.start,
                    end=end,
                    passages=tuple(section.passages),
                )
            )


def _letter(number: int) -> str:
    """a, b, ... z, aa, ab: as spreadsheets number their columns."""
    letters = ""
    while number >= 0:
        letters = _ALPHABET[number % 26] + letters
        number = number // 26 - 1
    return letters
