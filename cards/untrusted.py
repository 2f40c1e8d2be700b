"""Texts written by others, made fit to be shown: what is written shows, and nothing in it acts.

A TextRun renders neither Markdown nor ``<at>`` nor HTML, but Teams' clients expand ``{{DATE(...)}}`` in it and
obey bidirectional controls. Both are broken here, in the copy that is shown only; the record keeps the original.
"""

import re
import unicodedata
from bisect import bisect_right
from urllib.parse import urlsplit

_JOINER = "\u200d"
_JOINERS = frozenset("\u200c\u200d")
_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]|\\{(?=\\{)"
)
_UNTYPABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ODD = re.compile(r"[ \"<>\\{}|^`]")
_MARK = re.compile(r"\[U\+[0-9A-F]{4,6}\]")
_LONGEST_MARK = 10
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_MODIFIERS = frozenset(chr(code) for code in range(0x1F3FB, 0x1F400))


LONGEST_WORD = 48
_SHORTEST_PART = 24
_LONGEST_WORD_BACK = 200
_GOOD_BREAKS = "/?&="
"""An address is easiest to read when its lines end with one of these."""
_UNBROKEN = re.compile(r"[^\s\u200b]{49,}")


def shown(text: str) -> str:
    """The text with every invisible or direction-changing character made visible and ``{{`` broken apart."""
    if _is_plain(text):
        return text
    if not text.isprintable():
        text = _LINE_ENDS.sub("\n", text)
    text = _SUSPECT.sub(_visible, text)
    return _UNBROKEN.sub(_broken, text) if len(text) > LONGEST_WORD else text


def _is_plain(text: str) -> bool:
    """Short, printable and in Latin letters: by far the most texts, told without a search."""
    return not text or (
        len(text) <= LONGEST_WORD
        and text.isprintable()
        and (text.isascii() or max(text) < "\u0300")
        and "{{" not in text
    )


def _broken(found: re.Match[str]) -> str:
    """Some clients don't break a long word and show its beginning only: it is given places to break at."""
    text, parts = found[0], []
    while len(text) > LONGEST_WORD:
        end = _boundary(text, LONGEST_WORD)
        after_mark = max(text.rfind(mark, 0, end) for mark in _GOOD_BREAKS) + 1
        if after_mark >= _SHORTEST_PART:
            end = _boundary(text, after_mark)
        if end < _SHORTEST_PART:
            break
        parts.append(text[:end])
        text = text[end:]
    return "\u200b".join([*parts, text])


def _visible(found: re.Match[str]) -> str:
    char = found[0]
    if char == "{":
        return "{\u200b"
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if char == "\u200b" and _put_there(found.string, found.start()):
        return char
    if char in _JOINERS and _joins(found.string, found.start()):
        return char
    return f"[U+{ord(char):04X}]"


def _put_there(text: str, place: int) -> bool:
    """Whether the zero-width space is one of ours: showing a text twice shows it as showing it once."""
    between_braces = text[place - 1 : place] == "{" and text[place + 1 : place + 2] == "{"
    before = text[max(0, place - _SHORTEST_PART) : place]
    return between_braces or (len(before) == _SHORTEST_PART and not re.search(r"[\s\u200b]", before))


def _joins(text: str, place: int) -> bool:
    """A joiner builds an emoji between two pictures and shapes letters in Persian or Hindi; elsewhere it hides."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return bool(before and after) and _takes_joiner(before) and _takes_joiner(after)


def _takes_joiner(char: str) -> bool:
    return char > "\xff" and unicodedata.category(char) in {"So", "Sk", "Sm", "Mn", "Mc", "Lo"}


def size(text: str) -> int:
    """Bytes that the text, as ``shown``, takes in the card's JSON."""
    escaped = text.count('"') + text.count("\\") + text.count("\n") + text.count("\t")
    return len(text.encode("utf-8", "replace")) + escaped


def cut(text: str, budget: int, *, lines: int = 60) -> tuple[str, bool]:
    """The text as shown, within ``budget`` bytes of JSON and so many lines; and whether something was cut away.

    Only the beginning that can fit is looked at: a post may have 200 000 characters.
    """
    begun = shown(text[: budget + 1])
    if len(text) <= budget and size(begun) <= budget and begun.count("\n") < lines:
        return begun, False
    fitting = bisect_right(range(len(begun) + 1), budget, key=lambda end: size(begun[:end])) - 1
    end = min(fitting, _end_of_line(begun, lines))
    return begun[: _boundary(begun, end)].rstrip("\n"), True


def parts(text: str, budget: int) -> list[str]:
    """The whole text as shown, in parts of at most ``budget`` bytes of JSON, each ending after a word where it can."""
    left, made = shown(text), []
    while size(left) > budget:
        begun = left[: budget + 1]
        fitting = bisect_right(range(len(begun) + 1), budget, key=lambda end: size(begun[:end])) - 1
        after_word = max(begun.rfind(mark, fitting - _LONGEST_WORD_BACK, fitting) for mark in " \n") + 1
        end = _boundary(left, after_word or fitting) or fitting
        made.append(left[:end])
        left = left[end:]
    return [*made, left] if left else made


def _end_of_line(text: str, number: int) -> int:
    place = -1
    for _ in range(number):
        place = text.find("\n", place + 1)
        if place < 0:
            return len(text)
    return place


def _boundary(text: str, end: int) -> int:
    """The last place not after ``end`` that splits neither a letter from its marks nor a joined emoji, nor a
    control character's ``[U+...]``."""
    around = max(0, end - _LONGEST_MARK)
    for mark in _MARK.finditer(text, around, end + _LONGEST_MARK):
        if mark.start() < end < mark.end():
            end = mark.start()
    furthest = max(0, end - 40)
    while end > furthest and end < len(text) and _belongs_to_previous(text, end):
        end -= 1
    return end


def _belongs_to_previous(text: str, place: int) -> bool:
    char, before = text[place], text[place - 1]
    if _JOINER in (char, before) or char in _MODIFIERS or unicodedata.combining(char):
        return True
    if unicodedata.category(char) in {"Mn", "Me", "Mc"}:
        return True
    return _regional(char) and _regional(before) and _regionals_before(text, place) % 2 == 1


def _regional(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _regionals_before(text: str, place: int) -> int:
    """How many flag letters stand right before: an odd number means that the flag is half done."""
    start = place
    while start and place - start < 40 and _regional(text[start - 1]):
        start -= 1
    return place - start


def kept(text: str, budget: int) -> str:
    """What somebody typed, to be typed on: unchanged, but for what a form cannot hold and what exceeds the budget."""
    typed = _UNTYPABLE.sub("\ufffd", text[:budget])
    end = bisect_right(range(len(typed) + 1), budget, key=lambda end: size(typed[:end])) - 1
    return typed[: _boundary(typed, end)]


def shorten(text: str, most: int) -> str:
    """All of it on one line of at most so many characters, with an ellipsis where more follows."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: _boundary(line, most - 1)].rstrip() + "…"


def first_line(text: str, budget: int) -> str:
    """All of it on one line, with an ellipsis where more follows: for names, rows and summaries."""
    line = " ".join(text[: budget * 4].split())
    if _is_plain(line) and 2 * len(line) <= budget:
        return line
    line, more = cut(line, budget)
    return f"{line}…" if more or len(text) > budget * 4 else line


def opened_host(url: str) -> str:
    """The host that a button may open the address on: only http or https, without user names or controls in it.

    Empty for an address that may not be opened.
    """
    plain = len(url) <= 2000 and url.isascii() and url.isprintable()
    return host_of(url) if plain and _ODD.search(url) is None else ""


def host_of(url: str) -> str:
    """The host that the address really leads to, in the form that cannot be mistaken; empty if there is none."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or parts.username is not None:
            return ""
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        return ""
    host = host.removeprefix("www.")
    return host if re.fullmatch(r"[a-z0-9.:-]{1,253}", host) else ""
