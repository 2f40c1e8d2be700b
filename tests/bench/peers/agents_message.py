"""Microsoft's successor SDK answering a message: one text in, one text out through its connector client."""

import os

from agents_invoke import Anonymous
from aiohttp import web
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler, TurnContext


class Bot(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext):
        await turn_context.send_activity("Klart")


def main() -> None:
    connections = Anonymous()
    adapter = CloudAdapter(connection_manager=connections)
    bot = Bot()

    async def messages(request: web.Request) -> web.Response:
        await adapter.process(request, bot)
        return web.json_response({})

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = connections.settings
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)


if __name__ == "__main__":
    main()
