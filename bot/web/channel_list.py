"""``GET /sociala-medier``: the public list of channels, for people and for programs."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import web

from bot.web.entrance import Handler

_FRESH = "public, max-age=300"
_LONGEST_QUERY = 100


class Listing(Protocol):
    def page(self, language: str, query: str) -> str: ...

    def document(self) -> dict[str, Any]: ...


def channel_doors(
    listing: Listing, *, refresh: Callable[[], Awaitable[None]], style: str, website: str
) -> Mapping[str, Handler]:
    """The page may be shown within pages of ``website``, the municipality's own; the JSON by anybody. ``refresh``
    takes in what another instance has recorded."""
    policy = (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        f"frame-ancestors 'self' {_within(website)}"
    )

    async def page(request: web.Request) -> web.Response:
        language = "en" if request.query.get("lang") == "en" else "sv"
        query = request.query.get("q", "").strip()[:_LONGEST_QUERY]
        await refresh()
        answer = _cached(request, await asyncio.to_thread(listing.page, language, query), "text/html")
        answer.headers["Content-Security-Policy"] = policy
        answer.headers["Content-Language"] = language
        return answer

    async def document(request: web.Request) -> web.Response:
        await refresh()
        answer = _cached(request, json.dumps(listing.document(), ensure_ascii=False), "application/json")
        answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer

    async def styles(request: web.Request) -> web.Response:
        return _cached(request, style, "text/css")

    return {"channel_page": page, "channel_document": document, "channel_styles": styles}


def _within(website: str) -> str:
    """The website's own host and those under it, with and without www."""
    parts = urlsplit(website)
    host = parts.netloc.removeprefix("www.")
    return f"{parts.scheme}://{host} {parts.scheme}://*.{host}"


def _cached(request: web.Request, text: str, kind: str) -> web.Response:
    """Fresh for some minutes, and after that asked for by its ETag."""
    body = text.encode("utf-8", "replace")
    tag = hashlib.sha256(body).hexdigest()[:32]
    known = {one.value for one in request.if_none_match or ()}
    unchanged = tag in known or "*" in known
    answer = web.Response(
        status=304 if unchanged else 200,
        body=None if unchanged else body,
        headers={"Cache-Control": _FRESH},
    )
    answer.etag = tag
    if not unchanged:
        answer.content_type, answer.charset = kind, "utf-8"
    return answer
