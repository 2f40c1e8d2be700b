"""The aiohttp application: Teams, flags, the public list and probes."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.web.bodies import MAX_BODY
from bot.web.security import guarded

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(
    *, messages: Handler, flags: Handler, channels: Iterable[web.RouteDef] = ()
) -> web.Application:
    """Every route the bot answers on; bodies are bounded."""
    app = web.Application(middlewares=[guarded], client_max_size=MAX_BODY)
    app.router.add_post("/api/messages", messages)
    app.router.add_post("/api/flags", flags)
    app.router.add_routes(channels)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _alive)
    return app


async def _alive(_request: web.Request) -> web.Response:
    """The store is replayed before the address is opened, so answering at all means ready."""
    return web.json_response({"status": "ok"})
