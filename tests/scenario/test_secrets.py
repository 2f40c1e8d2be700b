"""What must never be told: secrets, tokens, names and texts stay out of every log line, whatever goes wrong."""

import base64
import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

from bot.file_links import FileLinks
from bot.log_lines import LogLines
from bot.settings import SHIPPED_ORGANISATION
from bot.teams.credentials import EntraTokens, secret_credential
from bot.web.routes import application
from tests.fakes.entra import FakeEntra
from tests.fakes.graph import FakeGraph, user
from tests.scenario.doors import no_figures
from tests.scenario.program import decided
from tests.scenario.world import APP_ID, FLAGS_SECRET, TENANT, World, a_flag, a_world, elements, object_id

GROUP = "00000000-0000-0000-0000-0000000000a1"
TOKEN = "a-token-for-prometheus"
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


# Compared ----------------------------------------------------------------------------------------------------

OTHER = "whsec_" + base64.b64encode(b"another key of 24 bytes or more").decode()


@dataclass
class Compared:
    """What was given to ``hmac.compare_digest``, which takes as long for the first wrong letter as for the last."""

    pairs: list[frozenset[bytes]] = field(default_factory=list)

    def compare(self, one: str | bytes, other: str | bytes, /) -> bool:
        as_bytes = [part.encode() if isinstance(part, str) else part for part in (one, other)]
        self.pairs.append(frozenset(as_bytes))
        return one == other


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Compared:
    recorder = Compared()
    monkeypatch.setattr(hmac, "compare_digest", recorder.compare)
    return recorder


async def a_wrong_token(world: World) -> tuple[bytes, bytes]:
    headers = {"Authorization": "Bearer guessed"}
    async with world.http.get(f"{world.url}/metrics", headers=headers) as answer:
        assert answer.status == 401
    return b"guessed", TOKEN.encode()


async def a_changed_link(world: World) -> tuple[bytes, bytes]:
    link = FileLinks(replace(world.bot.services, address=world.url)).link("a" * 64, "b" * 64)
    named, _, signature = link.rpartition(".")
    async with world.http.get(f"{named}.guessed") as answer:
        assert answer.status == 404
    return b"guessed", signature.encode()


def signed_wrongly(path: str) -> Callable[[World], Awaitable[tuple[bytes, bytes]]]:
    async def sent(world: World) -> tuple[bytes, bytes]:
        now, body = datetime.now(UTC), "{}"
        guessed, right = (Webhook(key).sign("msg_1", now, body) for key in (OTHER, FLAGS_SECRET))
        headers = {
            "content-type": "application/json",
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": guessed,
        }
        async with world.http.post(f"{world.url}{path}", data=body, headers=headers) as answer:
            assert answer.status == 401
        return base64.b64decode(guessed.partition(",")[2]), base64.b64decode(right.partition(",")[2])

    return sent


async def a_changed_seal(world: World) -> tuple[bytes, bytes]:
    person = world["personal"]
    card = await person.asks_for("Vem beslutar om en ny kanal?")
    (data,) = [one["data"] for one in elements(card) if one.get("title") == "Ja" and "data" in one][:1]
    told, _, seal = data["given"].rpartition("|")
    await person.sends(person.invoke("rate", {**data, "given": f"{told}|guessed"}))
    return b"guessed", seal.encode()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(a_wrong_token, id="the figures' token"),
        pytest.param(a_changed_link, id="a link to a file"),
        pytest.param(signed_wrongly("/api/flags"), id="a flag"),
        pytest.param(signed_wrongly("/api/screenshots"), id="a screenshot"),
        pytest.param(a_changed_seal, id="an answer's seal"),
    ],
)
async def test_signatures_are_compared_in_constant_time(
    wrong: Callable[[World], Awaitable[tuple[bytes, bytes]]], tmp_path: Path, compared: Compared
) -> None:
    """The library that checks what other systems sign is held to it as well."""
    async with a_world(tmp_path / "data", METRICS_TOKEN=TOKEN) as world:
        pair = frozenset(await wrong(world))
    assert len(pair) == 2
    assert pair in compared.pairs
