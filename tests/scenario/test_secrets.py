"""What must never be told: secrets, tokens, names and texts stay out of every log line, whatever goes wrong."""

import base64
import inspect
import logging
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

from bot.log_lines import LogLines
from bot.settings import SHIPPED_ORGANISATION
from bot.teams.credentials import EntraTokens, secret_credential
from bot.web.routes import application
from tests.fakes.entra import FakeEntra
from tests.fakes.graph import FakeGraph, user
from tests.scenario.doors import no_figures
from tests.scenario.program import decided
from tests.scenario.world import APP_ID, FLAGS_SECRET, TENANT, World, a_flag, a_world, object_id

GROUP = "00000000-0000-0000-0000-0000000000a1"
PASSWORD = "hemligt-lösenord-7731"
TOLD_IN_CONFIDENCE = {
    "the flags' key": FLAGS_SECRET,
    "its bytes": base64.b64decode(FLAGS_SECRET.removeprefix("whsec_")).decode(),
    "the app's password": PASSWORD,
    "a token from Entra": "token-",
    "a post": "Hemskt inlägg",
    "its author": "Invånare Namnsson",
    "its address": "posts/99817",
    "who flagged": "Flaggare Flaggsson",
    "the flag's note": "Anteckning om grannen",
    "a reason": "Motivering med detaljer",
    "a police number": "5000-K77123-26",
    "a diary number": "KS 2026/4711",
    "a question": "Min granne undrar",
    "a reply to it": "Svara grannen vänligt",
    "a learned phrasing": "Grannen frågar ofta",
    "a member's name in Entra": "Graf Grafsson",
}


async def a_day_with_faults(world: World, graph: FakeGraph, entra: FakeEntra) -> None:
    post = {"text": "Hemskt inlägg", "author": "Invånare Namnsson", "url": "https://example.com/posts/99817"}
    flag = {"by": "Flaggare Flaggsson", "note": "Anteckning om grannen"}
    await world.arrive("admin", "registrator")
    admin = world["admin"]
    case = await world.flag(post, **flag)
    card = await admin.waits_for(case)
    await admin.clicks(card, "Radera", ground="personangrepp", reason="")
    await admin.clicks(card, "Radera", ground="personangrepp", reason="Motivering med detaljer")
    police = {"case": case, "police_reference": "5000-K77123-26", "police_date": "2026-11-23"}
    await admin.sends(admin.invoke("police", police))
    item = {"case": case, "item": f"{case}-1", "number": "KS 2026/4711"}
    await world["registrator"].sends(world["registrator"].invoke("register", item))
    await world["personal"].sends(world["personal"].invoke("decide", {"kind": "Motivering med detaljer"}))
    await a_question_is_asked(world)
    await world.post_flag(b'{"text": "Hemskt')
    await world.post_flag(a_flag(post, channel="Hemskt inlägg", **flag))
    await strangers_call(world)
    for status in (403, 500):
        world.connector.fails(status, times=2)
        await world.flag({**post, "id": f"again {status}"}, **flag)
        await world.settle()
    graph.fails(401)
    entra.status = 401
    assert world.bot.graph is not None
    await world.bot.graph.refresh()
    world.clock.forward(hours=30)
    await admin.sends(admin.invoke("decide", {"case": case, "version": 2, "kind": "keep"}))
    await world.bot.services.store.close()
    await admin.sends(
        admin.invoke("flag", {"form": "f" * 32, "channel": "facebook-haninge", "text": "Hemskt inlägg"})
    )
    await world.post_flag(a_flag(post, **flag))


async def a_question_is_asked(world: World) -> None:
    await world.arrive("kommunikation")
    unit = world["kommunikation"]
    answer = await world["admin"].asks_for("Min granne undrar vad TikTok kostar")
    await world["admin"].clicks(answer, "Fråga kommunikationsenheten")
    card = await unit.waits_for("Min granne undrar")
    replied = await unit.clicks(card, "Svara", reply="Svara grannen vänligt", clause="1")
    form = await unit.clicks(replied.card, "Lär in svaret…")
    proposed = await unit.clicks(form.card, "Föreslå", phrasing="Grannen frågar ofta")
    await unit.clicks(proposed.card, "Godkänn och lär in")
    await world["admin"].says("Grannen frågar ofta")
    await unit.says("obesvarade frågor")
    await world.settle()


