"""Microsoft's successor SDK doing nothing: an invoke in, a card out, authentication off, no store."""

import os

from aiohttp import web
from microsoft_agents.activity import InvokeResponse
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler, TurnContext
from microsoft_agents.hosting.core.authorization import (
    AccessTokenProviderBase,
    AgentAuthConfiguration,
    AnonymousTokenProvider,
    Connections,
)

BODY = {
    "statusCode": 200,
    "type": "application/vnd.microsoft.card.adaptive",
    "value": {
        "type": "AdaptiveCard",
        "version": "1.5",
        "body": [{"type": "TextBlock", "text": "Klart", "wrap": True}],
    },
}


class Anonymous(Connections):
    def __init__(self) -> None:
        self.provider: AccessTokenProviderBase = AnonymousTokenProvider()
        self.settings = AgentAuthConfiguration(anonymous_allowed=True)

    def get_connection(self, connection_name: str):
        return self.provider

    def get_default_connection(self):
        return self.provider

    def get_token_provider(self, claims_identity, service_url: str):
        return self.provider

    def get_token_provider_from_activity(self, identity, activity):
        return self.provider

    def get_default_connection_configuration(self):
        return self.settings


class Bot(ActivityHandler):
    async def on_invoke_activity(self, turn_context: TurnContext):
        return InvokeResponse(status=200, body=BODY)


def main() -> None:
    connections = Anonymous()
    adapter = CloudAdapter(connection_manager=connections)
    bot = Bot()

    async def messages(request: web.Request) -> web.Response:
        return await adapter.process(request, bot)

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = connections.settings
    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None)


if __name__ == "__main__":
    main()
