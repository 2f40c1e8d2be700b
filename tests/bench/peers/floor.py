"""What no bot in Python can go below: aiohttp, the activity read, a line as long as a decision's on the disk, and a
card as large as ours back. It decides nothing, knows no cases, checks no token and shows the same to everybody.
"""

import json
import os
from pathlib import Path

import orjson
from aiohttp import web

_LINE = 1_000
_CARD = 4_700
"""Bytes: a decision with its two updates owed, and the decided case's card."""

_WORDS = "Klart".ljust(200)
_BLOCK = {"type": "TextBlock", "text": _WORDS, "wrap": True}
BODY = {
    "statusCode": 200,
    "type": "application/vnd.microsoft.card.adaptive",
    "value": {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [_BLOCK] * (_CARD // len(json.dumps(_BLOCK))),
    },
}


def main() -> None:
    journal = os.open(Path(os.environ["DATA"]) / "journal", os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    async def messages(request: web.Request) -> web.Response:
        activity = orjson.loads(await request.read())
        line = orjson.dumps({"id": activity["id"], "decided": activity["value"]["action"]["data"]})
        os.write(journal, line.ljust(_LINE) + b"\n")
        os.fdatasync(journal)
        return web.Response(body=orjson.dumps(BODY), content_type="application/json")

    async def healthz(_: web.Request) -> web.Response:
        return web.Response()

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    app.router.add_get("/healthz", healthz)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None, access_log=None)


if __name__ == "__main__":
    main()
