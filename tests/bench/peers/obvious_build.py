"""The bot as anyone would build it: stock CloudAdapter, TinyDB as it comes, one document per case.

Run as a program: PORT and DATA (a folder) and CASES (how many to begin with) come from the environment.
Authentication is off here, which flatters it; the invoke is answered through ``process_activity``, since the
stock ``process`` answers 500 to every typed invoke reply.
"""

import os
from pathlib import Path
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from tinydb import Query, TinyDB

TEXT = "Ett inlägg med ungefär så lång text som inlägg brukar ha. " * 4


class Bot(ActivityHandler):
    def __init__(self, db):
        self.cases = db.table("cases")

    async def on_invoke_activity(self, turn_context: TurnContext):
        data = turn_context.activity.value["action"]["data"]
        case = self.cases.get(Query().designation == data["case"])
        if case is None or case["state"] != "open":
            return InvokeResponse(status=200, body=card("Redan beslutat"))
        decision = {"state": "decided", "kind": data["kind"], "reason": data.get("reason", "")}
        self.cases.update(decision, Query().designation == data["case"])
        return InvokeResponse(status=200, body=card(f"Beslutat: {data['kind']}"))


def card(text: str) -> dict:
    body = [{"type": "TextBlock", "text": text, "wrap": True}]
    value = {"type": "AdaptiveCard", "version": "1.5", "body": body}
    return {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": value}


def main() -> None:
    db = TinyDB(Path(os.environ["DATA"]) / "db.json")
    table = db.table("cases")
    count = int(os.environ["CASES"])
    table.insert_multiple(
        {"designation": f"SM-2026-{n:04d}", "state": "open", "text": TEXT, "author": f"Invånare {n}"}
        for n in range(1, count + 1)
    )
    settings = SimpleNamespace(APP_ID="", APP_PASSWORD="", APP_TYPE="MultiTenant", APP_TENANTID="")
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings))
    bot = Bot(db)

    async def messages(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        result = await adapter.process_activity(
            request.headers.get("Authorization", ""), activity, bot.on_turn
        )
        if result is None:
            return web.Response(status=201)
        return web.json_response(result.body, status=result.status)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)


if __name__ == "__main__":
    main()
