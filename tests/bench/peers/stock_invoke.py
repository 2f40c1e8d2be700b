"""Stock botbuilder doing nothing: an invoke in, a card out, no authentication, no store."""

import os
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity

from obvious_build import card


class Bot(ActivityHandler):
    async def on_invoke_activity(self, turn_context: TurnContext):
        return InvokeResponse(status=200, body=card("Klart"))


def main() -> None:
    settings = SimpleNamespace(APP_ID="", APP_PASSWORD="", APP_TYPE="MultiTenant", APP_TENANTID="")
    adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings))
    bot = Bot()

    async def messages(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        result = await adapter.process_activity("", activity, bot.on_turn)
        return web.json_response(result.body, status=result.status)

    app = web.Application()
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)


if __name__ == "__main__":
    main()
