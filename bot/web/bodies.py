"""Reading what a caller sends: bounded in size and in time, and never packed."""

import asyncio

from aiohttp import web

MAX_BODY = 1 << 20
BODY_SECONDS = 20.0
"""Teams and webhook senders give up on an answer after 10 to 15 seconds, so nobody who means it is still sending then;
who isn't known yet holds a connection no longer than this."""


async def read_body(
    request: web.Request, *, seconds: float = BODY_SECONDS, largest: int = MAX_BODY
) -> bytes | None:
    """None for a body that is too large. Raises HTTPUnsupportedMediaType for one that is packed, which neither Teams
    nor Standard Webhooks do, and HTTPRequestTimeout for one that is not whole in ``seconds``."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > largest:
        return None
    if request.content.is_eof():  # as most are, sent in one go with their headers
        whole = request.content.read_nowait()
        return whole if len(whole) <= largest else None
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > largest:
                    return None
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)
