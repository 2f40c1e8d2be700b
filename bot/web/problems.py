"""Errors as RFC 9457 problem details: what is wrong and where, never how the program looks inside."""

import json
from collections.abc import Sequence
from enum import StrEnum
from http import HTTPStatus

from aiohttp import web

from bot.cases.flags import FieldProblem


class ProblemType(StrEnum):
    """What a program can tell errors apart by; the names stay as they are."""

    UNREADABLE = "urn:riktlinjebot:problem:unreadable"
    SIGNATURE = "urn:riktlinjebot:problem:signature"
    UNKNOWN_CHANNEL = "urn:riktlinjebot:problem:unknown-channel"
    TOO_LARGE = "urn:riktlinjebot:problem:too-large"
    NOT_JSON = "urn:riktlinjebot:problem:not-json"
    FIELDS = "urn:riktlinjebot:problem:fields"
    NOT_CONFIGURED = "urn:riktlinjebot:problem:not-configured"
    TOO_MANY = "urn:riktlinjebot:problem:too-many"
    UNWRITABLE = "urn:riktlinjebot:problem:unwritable"
    NOT_READY = "urn:riktlinjebot:problem:not-ready"
    NO_RECORD = "urn:riktlinjebot:problem:no-record"


_MEANING = {
    ProblemType.UNREADABLE: (400, "The body cannot be read"),
    ProblemType.SIGNATURE: (401, "The signature does not hold"),
    ProblemType.UNKNOWN_CHANNEL: (404, "Unknown channel"),
    ProblemType.TOO_LARGE: (413, "Too large"),
    ProblemType.NOT_JSON: (415, "Not JSON"),
    ProblemType.FIELDS: (422, "Fields are missing or wrong"),
    ProblemType.TOO_MANY: (429, "Too many requests"),
    ProblemType.NOT_CONFIGURED: (503, "No secret is set"),
    ProblemType.UNWRITABLE: (503, "The record cannot be written"),
    ProblemType.NOT_READY: (503, "Not ready"),
    ProblemType.NO_RECORD: (503, "The record does not answer"),
}


def problem(
    kind: ProblemType, detail: str, *, errors: Sequence[FieldProblem] = (), retry_after: int | None = None
) -> web.Response:
    status, title = _MEANING[kind]
    doc: dict[str, object] = {"type": kind, "title": title, "status": status, "detail": detail}
    if errors:
        doc["errors"] = [{"field": one.field, "problem": one.problem} for one in errors]
    answer = _answer(status, doc)
    if retry_after:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def plain_problem(status: int, detail: str | None = None) -> web.Response:
    """A status that says all there is to say: RFC 9457 then has the status's own phrase as the title."""
    title = HTTPStatus(status).phrase
    return _answer(
        status, {"type": "about:blank", "title": title, "status": status, "detail": detail or title}
    )


def _answer(status: int, doc: dict[str, object]) -> web.Response:
    text = json.dumps(doc, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/problem+json")