async def strangers_call(world: World) -> None:
    headers = {"Authorization": "Bearer made-up-token-12"}
    activity = world["admin"].activity("message", text="Hemskt inlägg")
    async with world.http.post(f"{world.url}/api/messages", json=activity, headers=headers) as answer:
        assert answer.status == 401
    async with world.http.post(f"{world.url}/api/flags", json=a_flag({"text": "Hemskt inlägg"})) as answer:
        assert answer.status == 401


async def test_a_whole_day_with_its_faults_tells_no_log_line_in_confidence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file = tmp_path / "organisation.yaml"
    demo = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
    file.write_text(
        demo.replace(f"registrars: [{object_id('registrator')}]", f"registrars: {{group: {GROUP}}}"),
        encoding="utf-8",
    )
    async with FakeEntra() as entra, entra.session() as http, FakeGraph() as graph:
        graph.groups[GROUP] = [user(object_id("registrator"), "Graf Grafsson")]
        tokens = EntraTokens(
            secret_credential(
                tenant=TENANT, app_id=APP_ID, secret=PASSWORD, session=http, authority=entra.authority
            )
        )
        environ: dict[str, Any] = {
            "MicrosoftAppPassword": PASSWORD,
            "GRAPH_URL": graph.url,
            "ORGANISATION_FILE": str(file),
        }
        async with a_world(tmp_path / "data", graph_tokens=tokens, **environ) as world:
            await a_day_with_faults(world, graph, entra)
            inbound = world.issuer.token(audience=APP_ID, service_url=world.connector.url)
        assert entra.requests, "the real credential was at work"
    # As printed, and as it was before anything was escaped.
    lines = [f"{LogLines().format(record)} {vars(record)}" for record in caplog.records]
    assert len(lines) > 20, "DEBUG of every library"
    told = "\n".join(lines)
    secrets = TOLD_IN_CONFIDENCE | {
        "a token from Teams": inbound,
        "its signature": inbound.rpartition(".")[2],
    }
    leaked = {
        name: [line[:300] for line in lines if secret in line]
        for name, secret in secrets.items()
        if secret in told
    }
    assert not leaked


async def test_neither_texts_nor_names_nor_secrets_are_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with a_world(tmp_path / "data") as world:
        await world.arrive("admin", "registrator")
        await decided(world, {"text": "Hemlig text", "author": "Hemlig Person"}, "Radera")
        await world["personal"].says("Får Hemlig Person skriva så?")
        token = world.issuer.token(audience="x", service_url="y")
        await world.settle()
    logged = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records)
    for secret in ("Hemlig", "Könsord", FLAGS_SECRET, "Administratör ett", token):
        assert secret not in logged


async def test_a_signed_link_is_not_in_the_log_when_its_file_cannot_be_given(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(_: web.Request) -> web.Response:
        raise LookupError

    caplog.set_level(logging.DEBUG)
    async with (
        TestServer(application({"file": fails}, probes=no_figures())) as server,
        aiohttp.ClientSession(base_url=server.make_url("/")) as http,
        http.get("/filer/1.a.b.signature-7731") as answer,
    ):
        assert answer.status == 500
    (told,) = [record for record in caplog.records if record.message == "a request failed"]
    assert vars(told)["route"] == "/filer/{token}"
    # aiohttp's own lines of access are switched off where the bot serves
    lines = [record for record in caplog.records if record.name != "aiohttp.access"]
    assert not [record for record in lines if "7731" in f"{LogLines().format(record)} {vars(record)}"]


def test_signatures_are_compared_in_constant_time() -> None:
    """The bot compares no secret itself; the library that does is pinned, and this is what it is pinned for."""
    assert "hmac.compare_digest" in inspect.getsource(Webhook.verify)
