"""``python app.py import-channels FILE.csv``: channels that were there before the bot, a row each.

Columns, in any order: ``name``, ``platform``, ``address``, ``administration`` and, if there are any, ``admins`` (Entra
object ids with spaces between) and ``id``. Separated by semicolons, commas or tabs, as spreadsheets save them.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.organisation import Channel, Organisation, Platform
from bot.domain.web_addresses import is_web_address, normal_address
from bot.organisation.form import is_object_id

_NEEDED = ("name", "platform", "address", "administration")
_KNOWN = (*_NEEDED, "admins", "id")
_ID = re.compile("[a-z0-9][a-z0-9-]{0,60}")
_LONGEST = 200
_SURPLUS = ""
"""What stands in no column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row with its number in the file; ``channel`` is None where ``problems`` say why."""

    number: int
    channel: Channel | None
    problems: tuple[str, ...] = ()


class NotAChannelFile(Exception):
    """Why the file can't be read as one at all."""


def read_rows(path: Path, organisation: Organisation) -> tuple[Row, ...]:
    """Raises NotAChannelFile, and OSError."""
    try:
        return _rows(_dictionaries(_text(path.read_bytes())), organisation)
    except csv.Error as error:
        raise NotAChannelFile(f"it is no CSV file that can be read: {error}") from error


def _rows(rows: Iterable[tuple[int, Mapping[str, str]]], organisation: Organisation) -> tuple[Row, ...]:
    read, ids, addresses = list[Row](), set[str](), dict[str, int]()
    for number, cells in rows:
        row = _row(number, cells, organisation)
        if row.channel is not None:
            row = _unique(row, row.channel, ids, addresses)
        read.append(row)
    return tuple(read)


def _text(raw: bytes) -> str:
    """UTF-8 as most programs write it, or the Windows character set that spreadsheets in Sweden save CSV in."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _dictionaries(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    lines = io.StringIO(text, newline="").readlines()
    before = (
        1 if lines and lines[0].startswith("sep=") else 0
    )  # Excel's own line, on what separates the columns
    header = next((line for line in lines[before:] if line.strip()), "")
    separator = max((";", ",", "\t"), key=header.count)
    rows = csv.reader(lines[before:], delimiter=separator)
    names = [cell.strip().casefold() for cell in next(rows, [])]
    missing = [name for name in _NEEDED if name not in names]
    unknown = [name for name in names if name not in _KNOWN]
    if missing or unknown:
        told = [f"lacks the column {', '.join(missing)}"] if missing else []
        told += [f"has the unknown column {', '.join(unknown)}"] if unknown else []
        raise NotAChannelFile(f"line 1 {' and '.join(told)}; the columns are {', '.join(_KNOWN)}")
    for cells in rows:
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * (len(names) - len(cells))]
            said = {name: cell.strip() for name, cell in zip(names, padded, strict=False)}
            yield rows.line_num + before, {**said, _SURPLUS: " ".join(cells[len(names) :]).strip()}


def _row(number: int, cells: Mapping[str, str], organisation: Organisation) -> Row:
    admins = tuple(dict.fromkeys(cells.get("admins", "").lower().split()))
    problems = tuple(_problems(cells, admins, organisation))
    if problems:
        return Row(number=number, channel=None, problems=problems)
    platform = Platform(cells["platform"].casefold())
    channel = Channel(
        id=cells.get("id", "") or _slug(f"{platform} {cells['name']}"),
        name=cells["name"],
        platform=platform,
        url=cells["address"],
        administration=cells["administration"],
        admins=admins,
    )
    return Row(number=number, channel=channel)


def _problems(cells: Mapping[str, str], admins: Sequence[str], organisation: Organisation) -> Iterator[str]:
    if cells[_SURPLUS]:
        yield "the row has more cells than there are columns; a cell with a separator in it stands in quotation marks"
    if not 0 < len(cells["name"]) <= _LONGEST or not cells["name"].isprintable():
        yield f"name: must be 1 to {_LONGEST} characters"
    if cells["platform"].casefold() not in set(Platform):
        yield f"platform: must be one of {', '.join(Platform)}"
    if not is_web_address(cells["address"]):
        yield "address: must be an address that begins with https://"
    if cells["administration"] not in organisation.administrations:
        yield f"administration: must be one of {', '.join(organisation.administrations)}"
    for one in admins:
        if not is_object_id(one):
            yield "admins: must be Entra object ids with spaces between"
        elif one not in organisation.people:
            yield f"admins: nobody in the organisation has the object id {one}"
    if cells.get("id") and not _ID.fullmatch(cells["id"]):
        yield "id: must be an id of a-z, 0-9 and -, at most 61 of them"


def _unique(row: Row, channel: Channel, ids: set[str], addresses: dict[str, int]) -> Row:
    address = normal_address(channel.url)
    problems = []
    if channel.id in ids:
        problems.append(f"id: {channel.id} stands in the file twice")
    if address in addresses:
        problems.append(f"address: is that of line {addresses[address]} too")
    ids.add(channel.id)
    addresses.setdefault(address, row.number)
    return Row(number=row.number, channel=None, problems=tuple(problems)) if problems else row


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:61].rstrip("-")
