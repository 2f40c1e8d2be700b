"""What stands around the bot, in a process of its own: the issuer of Teams' tokens, and a Bot Connector that
takes every card and every update. ``GET /bench`` tells how to reach them, and the token to call the bot with."""

import asyncio
import os
from itertools import count

from aiohttp import web

from tests.bench.clicking import APP_ID
from tests.fakes.issuer import FakeIssuer


async def main(port: int) -> None:
    service_url, calls = f"http://127.0.0.1:{port}/", count()
    async with FakeIssuer() as issuer:

        async def told(_: web.Request) -> web.Response:
            token = issuer.token(audience=APP_ID, service_url=service_url)
            wire = {"service_url": service_url, "metadata_url": issuer.metadata_url, "token": token}
            return web.json_response(wire)

        async def taken(request: web.Request) -> web.Response:
            await request.read()
            return web.json_response({"id": f"m{next(calls)}"}, status=201)

        app = web.Application()
        app.router.add_get("/healthz", told)
        app.router.add_get("/bench", told)
        app.router.add_route("*", "/v3/{call:.*}", taken)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(os.environ["PORT"])))
