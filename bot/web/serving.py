"""The application as it is served: what cannot even be read is answered and logged without a word of it.

aiohttp quotes the header that it could not parse in its answer and, with a stack trace, in its log; that header may
be ``Authorization``. And it waits without end for headers that were half sent. It has no setting for either, so its
protocol is extended here, and nowhere else.
"""

import asyncio
import logging
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.web.problems import plain_problem
from bot.web.security import HEADERS

log = logging.getLogger(__name__)

HEADER_SECONDS = 20.0
"""For a new connection to send its first request, and for any to send the headers that it began."""
_LINGERING = 2.0
"""Seconds."""
_UNREADABLE = "The request line or a header is malformed or too long."


class Runner(web.AppRunner):
    """Like aiohttp's, with quiet connections on which nothing is unpacked: a body of 1 MiB can hold a gibibyte, and
    aiohttp unpacks what is left of one even after it was refused. What is left is thrown away as it comes, for as
    long as it takes a caller to see the answer: a connection that is shut on unread bytes loses it."""

    __slots__ = ("_header_seconds",)

    def __init__(
        self, app: web.Application, *, header_seconds: float = HEADER_SECONDS, **kwargs: Any
    ) -> None:
        self._header_seconds = header_seconds
        super().__init__(app, auto_decompress=False, **{"lingering_time": _LINGERING, **kwargs})

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        server = _Server(
            made.request_handler,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            **made._kwargs,
        )
        server.header_seconds = self._header_seconds
        return server


class _Server(web.Server):
    header_seconds = HEADER_SECONDS

    def __call__(self) -> web.RequestHandler:
        made = _QuietConnection(self, loop=self._loop, **self._kwargs)
        made.header_seconds = self.header_seconds
        return made


class _QuietConnection(web.RequestHandler):
    __slots__ = ("_late", "header_seconds")
    header_seconds: float

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._late: asyncio.TimerHandle | None = None
        super().connection_made(transport)
        self._expect_headers()

    def data_received(self, data: bytes) -> None:
        before = self._request_count
        super().data_received(data)
        if self._request_count != before:
            self._expect_nothing()
        elif self._late is None and self._waiter is not None:  # no request under way whose body it could be
            self._expect_headers()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._expect_nothing()
        super().connection_lost(exc)

    def _expect_headers(self) -> None:
        self._late = self._loop.call_later(self.header_seconds, self.force_close)

    def _expect_nothing(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        if not isinstance(exc, HttpProcessingError):
            answer = super().handle_error(request, status, exc, message)
        else:
            log.info("A request could not be read", extra={"why": type(exc).__name__})
            answer = plain_problem(400, _UNREADABLE)
        answer.headers.update(HEADERS)
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """What is left of a refused body is read after the answer; that it can't be is the sender's fault."""
        fault = kw.get("exc_info")
        if isinstance(fault, web.RequestPayloadError | aiohttp.ClientPayloadError | HttpProcessingError):
            log.info("A body could not be read to its end", extra={"why": type(fault).__name__})
            return
        super().log_exception(*args, **kw)
