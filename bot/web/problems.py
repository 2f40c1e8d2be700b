"""Errors as RFC 9457 problem details: what is wrong and where, never how the program looks inside."""

import json
from collections.abc import Sequence

from aiohttp import web

from bot.flags import FieldProblem

_TITLES = {
    400: "The request cannot be read",
    401: "The signature does not hold",
    404: "Not found",
    405: "Not this way",
    413: "Too large",
    415: "Not JSON",
    422: "Fields are wrong",
    500: "Something went wrong here",
    503: "Not available now",
}


def problem(
    status: int,
    detail: str,
    *,
    kind: str = "about:blank",
    errors: Sequence[FieldProblem] = (),
    retry_after: int | None = None,
) -> web.Response:
    doc: dict[str, object] = {"type": kind, "title": _TITLES[status], "status": status, "detail": detail}
    if errors:
        doc["errors"] = [{"field": one.field, "problem": one.problem} for one in errors]
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return web.Response(
        status=status,
        text=json.dumps(doc, ensure_ascii=False),
        content_type="application/problem+json",
        headers=headers,
    )
