"""A bot as the samples build one on botbuilder's own CloudAdapter, at a door of its own beside ours.

It is served by real aiohttp in a thread with a loop of its own, because the SDK fetches signing keys with a blocking
call: on the test's loop the issuer could never answer it.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler as Next
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity, AdaptiveCardInvokeResponse
from botframework.connector.auth import (
    ChannelValidation,
    JwtTokenExtractor,
    MicrosoftAppCredentials,
    ServiceClientCredentialsFactory,
)

from tests.scenario.doors import APP, TENANT, Json, Surroundings

SINGLE_TENANT = {
    "APP_ID": APP,
    "APP_PASSWORD": "made up",
    "APP_TYPE": "SingleTenant",
    "APP_TENANTID": TENANT,
}

Says = Callable[[TurnContext], Awaitable[None]]


class Bot(TeamsActivityHandler):  # type: ignore[misc]  # botbuilder has no types
    """``clicked`` answers a click, ``says`` answers a message; ``members`` are those it was told of."""

    def __init__(self) -> None:
        super().__init__()
        self.clicked: AdaptiveCardInvokeResponse | Exception | None = None
        self.says: Says | None = None
        self.members: list[str] = []
        self.turns = 0

    async def on_turn(self, turn_context: TurnContext) -> None:
        self.turns += 1
        await super().on_turn(turn_context)

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        if self.says is not None:
            await self.says(turn_context)

    async def on_adaptive_card_invoke(
        self, turn_context: TurnContext, invoke_value: Any
    ) -> AdaptiveCardInvokeResponse | None:
        if isinstance(self.clicked, Exception):
            raise self.clicked
        return self.clicked

    async def on_teams_members_added(
        self, teams_members_added: list[Any], team_info: Any, turn_context: TurnContext
    ) -> None:
        self.members.extend(member.id for member in teams_members_added)


class NoToken(ServiceClientCredentialsFactory):  # type: ignore[misc]  # nor has botframework
    """As the configured one, but outgoing calls carry no token, or the SDK would ask the real Entra for it."""

    async def is_valid_app_id(self, app_id: str) -> bool:
        return app_id == APP

    async def is_authentication_disabled(self) -> bool:
        return False

    async def create_credentials(self, *_: Any, **__: Any) -> MicrosoftAppCredentials:
        return MicrosoftAppCredentials.empty()


@dataclass
class StockDoor:
    """``faults`` names the exceptions that left the SDK; ``caught`` those that its on_turn_error was given."""

    around: Surroundings
    bot: Bot = field(default_factory=Bot)
    faults: list[str] = field(default_factory=list)
    caught: list[str] = field(default_factory=list)
    url: str = ""

    async def post(self, activity: Any, *, token: str | bytes | None = "", **headers: str) -> tuple[int, Any]:
        return await self.around.post(f"{self.url}/api/messages", activity, token=token, **headers)

    async def post_by_hand(self, activity: Any) -> tuple[int, Any]:
        """Past ``CloudAdapter.process``, as the samples do since it breaks invoke replies."""
        return await self.around.post(f"{self.url}/by-hand", activity)


@asynccontextmanager
async def stock_door(
    around: Surroundings, settings: Json | None = None, *, signed: bool = True
) -> AsyncIterator[StockDoor]:
    """``settings`` are the attributes of the samples' config class; ``signed`` False leaves all to them."""
    door = StockDoor(around=around)
    before = ChannelValidation.open_id_metadata_endpoint
    ChannelValidation.open_id_metadata_endpoint = around.issuer.metadata_url
    JwtTokenExtractor.metadataCache.clear()
    authentication = ConfigurationBotFrameworkAuthentication(
        SimpleNamespace(**(SINGLE_TENANT if settings is None else settings)),
        credentials_factory=NoToken() if signed else None,
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        runner = await _there(loop, _serve(door, CloudAdapter(authentication)))
        yield door
        await _there(loop, runner.cleanup())
    finally:
        await _there(loop, loop.shutdown_default_executor())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        ChannelValidation.open_id_metadata_endpoint = before
        JwtTokenExtractor.metadataCache.clear()


async def _there(loop: asyncio.AbstractEventLoop, work: Any) -> Any:
    done: Future[Any] = asyncio.run_coroutine_threadsafe(work, loop)
    return await asyncio.wrap_future(done)


async def _serve(door: StockDoor, adapter: CloudAdapter) -> web.AppRunner:
    async def on_turn_error(_context: TurnContext, error: Exception) -> None:
        door.caught.append(type(error).__name__)

    adapter.on_turn_error = on_turn_error

    async def messages(request: web.Request) -> web.StreamResponse:
        answer: web.StreamResponse = await adapter.process(request, door.bot)
        return answer

    async def by_hand(request: web.Request) -> web.StreamResponse:
        activity = Activity().deserialize(await request.json())
        answer: InvokeResponse | None = await adapter.process_activity(
            request.headers["Authorization"], activity, door.bot.on_turn
        )
        if answer is None:
            return web.Response(status=201)
        return web.json_response(answer.body, status=answer.status)

    @web.middleware
    async def noting(request: web.Request, handler: Next) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception as error:
            door.faults.append(type(error).__name__)
            raise

    app = web.Application(middlewares=[aiohttp_error_middleware, noting])
    app.router.add_post("/api/messages", messages)
    app.router.add_post("/by-hand", by_hand)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    return runner
