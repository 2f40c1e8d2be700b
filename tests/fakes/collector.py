"""An OpenTelemetry collector on loopback that decodes what it is sent.

async with FakeCollector() as collector:
    ...  # OTEL_EXPORTER_OTLP_ENDPOINT=collector.url
    collector.spans[0].name
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Ids in hex, ``parent`` empty for a root."""

    name: str
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: Mapping[str, Any]


@dataclass(kw_only=True)
class FakeCollector:
    """``delay``: seconds before it answers; ``headers`` are those of the last request."""

    delay: float = 0.0
    spans: list[Received] = field(default_factory=list)
    services: set[str] = field(default_factory=set)
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/v1/traces", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def named(self, name: str) -> list[Received]:
        return [span for span in self.spans if span.name == name]

    def under(self, parent: Received, name: str) -> list[Received]:
        return [span for span in self.named(name) if span.parent == parent.id]

    async def _take(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.delay)
        assert request.content_type == "application/x-protobuf"
        self.headers = dict(request.headers)
        body = await request.read()
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.services |= {
                one.value.string_value for one in resource.resource.attributes if one.key == "service.name"
            }
            self.spans += [_received(span) for scope in resource.scope_spans for span in scope.spans]
        return web.Response(
            body=ExportTraceServiceResponse().SerializeToString(), content_type="application/x-protobuf"
        )


def _received(span: Span) -> Received:
    return Received(
        name=span.name,
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        failed=span.status.code == 2,
        attributes={one.key: _value(one.value) for one in span.attributes},
    )


def _value(value: Any) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(one) for one in value.array_value.values]
    return getattr(value, kind)
