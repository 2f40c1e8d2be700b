"""Traces as a collector gets them: what belongs together, by ids alone, and only where somebody asks for them."""

import asyncio
import logging
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.log_lines import LogLines
from bot.playground import ROOT
from bot.questions.learned_policy import LearnedPolicy
from bot.settings import SettingsError, read_settings
from storage.embedded import EmbeddedStore
from tests.fakes.collector import FakeCollector
from tests.scenario.served import served, surroundings
from tests.scenario.world import FLAGS_SECRET, World, a_world

PARENT = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")


def asked_for(collector: FakeCollector, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The SDK reads its own settings from the environment itself."""
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    return {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}


async def a_morning(world: World) -> str:
    await world.arrive("admin")
    case = await world.flag({"text": "Hemsk text", "author": "Invånare ett"}, note="Hemsk anteckning")
    card = await world["admin"].waits_for(case)
    await world["admin"].clicks(card, "Radera", ground="svordomar", reason="Hemska ord.")
    await world["admin"].says("Måste hemska inlägg diarieföras?")
    await world["admin"].sends(world["admin"].invoke("Hemskt verb", {}))
    await world.settle()
    return case


async def test_a_turn_is_told_with_what_it_led_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeCollector() as collector:
        async with a_world(tmp_path / "data", **asked_for(collector, monkeypatch)) as world:
            case = await a_morning(world)
        assert collector.services == {"riktlinjebot"}
        click = next(one for one in collector.named("turn") if one.attributes.get("bot.verb") == "decide")
        assert click.attributes["bot.turn"] == "CardAction"
        assert click.attributes["bot.channel"] == "msteams"
        assert click.attributes["bot.conversation_kind"] == "personal"
        assert click.attributes["http.response.status_code"] == 200
        (append,) = [
            one for one in collector.under(click, "store append") if one.attributes["bot.stream"] == case
        ]
        assert append.attributes["bot.events"] == ["decided"]
        assert append.attributes["bot.outcome"] == "Appended"
        asked = next(one for one in collector.named("answer"))
        turn = next(one for one in collector.named("turn") if one.id == asked.parent)
        assert asked.attributes["bot.outcome"] in {"answer", "did_you_mean"}
        assert "administratorens-ansvar/5/a" in asked.attributes["bot.passages"]
        assert collector.under(turn, "reply")[0].attributes["bot.sent"]
        sent = [one for one in collector.named("outbox send") if case in one.attributes["bot.message"]]
        assert {one.attributes["bot.outcome"] for one in sent} >= {"Brought", "Undeliverable"}


async def test_no_span_holds_a_text_or_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeCollector() as collector:
        async with a_world(tmp_path / "data", **asked_for(collector, monkeypatch)) as world:
            await a_morning(world)
            world.connector.fails(500, when=lambda call: call.operation == "reply")
            await world.post(world["admin"].activity("message", text="Hemsk text igen"))
            token = world.issuer.token(audience="x", service_url="y")
        assert collector.spans
        said = collector.raw.decode("utf-8", "replace") + str(collector.spans)
    for secret in ("emsk", "Invånare", "Administratör", FLAGS_SECRET, token, world.connector.url):
        assert secret not in said


async def test_the_callers_trace_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trace, parent = PARENT
    async with FakeCollector() as collector:
        async with a_world(tmp_path / "data", **asked_for(collector, monkeypatch)) as world:
            world.http.headers["traceparent"] = f"00-{trace}-{parent}-01"
            await world["admin"].says("hjälp")
            world.http.headers["traceparent"] = "nonsense"
            await world["admin"].says("hjälp")
        first, second = collector.named("turn")
        assert (first.trace, first.parent) == PARENT
        assert (second.trace != trace, second.parent) == (True, "")
        assert collector.under(first, "reply")[0].trace == trace


async def test_what_fails_is_marked_by_its_kind_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with FakeCollector() as collector:
        async with a_world(tmp_path / "data", **asked_for(collector, monkeypatch)) as world:
            world.connector.fails(403, times=1)
            await world.post(world["admin"].activity("message", text="hjälp"))
        (reply,) = collector.named("reply")
        assert (reply.failed, reply.attributes["error.type"]) == (True, "ConnectorError")
        assert not {"exception.message", "exception.stacktrace"} & reply.attributes.keys()


@pytest.mark.parametrize("delay", [0.0, 60.0], ids=["gone", "hanging"])
async def test_a_collector_that_does_not_answer_holds_up_no_turn_and_no_stop(
    tmp_path: Path, delay: float
) -> None:
    async with FakeCollector(delay=delay) as collector, surroundings() as around:
        url = collector.url if delay else "http://127.0.0.1:9"
        async with served(tmp_path / "data", around, OTEL_EXPORTER_OTLP_ENDPOINT=url) as bot:
            await bot.until(200)
            began = time.monotonic()
            await bot["admin"].says("hjälp")
            assert time.monotonic() - began < 2
            bot.told_to_stop()
            assert await bot.ended(within=10) == 0


@pytest.mark.parametrize("name", ["OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"])
async def test_a_collectors_key_that_cannot_be_read_is_not_quoted(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.spans import Spans

    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv(name, "nyckel: hemlig-7731, other=one")
    await Spans().close()
    lines = [f"{LogLines().format(record)} {vars(record)}" for record in caplog.records]
    assert not [line for line in lines if "7731" in line]
    assert [line for line in lines if f"{name} " in line and "can't be read" in line]


async def test_the_process_sends_its_last_spans_before_it_ends(tmp_path: Path) -> None:
    async with FakeCollector() as collector, surroundings() as around:
        environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_EXPORTER_OTLP_HEADERS": "key=abc",
                   "OTEL_SERVICE_NAME": "boten"}  # fmt: skip
        async with served(tmp_path / "data", around, **environ) as bot:
            await bot.until(200)
            await bot["admin"].says("hjälp")
            bot.told_to_stop()
            assert await bot.ended(within=10) == 0
        assert collector.named("turn")
        assert collector.services == {"boten"}
        assert collector.headers["key"] == "abc"


async def test_nothing_stands_in_the_way_of_a_turn_where_nobody_asks(world: World) -> None:
    assert type(world.bot.services.store) is EmbeddedStore
    assert getattr(world.bot.services.ask, "__func__", None) is LearnedPolicy.ask


async def test_opentelemetry_is_not_even_loaded_where_nobody_asks() -> None:
    told = "import app, sys; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", told, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out.decode().strip() == "[]"


@pytest.mark.parametrize(
    ("environ", "traced"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, False),
        ({"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, False),
        ({"OTEL_SERVICE_NAME": "boten"}, False),
    ],
)
def test_traces_are_sent_where_the_usual_variables_ask_for_them(
    environ: dict[str, str], traced: bool
) -> None:
    assert read_settings(environ).traced is traced


@pytest.mark.parametrize(
    "environ",
    [
        {"OTEL_TRACES_EXPORTER": "zipkin"},
        {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
        {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json"},
    ],
)
def test_a_way_of_sending_that_is_not_built_in_is_told(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"OTEL_.*: can only be"):
        read_settings(environ)
