"""A wire to PostgreSQL that can be cut at the worst moment: after a commit has left, before its answer is back."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

_SOCKET = ".s.PGSQL.5432"
_COMMIT = b"COMMIT"


@dataclass(kw_only=True)
class Cutting:
    """``armed``: the next commit is let through and its answer is not; nobody gets a new connection until ``heals``."""

    url: str
    armed: bool = False
    cut: int = 0
    _server: Path
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def heals(self) -> None:
        self.cut = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.cut:
            writer.close()
            return
        there, to_there = await asyncio.open_unix_connection(self._server)
        self._open |= {writer, to_there}
        back = asyncio.create_task(self._pass(there, writer))
        with suppress(OSError):
            while data := await reader.read(65536):
                if self.armed and _COMMIT in data:
                    self.armed, self.cut = False, self.cut + 1
                    back.cancel()
                    await asyncio.wait([back])
                    to_there.write(data)
                    await there.read(65536)  # it is recorded
                    self.close()
                    break
                to_there.write(data)
        for one in (writer, to_there):
            one.close()
            self._open.discard(one)
        await asyncio.wait([back])

    async def _pass(self, there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await there.read(65536):
                writer.write(data)

    def close(self) -> None:
        for one in self._open:
            one.close()


@asynccontextmanager
async def cutting(url: str) -> AsyncIterator[Cutting]:
    """Between whoever uses its ``url`` and the database at ``url``, which is one on a local socket."""
    before, host = url.split("host=", 1)
    place, _, rest = host.partition("&")
    with tempfile.TemporaryDirectory(prefix="cut") as directory:
        through = f"{before}host={quote(directory, safe='')}{'&' if rest else ''}{rest}"
        one = Cutting(url=through, _server=Path(unquote(place)) / _SOCKET)
        server = await asyncio.start_unix_server(one.serve, Path(directory) / _SOCKET)
        try:
            yield one
        finally:
            server.close()
            one.close()
            await server.wait_closed()
