"""The aiohttp application: Teams, flags, the public list and what machines ask."""

from collections.abc import Mapping

from aiohttp import web

from bot.web.bodies import MAX_BODY
from bot.web.entrance import Handler
from bot.web.probes import Probes
from bot.web.security import add_headers, guarded

DOORS: Mapping[str, tuple[str, str]] = {
    "messages": ("POST", "/api/messages"),
    "flags": ("POST", "/api/flags"),
    "screenshots": ("POST", "/api/screenshots"),
    "file": ("GET", "/filer/{token}"),
    "channel_page": ("GET", "/sociala-medier"),
    "channel_document": ("GET", "/sociala-medier.json"),
    "channel_styles": ("GET", "/sociala-medier.css"),
}
"""By name, what needs the record."""


def application(doors: Mapping[str, Handler], *, probes: Probes) -> web.Application:
    """The routes of those ``doors`` that are given, and the probes; bodies are bounded."""
    app = web.Application(middlewares=[guarded], client_max_size=MAX_BODY)
    app.on_response_prepare.append(add_headers)
    for name, handler in doors.items():
        method, path = DOORS[name]
        if method == "GET":
            app.router.add_get(path, handler)  # and HEAD, which those ask who check links
        else:
            app.router.add_route(method, path, handler)
    app.router.add_get("/healthz", probes.alive)
    app.router.add_get("/readyz", probes.ready)
    app.router.add_get("/metrics", probes.metrics)
    return app
