"""Traces by OpenTelemetry, sent as OTLP over HTTP to where its own environment variables say.

A span holds ids, kinds and counts. What went wrong is told by the exception's type alone: its words may quote
somebody.
"""

import asyncio
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, cast

from aiohttp import web
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from bot.policy.answering import Answer
from bot.policy.grounding import Asked, Verdict
from bot.policy.leads import Leads
from bot.questions.consulting import Consult
from bot.services import Ask
from bot.teams.courier import Bring, Outcome
from bot.teams.endpoint import Json, Replier
from bot.tracing import Handler
from bot.turns import CardAction, Reply, Turn, TurnHandler
from cards.payload import known_verb
from storage.judging import Outcome as Stored
from storage.store import Appended, Message, NewEvent, Store

log = logging.getLogger(__name__)

_SERVICE = "riktlinjebot"
_LAST = 3.0
"""Seconds for what is still to be sent when the bot stops."""


class Spans:
    """A provider of its own, so that several bots can live in one process."""

    def __init__(self) -> None:
        logging.getLogger("opentelemetry.util.re").addFilter(_unquoted)
        self._provider = TracerProvider(resource=Resource.create(_named()), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer(_SERVICE)
        self._incoming = TraceContextTextMapPropagator()

    @contextmanager
    def span(
        self,
        name: str,
        attributes: Attributes = None,
        *,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> Iterator[Span]:
        with self._tracer.start_as_current_span(
            name, context, kind, attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield span
            except Exception as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(StatusCode.ERROR)
                raise

    def door(self, name: str, handler: Handler) -> Handler:
        """Goes on with the caller's trace if there is one."""

        async def handle(request: web.Request) -> web.StreamResponse:
            context = self._incoming.extract(request.headers)
            with self.span(name, context=context, kind=SpanKind.SERVER) as span:
                answer = await handler(request)
                span.set_attribute("http.response.status_code", answer.status)
                if answer.status >= 500:
                    span.set_status(StatusCode.ERROR)
                return answer

        return handle

    def turns(self, handler: TurnHandler) -> TurnHandler:
        return _Turns(handler)

    def answers(self, ask: Ask) -> Ask:
        def traced(question: str, language: str) -> Answer:
            with self.span("answer") as span:
                answer = ask(question, language)
                span.set_attribute("bot.outcome", answer.outcome)
                span.set_attribute("bot.passages", [quote.passage for quote in answer.quotes])
                return answer

        return traced

    def consults(self, consult: Consult) -> Consult:
        async def traced(asked: Asked, leads: Leads) -> Verdict:
            with self.span("model", kind=SpanKind.CLIENT) as span:
                verdict = await consult(asked, leads)
                span.set_attribute("bot.result", verdict.result)
                return verdict

        return traced

    def replies(self, replier: Replier) -> Replier:
        return _Replies(self, replier)

    def store(self, store: Store) -> Store:
        return cast("Store", _Appends(self, store))

    def bringing(self, bring: Bring) -> Bring:
        async def traced(message: Message, *, lost: int) -> Outcome:
            told: Attributes = {"bot.message": message.id, "bot.kind": message.kind, "bot.lost": lost}
            with self.span("outbox send", told, kind=SpanKind.PRODUCER) as span:
                outcome = await bring(message, lost=lost)
                span.set_attribute("bot.outcome", type(outcome).__name__)
                return outcome

        return traced

    async def close(self) -> None:
        """Sends what is left. The exporter may hang for longer than a stop may take, so a thread that nobody has to
        wait for does it."""
        loop, done = asyncio.get_running_loop(), asyncio.Event()

        def shut_down() -> None:
            self._provider.shutdown()
            with suppress(RuntimeError):  # the loop may have gone meanwhile
                loop.call_soon_threadsafe(done.set)

        Thread(target=shut_down, daemon=True).start()
        with suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _LAST)


class _Turns:
    """Says on the span of the request what kind of turn it is."""

    def __init__(self, handler: TurnHandler) -> None:
        self._handler = handler

    async def handle(self, turn: Turn) -> Reply:
        trace.get_current_span().set_attributes(_of_turn(turn))
        return await self._handler.handle(turn)

    def failure(self, turn: Turn) -> str:
        return self._handler.failure(turn)


def _of_turn(turn: Turn) -> dict[str, str]:
    verb = {"bot.verb": known_verb(turn.verb)} if isinstance(turn, CardAction) else {}
    return {
        "bot.turn": type(turn).__name__,
        "bot.activity": turn.activity,
        "bot.conversation_kind": turn.address.kind,
        "bot.channel": "msteams",
        **verb,
    }


@dataclass(frozen=True, slots=True)
class _Replies:
    spans: Spans
    replier: Replier

    async def reply(
        self, service_url: str, conversation: str, to_activity: str, activity: Json
    ) -> str | None:
        with self.spans.span("reply", kind=SpanKind.CLIENT) as span:
            made = await self.replier.reply(service_url, conversation, to_activity, activity)
            span.set_attribute("bot.sent", made or "")
            return made


class _Appends:
    """A store whose appends are watched; all else goes to it directly."""

    def __init__(self, spans: Spans, store: Store) -> None:
        self._spans = spans
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def append(self, stream: str, events: Sequence[NewEvent], **options: Any) -> Stored:
        told: Attributes = {"bot.stream": stream, "bot.events": [event.kind for event in events]}
        with self._spans.span("store append", told) as span:
            outcome = await self._store.append(stream, events, **options)
            span.set_attribute("bot.outcome", type(outcome).__name__)
            if isinstance(outcome, Appended):
                span.set_attribute("bot.seq", outcome.events[-1].seq)
            return outcome


def _unquoted(_: logging.LogRecord) -> bool:
    """OpenTelemetry quotes a header that it can't read, and that may be the collector's key."""
    log.warning(
        "OTEL_EXPORTER_OTLP_HEADERS or OTEL_EXPORTER_OTLP_TRACES_HEADERS can't be read; a header is not sent"
    )
    return False


def _named() -> dict[str, str]:
    """The service's name, unless the environment gives another one."""
    elsewhere = "service.name=" in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "")
    return {} if elsewhere or os.environ.get("OTEL_SERVICE_NAME") else {"service.name": _SERVICE}
