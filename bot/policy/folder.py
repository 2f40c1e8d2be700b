"""Several guidelines as one: a folder of files, each a document of its own, with form feeds between them.

Each is read as if it stood alone, and its places are counted through the whole, so that what was in force once is read
again from its one text. A quote's section tells which document it comes from.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.policy.guideline import Guideline, GuidelineError, Problem, Section, decode, parse

BOUNDARY = "\n\f\n"
_KINDS = frozenset({".md", ".txt"})


class FolderError(GuidelineError):
    """Every problem of every file in it, each with its file and line."""

    def __init__(self, source: str, errors: tuple[GuidelineError, ...]) -> None:
        super().__init__(source, tuple(problem for error in errors for problem in error.problems))
        self.args = ("\n".join(map(str, errors)),)


def files_of(path: Path) -> tuple[Path, ...]:
    """The file itself, or those in the folder, by name; hidden ones are editors' and systems' own."""
    if not path.is_dir():
        return (path,)
    found = (one for one in path.iterdir() if one.suffix.lower() in _KINDS and not one.name.startswith("."))
    return tuple(sorted(found))


def read_folder(path: Path) -> Guideline:
    """Raises ``FolderError``, and ``OSError`` when a file can't be read."""
    files = files_of(path)
    if not files:
        none = Problem(line=0, text="no guideline in the folder: expected files that end in .md or .txt")
        raise GuidelineError(path.name, (none,))
    texts, errors = list[str](), list[GuidelineError]()
    for one in files:
        try:
            texts.append(decode(one.read_bytes(), source=one.name))
            parse(texts[-1], source=one.name)
        except GuidelineError as error:
            errors.append(error)
    if errors:
        raise FolderError(path.name, tuple(errors))
    return parse_whole(BOUNDARY.join(texts), source=path.name)


def parse_whole(text: str, *, source: str) -> Guideline:
    """One document or several. Raises ``GuidelineError``."""
    parts = text.split(BOUNDARY)
    if len(parts) == 1:
        return parse(text, source=source)
    read, sections, taken, place = list[Guideline](), list[Section](), set[str](), 0
    for part in parts:
        read.append(parse(part, source=source))
        sections += (_moved(one, place, taken) for one in read[-1].sections)
        place += len(part) + len(BOUNDARY)
    return Guideline(
        name=", ".join(dict.fromkeys(one.name for one in read)),
        version=hashlib.sha256(text.encode()).hexdigest(),
        source=source,
        text=text,
        sections=tuple(sections),
    )


def _moved(section: Section, by: int, taken: set[str]) -> Section:
    """Where it lies in the whole; an id that another document has is numbered on."""
    name = next(one for one in _numbered(section.id) if one not in taken)
    taken.add(name)
    passages = tuple(
        replace(
            one,
            id=f"{name}{one.id.removeprefix(section.id)}",
            section=name,
            start=one.start + by,
            end=one.end + by,
        )
        for one in section.passages
    )
    return replace(section, id=name, start=section.start + by, end=section.end + by, passages=passages)


def _numbered(name: str) -> Iterator[str]:
    yield name
    number = 2
    while True:
        yield f"{name}-{number}"
        number += 1
