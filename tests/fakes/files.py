"""A web server on loopback that holds the files that posts link to, some of them ill-behaved."""

import asyncio
from typing import Self

from aiohttp import web


class FakeFiles:
    """``async with FakeFiles() as files``; ``asked`` tells what was fetched."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.authorizations: list[str | None] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/{name}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        self.asked.append(name)
        self.authorizations.append(request.headers.get("Authorization"))
        match name:
            case "elsewhere":
                raise web.HTTPFound("/secret")
            case "slow":
                await asyncio.sleep(30)
            case "endless":
                return await self._endless(request)
        if name not in self.files:
            raise web.HTTPNotFound
        return web.Response(body=self.files[name])

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(1000):
            await answer.write(b"x" * 65536)
        return answer
