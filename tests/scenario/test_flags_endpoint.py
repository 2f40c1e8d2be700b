"""``POST /api/flags`` over HTTP: who is let in, what each refusal says, and what reaches the intake."""

import asyncio
import base64
import gzip
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.test_utils import BaseTestServer, TestServer, make_mocked_request
from standardwebhooks import Webhook

from bot.web.bodies import BODY_SECONDS
from bot.web.flags_intake import BURST, flags_route
from bot.web.routes import application
from bot.web.security import HEADERS
from storage.store import StoreUnwritable
from tests.fakes.intake import FakeIntake
from tests.scenario.doors import no_figures

Json = dict[str, Any]
SECRET = "whsec_" + base64.b64encode(b"a key of at least 24 bytes").decode()
OTHER = "whsec_" + base64.b64encode(b"another key, also long enough").decode()
BODY: Json = {
    "channel": "facebook-haninge",
    "post": {"id": "123_456", "kind": "comment", "text": "Så dumt!", "author": "Invånare 1"},
    "flag": {"source": "person", "by": "Medarbetare"},
}
CLOCK = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Hand:
    """The limits' clock, moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass(kw_only=True)
class Answer:
    status: int
    headers: Any
    body: Json


@dataclass(kw_only=True)
class Door:
    """The endpoint as another system sees it."""

    server: BaseTestServer
    http: aiohttp.ClientSession
    intake: FakeIntake
    hand: "Hand"

    async def post(self, data: Any, headers: dict[str, str]) -> Answer:
        """Whatever the outcome: no answer shows what the program looks like inside."""
        kind = {"content-type": "application/json"}
        async with self.http.post("/api/flags", data=data, headers={**kind, **headers}) as answer:
            text = await answer.text()
            assert "Traceback" not in text
            assert ".py" not in text
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            if answer.status != 202:
                assert answer.content_type == "application/problem+json"
            return Answer(status=answer.status, headers=answer.headers, body=json.loads(text))

    async def flag(self, body: Any = BODY, **headers: str) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.post(data, {**signed(data), **headers})


def signed(
    data: bytes, *, message: str = "msg_1", age: timedelta = timedelta(), secret: str = SECRET
) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, at, data.decode()),
    }


@asynccontextmanager
async def opened(
    *, secret: str | None = SECRET, local_secret: str | None = None, body_seconds: float = BODY_SECONDS
) -> AsyncIterator[Door]:
    hand = Hand()

    async def messages(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    intake = FakeIntake()
    flags = flags_route(
        intake,
        secret=secret,
        local_secret=local_secret,
        clock=lambda: CLOCK,
        monotonic=hand,
        body_seconds=body_seconds,
    )
    app = application({"messages": messages, "flags": flags}, probes=no_figures())

    async def fails(_request: web.Request) -> web.Response:
        raise LookupError("secret details of the program")

    app.router.add_get("/fails", fails)
    async with (
        TestServer(app) as server,
        aiohttp.ClientSession(base_url=server.make_url("/")) as http,
    ):
        yield Door(server=server, http=http, intake=intake, hand=hand)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with opened() as one:
        yield one


def assert_problem(answer: Answer, status: int, name: str) -> None:
    assert answer.status == answer.body["status"] == status
    assert answer.body["type"] == f"urn:riktlinjebot:problem:{name}"
    assert answer.body["title"]
    assert answer.body["detail"]


async def test_a_signed_flag_becomes_a_case(door: Door) -> None:
    answer = await door.flag()
    assert (answer.status, answer.body) == (202, {"case": "SM-2026-0001"})
    assert answer.headers["Content-Type"].startswith("application/json")
    assert door.intake.seen[0].post.text == "Så dumt!"
    ((keys, by, at),) = door.intake.calls
    assert (by, at) == ("webhook", CLOCK)
    assert keys[0].startswith("webhook:")
    assert "msg_1" not in keys[0]


async def test_a_replayed_message_gets_the_same_case_and_makes_no_second(door: Door) -> None:
    data = json.dumps(BODY).encode()
    headers = signed(data)
    answers = [await door.post(data, headers) for _ in range(3)]
    assert {answer.body["case"] for answer in answers} == {"SM-2026-0001"}
    assert len(door.intake.seen) == 1


async def test_another_message_id_is_another_delivery(door: Door) -> None:
    data = json.dumps(BODY).encode()
    for message in ("msg_1", "msg_2"):
        await door.post(data, signed(data, message=message))
    assert len(door.intake.cases) == 2


@pytest.mark.parametrize("minutes", [4.9, -4.9])
async def test_within_five_minutes_a_clock_may_differ(door: Door, minutes: float) -> None:
    data = json.dumps(BODY).encode()
    assert (await door.post(data, signed(data, age=timedelta(minutes=minutes)))).status == 202


@pytest.mark.parametrize("minutes", [5.1, 600, -5.1, -600])
async def test_an_old_or_future_message_is_refused(door: Door, minutes: float) -> None:
    data = json.dumps(BODY).encode()
    answer = await door.post(data, signed(data, age=timedelta(minutes=minutes)))
    assert_problem(answer, 401, "signature")


async def test_a_tampered_body_is_refused(door: Door) -> None:
    headers = signed(json.dumps(BODY).encode())
    answer = await door.post(json.dumps({**BODY, "channel": "annan"}).encode(), headers)
    assert_problem(answer, 401, "signature")
    assert not door.intake.calls


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_each_header_is_needed(door: Door, name: str) -> None:
    data = json.dumps(BODY).encode()
    headers = {key: value for key, value in signed(data).items() if key != name}
    assert_problem(await door.post(data, headers), 401, "signature")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", "msg_2"),
        ("webhook-id", "å"),
        ("webhook-timestamp", "nan"),
        ("webhook-timestamp", "1e400"),
        ("webhook-timestamp", "nu"),
        ("webhook-timestamp", "-1"),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,å"),
        ("webhook-signature", "v1,x"),
        ("webhook-signature", "v1,x,y"),
        ("webhook-signature", "v1a,AAAA"),
    ],
)
async def test_a_header_that_makes_no_sense_is_refused_like_any_other(
    door: Door, name: str, value: str
) -> None:
    assert_problem(await door.flag(**{name: value}), 401, "signature")


async def test_a_signature_with_another_key_is_refused(door: Door) -> None:
    data = json.dumps(BODY).encode()
    assert_problem(await door.post(data, signed(data, secret=OTHER)), 401, "signature")


async def test_one_right_signature_among_several_is_enough(door: Door) -> None:
    """While a key is being changed a sender signs with both."""
    data = json.dumps(BODY).encode()
    headers = signed(data)
    wrong = signed(data, secret=OTHER)["webhook-signature"]
    headers["webhook-signature"] = f"v2,AAAA {wrong} {headers['webhook-signature']}"
    assert (await door.post(data, headers)).status == 202


async def test_an_unknown_channel_is_not_found(door: Door) -> None:
    assert_problem(await door.flag({**BODY, "channel": "myspace"}), 404, "unknown-channel")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
async def test_only_json_is_taken(door: Door, kind: str) -> None:
    assert_problem(await door.flag(**{"content-type": kind}), 415, "not-json")


async def test_json_may_name_its_encoding(door: Door) -> None:
    assert (await door.flag(**{"content-type": "application/json; charset=utf-8"})).status == 202


@pytest.mark.parametrize("data", [b"", b"{", b"flagga detta", b"[" * 50_000, b"{'a': 1}"])
async def test_a_signed_body_that_is_no_json_cannot_be_read(door: Door, data: bytes) -> None:
    assert_problem(await door.flag(data), 400, "unreadable")


async def test_a_body_in_another_encoding_cannot_be_read(door: Door) -> None:
    data = json.dumps(BODY, ensure_ascii=False).encode("latin-1")
    assert_problem(await door.post(data, signed(b"")), 400, "unreadable")


async def test_a_body_over_one_mebibyte_is_too_large(door: Door) -> None:
    assert_problem(await door.post(io.BytesIO(b"x" * ((1 << 20) + 1)), signed(b"")), 413, "too-large")


async def test_a_body_in_chunks_that_grows_too_large_is_too_large(door: Door) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * (1 << 16)

    assert_problem(await door.post(chunks(), signed(b"")), 413, "too-large")


@pytest.mark.parametrize("packing", ["gzip", "deflate", "identity, gzip", ""])
async def test_a_packed_body_is_of_the_wrong_kind(door: Door, packing: str) -> None:
    data = gzip.compress(json.dumps(BODY).encode())
    answer = await door.post(data, {**signed(b""), "content-encoding": packing})
    assert (answer.status, answer.body["type"]) == (415, "about:blank")
    assert not door.intake.seen


async def test_a_body_that_is_said_to_be_as_it_is_is_read(door: Door) -> None:
    assert (await door.flag(**{"content-encoding": "identity"})).status == 202


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["channel", "post", "flag"]),
        ([], ["body"]),
        ({**BODY, "post": {**BODY["post"], "kind": "story", "id": 7}}, ["post.id", "post.kind"]),
        ({**BODY, "post": {**BODY["post"], "url": "javascript:x"}}, ["post.url"]),
        ({**BODY, "post": {**BODY["post"], "published_at": "2026-11-20T10:11:12"}}, ["post.published_at"]),
        ({**BODY, "post": {**BODY["post"], "text": "  "}}, ["post.text"]),
        ({**BODY, "post": {**BODY["post"], "text": "x" * 200_001}}, ["post.text"]),
        ({**BODY, "post": {**BODY["post"], "id": "\ud800"}}, ["post.id"]),
        ({**BODY, "flag": {"source": "robot", "by": None}}, ["flag.source", "flag.by"]),
        ({**BODY, "\ud800": 1}, ["body"]),
    ],
)
async def test_each_wrong_field_is_named(door: Door, body: object, fields: list[str]) -> None:
    answer = await door.flag(body)
    assert_problem(answer, 422, "fields")
    assert [one["field"] for one in answer.body["errors"]] == fields
    assert all(one["problem"] for one in answer.body["errors"])


@pytest.mark.parametrize(
    "text",
    [
        "x" * 200_000,
        "👩\u200d👩\u200d👧 \u202eomvänt\u202c \x07\x1b[31m\r\n",
        "[haninge.se](https://example.com) <at>Alla</at> {{DATE(2026-11-24)}}",
    ],
)
async def test_a_text_reaches_the_intake_as_it_was(door: Door, text: str) -> None:
    assert (await door.flag({**BODY, "post": {**BODY["post"], "text": text}})).status == 202
    assert door.intake.seen[0].post.text == text


async def test_half_characters_and_nul_are_replaced_and_counted(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    data = json.dumps(BODY).replace("dumt", "\\ud800\\u0000").encode()
    assert (await door.flag(data)).status == 202
    (seen,) = door.intake.seen
    assert (seen.post.text, seen.replaced) == ("S\u00e5 \ufffd\ufffd!", 2)
    (told,) = [record for record in caplog.records if "replaced" in record.message]
    assert told.__dict__["count"] == 2


async def test_a_store_that_cannot_be_written_asks_for_another_try(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.intake.fault = StoreUnwritable("no space left")
    answer = await door.flag()
    assert_problem(answer, 503, "unwritable")
    assert answer.headers["Retry-After"] == "60"
    assert "space" not in json.dumps(answer.body)
    assert caplog.records


async def test_who_calls_too_often_is_told_to_wait_and_then_let_in(door: Door) -> None:
    for number in range(BURST):
        data = json.dumps(BODY).encode()
        assert (await door.post(data, signed(data, message=f"m{number}"))).status == 202
    refused = await door.flag()
    assert_problem(refused, 429, "too-many")
    assert refused.headers["Retry-After"] == "1"
    seen = len(door.intake.calls)
    door.hand.now += int(refused.headers["Retry-After"])
    assert (await door.flag()).status == 202
    assert len(door.intake.calls) == seen + 1


async def test_a_flood_without_a_signature_is_stopped_unread(door: Door) -> None:
    for _ in range(BURST):
        assert (await door.post(b"{}", {})).status == 401
    assert_problem(await door.post(b"{}", {}), 429, "too-many")


async def test_those_without_the_secret_use_up_nothing_of_its_room() -> None:
    hand = Hand()
    route = flags_route(FakeIntake(), secret=SECRET, clock=lambda: CLOCK, monotonic=hand)
    data = json.dumps(BODY).encode()
    for number in range(BURST * 2):
        assert (await route(request_from(f"10.0.0.{number % 200}", b"{}", {}))).status == 401
    answers = [
        (await route(request_from(f"10.0.{number % 5}.1", data, signed(data)))).status
        for number in range(BURST + 1)
    ]
    assert answers == [202] * BURST + [429], "one secret, however many addresses"


def request_from(remote: str, data: bytes, headers: dict[str, str]) -> web.Request:
    body = aiohttp.StreamReader(BaseProtocol(asyncio.get_running_loop()), limit=1 << 20)
    body.feed_data(data)
    body.feed_eof()
    headers = {"content-type": "application/json", **headers}
    request = make_mocked_request("POST", "/api/flags", headers=headers, payload=body)
    return request.clone(remote=remote)


async def test_a_bug_shows_nothing_of_the_program(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    door.intake.fault = LookupError("secret details of the program")
    answer = await door.flag()
    assert (answer.status, answer.body["type"]) == (500, "about:blank")
    assert "secret details" not in json.dumps(answer.body)
    assert caplog.records


async def test_without_a_secret_nothing_is_taken_in() -> None:
    async with opened(secret=None) as door:
        answer = await door.flag()
    assert_problem(answer, 503, "not-configured")
    assert "FLAGS_SECRET" in answer.body["detail"]


async def test_in_local_mode_only_the_key_on_this_machine_opens() -> None:
    async with opened(secret=None, local_secret=OTHER) as door:
        assert_problem(await door.flag(), 503, "not-configured")
        data = json.dumps(BODY).encode()
        assert (await door.post(data, signed(data, secret=OTHER))).status == 202


async def test_the_key_on_this_machine_does_not_open_where_a_secret_is_set() -> None:
    async with opened(local_secret=OTHER) as door:
        data = json.dumps(BODY).encode()
        assert_problem(await door.post(data, signed(data, secret=OTHER)), 401, "signature")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/flags", 405), ("GET", "/finns-inte", 404), ("GET", "/fails", 500)],
)
async def test_every_other_answer_is_as_plain(door: Door, method: str, path: str, status: int) -> None:
    async with door.http.request(method, path) as answer:
        body = await answer.json(content_type="application/problem+json")
        assert answer.status == body["status"] == status
        assert body["type"] == "about:blank"
        assert "secret details" not in json.dumps(body)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "aiohttp" not in answer.headers["Server"]
        if status == 405:
            assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/api/flags", "/healthz", "/finns-inte"])
async def test_what_no_handler_has_seen_is_answered_with_the_same_headers(door: Door, path: str) -> None:
    async with door.http.post(path, headers={"Expect": "nonsense"}) as answer:
        assert answer.status == 417
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert len(answer.headers.getall("Server")) == 1


async def test_a_redirect_stays_one(door: Door) -> None:
    async with door.http.post("/api/messages", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/elsewhere")
        assert answer.headers["X-Frame-Options"] == "DENY"


async def test_a_sender_who_hangs_up_leaves_the_door_open(door: Door) -> None:
    reader, writer = await asyncio.open_connection(door.server.host, door.server.port)
    writer.write(
        b"POST /api/flags HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert not await reader.read()
    assert (await door.flag()).status == 202


async def test_a_body_that_does_not_come_is_waited_for_only_so_long() -> None:
    async with opened(body_seconds=0.2) as door:
        reader, writer = await asyncio.open_connection(door.server.host, door.server.port)
        writer.write(
            b"POST /api/flags HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"
        )
        answer = await asyncio.wait_for(reader.readuntil(b"}"), 5)
        writer.close()
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"application/problem+json" in answer
        assert (await door.flag()).status == 202
