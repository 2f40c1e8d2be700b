"""From a paper to a PDF that everybody can read (PDF/UA-1) and an archive can keep (PDF/A-2a)."""

import asyncio
import json
import re
import unicodedata
from dataclasses import asdict
from functools import cache
from pathlib import Path

from bot.documents.paper import Paper

_HERE = Path(__file__).parent
_FONTS = _HERE / "fonts"
_LONG_WORD = re.compile(r"\S{60,}")
_BREAK_AFTER = 40
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of what nobody can see on paper, or what would turn the direction of what can be seen."""


async def typeset(paper: Paper) -> bytes:
    """The PDF; the same paper gives the same bytes. Some 30 ms in a thread."""
    return await asyncio.to_thread(_typeset, paper)


def _typeset(paper: Paper) -> bytes:
    import typst  # noqa: PLC0415 - 80 MB that most processes never need

    content = json.dumps(_printable_all(asdict(paper)), ensure_ascii=False, default=str)
    made = typst.compile(
        _HERE / "paper.typ",
        format="pdf",
        font_paths=[_FONTS],
        ignore_system_fonts=True,
        sys_inputs={"paper": content},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(paper.at.timestamp()),
    )
    return bytes(made)


def _printable_all(value: object) -> object:
    match value:
        case str():
            return printable(value)
        case dict():
            return {key: _printable_all(one) for key, one in value.items()}
        case list() | tuple():
            return [_printable_all(one) for one in value]
        case _:
            return value


def printable(text: str) -> str:
    """The text as paper can show it: what the font has no picture of, and what nobody can see, is named in brackets."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    named = "".join(char if char == "\n" or _shows(char) else _name(char) for char in lines)
    return _LONG_WORD.sub(_broken, named)


def _shows(char: str) -> bool:
    return unicodedata.category(char) not in _UNSEEN and ord(char) in _covered()


def _name(char: str) -> str:
    code = f"U+{ord(char):04X}"
    name = unicodedata.name(char, "")
    return f"[{code} {name}]" if name and not name.endswith(code[2:]) else f"[{code}]"


def _broken(found: re.Match[str]) -> str:
    """An address longer than a line is given places to break at."""
    word = found[0]
    return "\u200b".join(word[at : at + _BREAK_AFTER] for at in range(0, len(word), _BREAK_AFTER))


@cache
def _covered() -> frozenset[int]:
    """The characters that both fonts have, from the list beside them."""
    ranges = (line.split("-") for line in (_FONTS / "coverage.txt").read_text().split())
    return frozenset(code for first, last in ranges for code in range(int(first, 16), int(last, 16) + 1))
