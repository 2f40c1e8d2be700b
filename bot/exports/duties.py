"""The rows of an export that are about yearly duties: each duty, and each time that it was done."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

from bot.contents import opened
from bot.domain.duties import Duty, DutyKind, DutyTexts, EvaluationTexts, Fulfilment
from bot.domain.views import FileText
from bot.exports.record import Record, Row

DUTY_COLUMNS: Mapping[str, Sequence[str]] = {
    "duties": (
        "duty", "kind", "channel", "administration", "first_due", "due", "status", "reminded", "escalated",
        "cancelled", "fulfilments",
    ),
    "fulfilments": (
        "duty", "number", "due", "at", "by", "after_change", "text", "file", "content_type", "sha256",
        "document_sha256",
    ),
}  # fmt: skip


async def duty_tables(record: Record, duties: Iterable[Duty]) -> dict[str, list[Row]]:
    """Table name -> its rows, in the order in which the duties were scheduled."""
    made: dict[str, list[Row]] = {name: [] for name in DUTY_COLUMNS}
    for duty in duties:
        made["duties"].append(_duty_row(duty))
        for number, one in enumerate(duty.fulfilments, start=1):
            made["fulfilments"].append(await _fulfilment_row(record, duty, number, one))
    return made


def _duty_row(duty: Duty) -> Row:
    return {
        "duty": duty.id,
        "kind": duty.kind,
        "channel": None if duty.kind is DutyKind.EVALUATION else duty.subject,
        "administration": duty.administration,
        "first_due": duty.first_due,
        "due": duty.due if duty.is_open else None,
        "status": duty.status,
        "reminded": duty.level,
        "escalated": duty.escalated,
        "cancelled": duty.cancelled,
        "fulfilments": len(duty.fulfilments),
    }


async def _fulfilment_row(record: Record, duty: Duty, number: int, done: Fulfilment) -> Row:
    file = await opened(record, done.picture.text_ref, FileText) if done.picture else None
    document = await opened(record, done.document.text_ref, FileText) if done.document else None
    return {
        "duty": duty.id,
        "number": number,
        "due": done.due,
        "at": done.at,
        "by": done.by,
        "after_change": done.due is None,
        "text": await _text(record, duty, done.texts_ref),
        "file": file.name if file else None,
        "content_type": file.content_type if file else None,
        "sha256": file.sha256 if file else None,
        "document_sha256": document.sha256 if document else None,
    }


async def _text(record: Record, duty: Duty, ref: str) -> str | None:
    if duty.kind is DutyKind.EVALUATION:
        told = await opened(record, ref, EvaluationTexts)
        return "\n\n".join(filter(None, (told.reach, told.staffing, told.changes))) if told else None
    texts = await opened(record, ref, DutyTexts)
    return texts.text if texts else None


async def duty_files(record: Record, duties: Iterable[Duty]) -> AsyncIterator[tuple[str, bytes]]:
    """Screenshots and the evaluations' PDFs by their SHA-256, one at a time."""
    for done in (one for duty in duties for one in duty.fulfilments):
        for kept in (done.picture, done.document):
            file = await opened(record, kept.text_ref, FileText) if kept else None
            data = await record.content(kept.data_ref) if kept else None
            if file is not None and file.sha256 and data is not None:
                yield file.sha256, data
