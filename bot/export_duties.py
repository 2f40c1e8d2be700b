"""The rows of an export that are about yearly duties: each duty, and each time that it was done."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

from bot.contents import opened
from bot.domain.duties import Duty, DutyKind, DutyTexts, EvaluationTexts, Fulfilment
from bot.domain.views import FileText
from bot.export_record import Record, Row

DUTY_COLUMNS: Mapping[str, Sequence[str]] = {
    "duties": (
        "duty", "kind", "channel", "administration", "first_due", "due", "status", "reminded", "escalated",
        "cancelled", "fulfilments",
    ),
    "fulfilments": (
        "duty", "number", "due", "at", "by", "after_change", "text", "file", "content_type", "sha256",
        "document_ref",
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
        "document_ref": done.document_ref or None,
    }


async def _text(record: Record, duty: Duty, ref: str) -> str | None:
    if duty.kind is DutyKind.EVALUATION:
        told = await opened(record, ref, EvaluationTexts)
        return "\n\n".join(filter(None, (told.reach, told.staffing, told.changes))) if told else None
    texts = await opened(record, ref, DutyTexts)
    return texts.text if texts else None


async def duty_files(record: Record, duties: Iterable[Duty]) -> AsyncIterator[tuple[str, bytes]]:
    """One at a time: screenshots by their SHA-256, and the evaluations' PDFs by the name that their row has for
    them."""
    for done in (one for duty in duties for one in duty.fulfilments):
        if done.picture is not None:
            file = await opened(record, done.picture.text_ref, FileText)
            data = await record.content(done.picture.data_ref)
            if file is not None and file.sha256 and data is not None:
                yield file.sha256, data
        if done.document_ref:
            document = await record.content(done.document_ref)
            if document is not None:
                yield f"{done.document_ref}.pdf", document
