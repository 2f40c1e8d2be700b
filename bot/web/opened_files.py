"""``GET /filer/...``: a file, for those who were given a link to it in the last minutes."""

from typing import Protocol

from aiohttp import web

from bot.domain.pictures import OpenedFile
from bot.web.entrance import Handler


class Opening(Protocol):
    async def open(self, token: str) -> OpenedFile | None: ...


def file_route(files: Opening) -> Handler:
    async def give(request: web.Request) -> web.Response:
        """A link that is over and one that never was are answered alike."""
        file = await files.open(request.match_info["token"])
        if file is None:
            raise web.HTTPNotFound
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
        return web.Response(body=file.data, content_type=file.content_type, headers=headers)

    return give
