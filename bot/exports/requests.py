"""The rows of an export that requests give: every text that the record still holds of them stands in one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.contents import Opener, opened
from bot.domain.organisation import Organisation
from bot.domain.requests import ContactTexts, FormTexts, NamesTexts, Request, RequestTexts
from bot.requests.naming import named, names_then, proposed
from bot.requests.registering import protected_wording, public_wording

Row = Mapping[str, Any]

REQUEST_COLUMNS: Mapping[str, Sequence[str]] = {
    "requests": (
        "designation", "kind", "administration", "status", "requester", "requester_name", "drafted_at",
        "submitted_at", "facts", "people", "unknown_people", "texts", "contact", "consultation_due", "lapsed",
        "withdrawn_at", "withdrawn_by", "carried_out",
    ),
    "opinions": (
        "designation", "number", "at", "kind", "by", "by_name", "reason", "late", "form_version", "seen_version",
    ),
    "request_decisions": (
        "designation", "at", "verdict", "by", "by_name", "part", "reason", "consultation", "opinion", "passage",
        "guideline_version", "seen_version", "effects",
    ),
    "request_remarks": ("designation", "at", "kind", "by", "by_name", "text"),
}  # fmt: skip


async def add_requests(
    record: Opener, made: Mapping[str, list[Row]], requests: Iterable[Request], organisation: Organisation
) -> None:
    """Adds to the tables of ``REQUEST_COLUMNS`` and to ``registrations``."""
    for request in requests:
        form = await opened(record, request.form.texts_ref, FormTexts)
        made["requests"].append(await _request_row(record, request, form))
        made["opinions"] += await _opinion_rows(record, request)
        made["request_decisions"] += await _decision_rows(record, request)
        made["request_remarks"] += await _remark_rows(record, request)
        names = await names_then(record, request) or _listed_names(request, form, organisation)
        _registration_row(made["registrations"], request, form, names, organisation)


def _listed_names(request: Request, form: FormTexts | None, organisation: Organisation) -> NamesTexts:
    """Of a decision that was kept without names."""
    channel = request.form.fact("channel")
    if not channel:
        return proposed(request, form, organisation)
    listed = organisation.channels.get(channel)
    name, platform = (listed.name, str(listed.platform)) if listed else (channel, "")
    return named(request, organisation, channel=name, platform=platform)


async def _request_row(record: Opener, request: Request, form: FormTexts | None) -> Row:
    contact = await opened(record, request.form.contact_ref, ContactTexts)
    gone = request.withdrawal
    return {
        "designation": request.designation,
        "kind": request.kind,
        "administration": request.administration,
        "status": request.status,
        "requester": request.requester,
        "requester_name": request.requester_name,
        "drafted_at": request.drafted_at,
        "submitted_at": request.submitted_at,
        "facts": [f"{name}: {', '.join(values)}" for name, values in request.form.facts.items()],
        "people": list(request.form.people),
        "unknown_people": request.form.unknown_people,
        "texts": [f"{name}: {text}" for name, text in form.values.items()] if form else [],
        "contact": contact.contact if contact else None,
        "consultation_due": request.consultation_due,
        "lapsed": request.lapsed,
        "withdrawn_at": gone.at if gone else None,
        "withdrawn_by": gone.by if gone else None,
        "carried_out": [f"{one.effect} {one.outcome} {one.why}".strip() for one in request.carried_out],
    }


async def _said(record: Opener, ref: str) -> RequestTexts:
    return await opened(record, ref, RequestTexts) or RequestTexts()


async def _opinion_rows(record: Opener, request: Request) -> list[Row]:
    return [
        {
            "designation": request.designation,
            "number": one.given.number,
            "at": one.at,
            "kind": one.given.kind,
            "by": one.given.by,
            "by_name": one.given.by_name,
            "reason": (await _said(record, one.given.texts_ref)).reason,
            "late": one.given.late,
            "form_version": one.form_version,
            "seen_version": one.given.seen,
        }
        for one in request.opinions
    ]


async def _decision_rows(record: Opener, request: Request) -> list[Row]:
    if request.decision is None:
        return []
    made = request.decision.made
    said = await _said(record, made.texts_ref)
    return [
        {
            "designation": request.designation,
            "at": request.decision.at,
            "verdict": made.verdict,
            "by": made.by,
            "by_name": made.by_name,
            "part": made.part,
            "reason": said.reason,
            "consultation": said.consultation,
            "opinion": made.opinion,
            "passage": made.passage,
            "guideline_version": made.guideline,
            "seen_version": made.seen,
            "effects": [one.key for one in made.effects],
        }
    ]


async def _remark_rows(record: Opener, request: Request) -> list[Row]:
    """Questions and their answers, comments, and what was said with a withdrawal."""
    rows: list[Row] = []

    async def add(kind: str, at: Any, by: str, by_name: str, ref: str) -> None:
        said = await _said(record, ref)
        text = said.questions or said.note
        rows.append(
            {
                "designation": request.designation,
                "at": at,
                "kind": kind,
                "by": by,
                "by_name": by_name,
                "text": text,
            }
        )

    for one in request.questions:
        await add("questions", one.at, one.asked.by, one.asked.by_name, one.asked.texts_ref)
        if one.answer_ref:
            await add("answer", one.answered_at, request.requester, request.requester_name, one.answer_ref)
    for remark in request.comments:
        await add("comment", remark.at, remark.made.by, remark.made.by_name, remark.made.texts_ref)
    if request.withdrawal and request.withdrawal.texts_ref:
        gone = request.withdrawal
        await add("withdrawal", gone.at, gone.by, gone.by_name, gone.texts_ref)
    return rows


def _registration_row(
    rows: list[Row],
    request: Request,
    form: FormTexts | None,
    names: NamesTexts,
    organisation: Organisation,
) -> None:
    item = request.registration
    if item is None:
        return
    rows.append(
        {
            "item": item.id,
            "designation": request.designation,
            "cause": "request",
            "administration": item.administration,
            "decision": 1,
            "received_at": request.submitted_at,
            "owed_at": item.owed_at,
            "from_whom": request.requester_name,
            "to_whom": names.organisation,
            "public": public_wording(request, names, organisation.language),
            "protected": protected_wording(request, form, names, organisation.language),
            "diary_number": item.number,
            "registered_at": item.registered_at,
            "registered_by": item.registered_by,
        }
    )
