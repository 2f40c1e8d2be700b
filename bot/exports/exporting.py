"""The record outside chat, whole, as CSV and JSON Lines that anyone can read.

It reads the store without its lock, up to the last whole commit, so it can run beside the bot.
"""

import csv
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.cases.record import designation_of, domain_form, fold
from bot.contents import kept
from bot.domain.cases import Case, PoliceReported
from bot.domain.organisation import Organisation
from bot.domain.requests import Request
from bot.domain.views import FileText
from bot.duties.record import DutyRecord, fold_duty, id_of, is_of_duty
from bot.exports.duties import DUTY_COLUMNS, duty_files, duty_tables
from bot.exports.questions import QUESTION_COLUMNS, QuestionExport
from bot.exports.record import Record, Row
from bot.exports.requests import REQUEST_COLUMNS, add_requests
from bot.exports.tables import COLUMNS, Report, tables_of
from bot.policy.grounds import Law
from bot.requests.record import fold_request, request_happened
from storage.store import Event

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


async def export(
    record: Record, directory: Path, *, organisation: Organisation, law: Law
) -> Mapping[str, int]:
    """Writes each table as .csv and .jsonl, ``events.jsonl``, and secured files and screenshots in ``files/``.

    Returns how many rows each got; files of these names in the directory are replaced. All are for their owner
    alone, as the record is: they hold the same personal data.
    """
    cases: dict[str, Case] = {}
    requests: dict[str, Request] = {}
    reports: list[Report] = []
    duties: dict[str, DutyRecord] = {}
    questions = QuestionExport()
    events: list[Row] = []
    async for event in record.events():
        events.append(_event_row(event))
        questions.take(event)
        if is_of_duty(event):
            duties[id_of(event.stream)] = fold_duty(duties.get(id_of(event.stream)), event)
        happened, designation = domain_form(event), designation_of(event.stream)
        folded = fold(cases.get(designation), event) if happened is not None else None
        if folded is not None:
            cases[designation] = folded
        if request_happened(event) is not None and (asked := fold_request(requests.get(designation), event)):
            requests[designation] = asked
        if isinstance(happened, PoliceReported):
            reports.append(Report(case=designation, at=event.at, by=event.actor, made=happened))
    done = [one.duty for one in duties.values()]
    tables = await tables_of(record, cases.values(), reports, organisation, law)
    tables |= await duty_tables(record, done)
    tables |= await questions.tables(record)
    tables |= {name: [] for name in REQUEST_COLUMNS}
    await add_requests(record, tables, requests.values(), organisation)
    columns = {**COLUMNS, **DUTY_COLUMNS, **REQUEST_COLUMNS, **QUESTION_COLUMNS}
    for name, rows in tables.items():
        _write_csv(directory / f"{name}.csv", rows, columns[name])
        _write_lines(directory / f"{name}.jsonl", rows)
    _write_lines(directory / "events.jsonl", events)
    files = [await _write_files(record, case, directory / "files") for case in cases.values()]
    async for name, data in duty_files(record, done):
        _write_file(directory / "files" / name, data)
        files.append(1)
    counts = {name: len(rows) for name, rows in tables.items()}
    return {**counts, "events": len(events), "files": sum(files)}


async def _write_files(record: Record, case: Case, directory: Path) -> int:
    """Secured files under their SHA-256: a name that a stranger chose is no name for a file here."""
    written = 0
    for file in (file for one in case.secured for file in one.files):
        text, data = await kept(record, case, file.text_ref, FileText), await record.content(file.data_ref)
        if text is not None and text.sha256 and data is not None:
            _write_file(directory / text.sha256, data)
            written += 1
    return written


def _write_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open(path, "wb", opener=_for_its_owner) as file:
        file.write(data)


def _for_its_owner(path: str, flags: int) -> int:
    fd = os.open(path, flags, 0o600)
    os.fchmod(fd, 0o600)  # one that was there already
    return fd


def _event_row(event: Event) -> Row:
    return {
        "seq": event.seq,
        "stream": event.stream,
        "version": event.version,
        "at": event.at,
        "actor": event.actor,
        "kind": event.kind,
        "data": event.data,
        "hash": event.hash,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _write_lines(path: Path, rows: Iterable[Row]) -> None:
    with open(path, "w", encoding="utf-8", newline="\n", opener=_for_its_owner) as file:
        for row in rows:
            plain = {name: _plain(value) for name, value in row.items()}
            file.write(json.dumps(plain, ensure_ascii=False) + "\n")


def _write_csv(path: Path, rows: Iterable[Row], columns: Sequence[str]) -> None:
    """UTF-8 with a byte order mark and semicolons: what Excel in Swedish opens without asking."""
    with open(path, "w", encoding="utf-8-sig", newline="", opener=_for_its_owner) as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([cell(row[name]) for name in columns])


def cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: such a text gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return cell("; ".join(str(one) for one in value))
    text = str(_plain(value)).replace("\x00", "\ufffd")
    risky = text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA)
    return "'" + text if risky else text
