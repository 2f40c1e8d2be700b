"""The rows of an export: every text that the record still holds stands in one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cases.registering import public_wording
from bot.contents import kept, newest_post, opened, post_of
from bot.domain.cases import Case, PoliceReported, Registration
from bot.domain.organisation import Organisation
from bot.domain.views import DecisionTexts, FileText, FlagText, Locator
from bot.exports.record import Record, Row
from bot.policy.grounds import Law


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A police report that was entered after the decision."""

    case: str
    at: datetime
    by: str
    made: PoliceReported


COLUMNS: Mapping[str, Sequence[str]] = {
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
        "item", "designation", "cause", "administration", "decision", "received_at", "owed_at", "from_whom",
        "to_whom", "public", "protected", "diary_number", "registered_at", "registered_by",
    ),
    "snapshots": ("designation", "number", "ref", "author", "text", "text_sha256", "attachments"),
    "flags": ("designation", "number", "by", "note"),
    "forwards": (
        "designation", "number", "to", "people", "by", "by_name", "note", "passage", "guideline_version",
        "seen_version",
    ),
    "police": ("designation", "at", "by", "reported", "reference"),
}  # fmt: skip


async def tables_of(
    record: Record,
    cases: Iterable[Case],
    reports: Iterable[Report],
    organisation: Organisation,
    law: Law,
) -> dict[str, list[Row]]:
    """Table name -> its rows, in the order in which the cases were flagged."""
    made: dict[str, list[Row]] = {name: [] for name in COLUMNS}
    for case in cases:
        made["cases"].append(await _case_row(record, case))
        made["decisions"] += await _decision_rows(record, case)
        made["registrations"] += [
            await _registration_row(record, case, item, organisation, law) for item in case.registrations
        ]
        made["snapshots"] += await _snapshot_rows(record, case)
        made["flags"] += await _flag_rows(record, case)
        made["forwards"] += await _forward_rows(record, case)
    made["police"] = [await _police_row(record, report) for report in reports]
    return made


async def _case_row(record: Record, case: Case) -> Row:
    post = await newest_post(record, case)
    flag = await kept(record, case, case.flags[0], FlagText)
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
        made = one.made
        texts = await kept(record, case, made.texts_ref, DecisionTexts) or DecisionTexts()
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


async def _registration_row(
    record: Record, case: Case, item: Registration, organisation: Organisation, law: Law
) -> Row:
    """With what OSL 5:2 asks for, of the post as it was decided on."""
    post = await post_of(record, case, case.decisions[item.decision - 1].made.snapshot_ref)
    return {
        "item": item.id,
        "designation": case.designation,
        "cause": item.cause,
        "administration": item.administration,
        "decision": item.decision,
        "received_at": case.flagged_at,
        "owed_at": item.owed_at,
        "from_whom": post.author if post else None,
        "to_whom": organisation.name,
        "public": public_wording(case, item, organisation, law, where=_channel_name(case, organisation)),
        "protected": post.text if post else None,
        "diary_number": item.number,
        "registered_at": item.registered_at,
        "registered_by": item.registered_by,
    }


async def _snapshot_rows(record: Record, case: Case) -> list[Row]:
    rows: list[Row] = []
    for number, ref in enumerate(case.snapshots, start=1):
        post = await post_of(record, case, ref)
        rows.append(
            {
                "designation": case.designation,
                "number": number,
                "ref": ref,
                "author": post.author if post else None,
                "text": post.text if post else None,
                "text_sha256": post.sha256 if post else None,
                "attachments": [_file(file) for file in post.attachments] if post else [],
            }
        )
    return rows


async def _flag_rows(record: Record, case: Case) -> list[Row]:
    rows: list[Row] = []
    for number, ref in enumerate(case.flags, start=1):
        flag = await kept(record, case, ref, FlagText)
        rows.append(
            {
                "designation": case.designation,
                "number": number,
                "by": flag.by if flag else None,
                "note": flag.note if flag else None,
            }
        )
    return rows


async def _forward_rows(record: Record, case: Case) -> list[Row]:
    """Those for an answer; a forward to be registered is a decision."""
    rows: list[Row] = []
    for number, forward in enumerate(case.forwards, start=1):
        texts = await kept(record, case, forward.texts_ref, DecisionTexts) or DecisionTexts()
        rows.append(
            {
                "designation": case.designation,
                "number": number,
                "to": forward.to,
                "people": list(forward.people),
                "by": forward.by,
                "by_name": forward.by_name,
                "note": texts.note,
                "passage": forward.passage,
                "guideline_version": forward.guideline,
                "seen_version": forward.seen,
            }
        )
    return rows


async def _police_row(record: Record, report: Report) -> Row:
    texts = await opened(record, report.made.reference_ref, DecisionTexts) or DecisionTexts()
    return {
        "designation": report.case,
        "at": report.at,
        "by": report.by,
        "reported": report.made.reported,
        "reference": texts.police_reference,
    }


def _channel_name(case: Case, organisation: Organisation) -> str:
    listed = organisation.channels.get(case.channel)
    return listed.name if listed else case.channel
