"""The aiohttp application: Teams, flags and what machines ask."""

from aiohttp import web

from bot.web.bodies import MAX_BODY
from bot.web.entrance import Handler
from bot.web.probes import Probes
from bot.web.security import guarded


def application(*, messages: Handler, flags: Handler, probes: Probes) -> web.Application:
    """Every route the bot answers on; bodies are bounded."""
    app = web.Application(middlewares=[guarded], client_max_size=MAX_BODY)
    app.router.add_post("/api/messages", messages)
    app.router.add_post("/api/flags", flags)
    app.router.add_get("/healthz", probes.alive)
    app.router.add_get("/readyz", probes.ready)
    app.router.add_get("/metrics", probes.metrics)
    return app
