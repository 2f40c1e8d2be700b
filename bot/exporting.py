"""The record outside chat: cases, decisions and registrations as CSV and JSON Lines, readable by anyone.

It reads the store without its lock, up to the last whole commit, so it can run beside the bot.
"""

import csv
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from bot.contents import newest_post, opened
from bot.domain.cases import Case
from bot.domain.views import DecisionTexts, FileText, FlagText, Locator
from bot.record import designation_of, domain_form, fold
from storage.store import Event

Row = Mapping[str, Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class Record(Protocol):
    """A store as export reads it."""

    def events(self) -> AsyncIterator[Event]: ...

    async def content(self, ref: str) -> bytes | None: ...


async def export(record: Record, directory: Path) -> Mapping[str, int]:
    """Writes ``cases``, ``decisions`` and ``registrations`` (.csv and .jsonl), ``events.jsonl`` and ``files/``.

    Returns how many rows each got; files of these names in the directory are replaced.
    """
    cases: dict[str, Case] = {}
    events: list[Row] = []
    async for event in record.events():
        events.append(_event_row(event))
        if domain_form(event) is not None:
            designation = designation_of(event.stream)
            folded = fold(cases.get(designation), event)
            if folded is not None:
                cases[designation] = folded
    tables: dict[str, list[Row]] = {
        "cases": [await _case_row(record, case) for case in cases.values()],
        "decisions": [row for case in cases.values() for row in await _decision_rows(record, case)],
        "registrations": [row for case in cases.values() for row in _registration_rows(case)],
    }
    for name, rows in tables.items():
        _write_csv(directory / f"{name}.csv", rows, _COLUMNS[name])
        _write_lines(directory / f"{name}.jsonl", rows)
    _write_lines(directory / "events.jsonl", events)
    files = [await _write_files(record, case, directory / "files") for case in cases.values()]
    counts = {name: len(rows) for name, rows in tables.items()}
    return {**counts, "events": len(events), "files": sum(files)}


async def _write_files(record: Record, case: Case, directory: Path) -> int:
    """Secured files under their SHA-256: a name that a stranger chose is no name for a file here."""
    written = 0
    for file in (file for one in case.secured for file in one.files):
        text, data = await opened(record, file.text_ref, FileText), await record.content(file.data_ref)
        if text is not None and text.sha256 and data is not None:
            _write_file(directory / text.sha256, data)
            written += 1
    return written


def _write_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


_COLUMNS: Mapping[str, Sequence[str]] = {
    "cases": (
        "designation", "channel", "platform", "administration", "post_kind", "post_id", "url", "author",
        "text", "text_sha256", "published_at", "attachments", "flagged_at", "source", "flagged_by",
        "flag_note", "suggested_ground", "delivered_at", "first_touched_at", "reminded_at", "escalated_at",
        "decision_state", "application", "applied_at", "verified_gone_at", "police_reported", "disposal",
        "snapshots",
    ),
    "decisions": (
        "designation", "number", "at", "kind", "ground", "obvious", "by", "by_name", "role", "reason", "law",
        "reply", "note", "police", "police_date", "police_reference", "passage", "guideline_version",
        "seen_version", "snapshot_ref", "forwarded_to", "purpose", "administration", "abuse",
    ),
    "registrations": (
        "item", "designation", "cause", "administration", "decision", "owed_at", "diary_number",
        "registered_at", "registered_by",
    ),
}  # fmt: skip


async def _case_row(record: Record, case: Case) -> Row:
    post = await newest_post(record, case)
    flag = await opened(record, case.flags[0], FlagText)
    where = await opened(record, case.locator_ref, Locator)
    return {
        "designation": case.designation,
        "channel": case.channel,
        "platform": case.platform,
        "administration": case.administration,
        "post_kind": case.post_kind,
        "post_id": where.post_id if where else None,
        "url": where.url if where else None,
        "author": post.author if post else None,
        "text": post.text if post else None,
        "text_sha256": post.sha256 if post else None,
        "published_at": case.published_at,
        "attachments": [_file(file) for file in post.attachments] if post else [],
        "flagged_at": case.flagged_at,
        "source": case.source,
        "flagged_by": flag.by if flag else None,
        "flag_note": flag.note if flag else None,
        "suggested_ground": case.suggested,
        "delivered_at": case.delivered_at,
        "first_touched_at": case.touched_at,
        "reminded_at": case.reminded_at,
        "escalated_at": case.escalated_at,
        "decision_state": case.decision,
        "application": case.application,
        "applied_at": case.applied_at,
        "verified_gone_at": case.verified_at,
        "police_reported": case.police_reported,
        "disposal": case.disposal,
        "snapshots": len(case.snapshots),
    }


def _file(file: FileText) -> str:
    return f"{file.name} (SHA-256 {file.sha256})" if file.sha256 else file.name


async def _decision_rows(record: Record, case: Case) -> list[Row]:
    rows: list[Row] = []
    for one in case.decisions:
        made, texts = one.made, await opened(record, one.made.texts_ref, DecisionTexts) or DecisionTexts()
        rows.append(
            {
                "designation": case.designation,
                "number": made.number,
                "at": one.at,
                "kind": made.kind,
                "ground": made.ground,
                "obvious": made.obvious,
                "by": made.by,
                "by_name": made.by_name,
                "role": made.role,
                "reason": texts.reason,
                "law": texts.law,
                "reply": texts.reply,
                "note": texts.note,
                "police": made.police,
                "police_date": made.police_date,
                "police_reference": texts.police_reference,
                "passage": made.passage,
                "guideline_version": made.guideline,
                "seen_version": made.seen,
                "snapshot_ref": made.snapshot_ref,
                "forwarded_to": made.forwarded_to,
                "purpose": made.purpose,
                "administration": made.administration,
                "abuse": made.abuse,
            }
        )
    return rows


def _registration_rows(case: Case) -> list[Row]:
    return [
        {
            "item": item.id,
            "designation": case.designation,
            "cause": item.cause,
            "administration": item.administration,
            "decision": item.decision,
            "owed_at": item.owed_at,
            "diary_number": item.number,
            "registered_at": item.registered_at,
            "registered_by": item.registered_by,
        }
        for item in case.registrations
    ]


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
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            plain = {name: _plain(value) for name, value in row.items()}
            file.write(json.dumps(plain, ensure_ascii=False) + "\n")


def _write_csv(path: Path, rows: Iterable[Row], columns: Sequence[str]) -> None:
    """UTF-8 with a byte order mark and semicolons: what Excel in Swedish opens without asking."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
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
