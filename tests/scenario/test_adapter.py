"""The entrance for Teams, at the wire: who gets in, what is read, how each kind of activity is answered."""

import asyncio
import gzip
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from yarl import URL

from bot.organisation_form import is_object_id
from bot.teams.authentication import Authenticator, LocalAuthenticator, TeamsAuthenticator
from bot.teams.connector import Connector, open_session
from bot.teams.endpoint import MessagesEndpoint
from bot.teams.keys import SigningKeys
from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import NoCredentials
from bot.turns import (
    Address,
    CardAction,
    CardReply,
    Installed,
    Nothing,
    Removed,
    Reply,
    Sender,
    TextMessage,
    TextReply,
    Turn,
)
from bot.web.bodies import BODY_SECONDS
from bot.web.routes import application
from bot.web.serving import Runner
from tests.fakes.connector import FakeConnector
from tests.fakes.issuer import ISSUER, FakeIssuer, Key
from tests.scenario.world import World, words

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "00000000-0000-0000-0000-0000000000aa"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}
Json = dict[str, Any]


@dataclass
class Handler:
    """Answers whatever it is told to and keeps what it was given."""

    turns: list[Turn] = field(default_factory=list)
    reply: Reply | Exception = field(default_factory=Nothing)
    hold: asyncio.Event | None = None

    async def handle(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        if self.hold:
            await self.hold.wait()
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply

    def failure(self, turn: Turn) -> str:
        return "Något gick fel hos boten."


@dataclass
class Door:
    """The endpoint on loopback with everything around it."""

    url: str
    handler: Handler
    connector: FakeConnector
    issuer: FakeIssuer
    http: aiohttp.ClientSession
    seen: list[tuple[Sender, Address]]
    shown: list[tuple[str, str]]

    def activity(self, kind: str = "message", **fields: Any) -> Json:
        return {
            "type": kind,
            "id": f"id-{time.monotonic_ns()}",
            "timestamp": "2026-11-24T10:00:00.1234567Z",
            "channelId": "msteams",
            "serviceUrl": self.connector.url,
            "from": {"id": "29:abc", "aadObjectId": "AAAAAAAA-0000-0000-0000-000000000001", "name": "Någon"},
            "recipient": {"id": "28:bot", "name": "Kanal"},
            "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "locale": "sv-SE",
            **fields,
        }

    def invoke(self, value: Any = None, **fields: Any) -> Json:
        action = {"type": "Action.Execute", "verb": "decide", "data": {"case": "SM-2026-0001"}}
        value = {"action": action, "trigger": "manual"} if value is None else value
        return self.activity(
            "invoke", **{"name": "adaptiveCard/action", "value": value, "replyToId": "card-1", **fields}
        )

    def token(self, **claims: Any) -> str:
        return self.issuer.signed(**{"aud": APP, "serviceurl": self.connector.url, **claims})

    async def post(self, activity: Any, *, token: str | None = "", **headers: str) -> tuple[int, Any]:
        body = activity if isinstance(activity, bytes | str) else json.dumps(activity)
        sent = {"Content-Type": "application/json", **headers}
        if token is not None:
            sent["Authorization"] = f"Bearer {token or self.token()}"
        data = io.BytesIO(body.encode() if isinstance(body, str) else body)
        async with self.http.post(f"{self.url}/api/messages", data=data, headers=sent) as answer:
            text = await answer.text()
            assert "Traceback" not in text
            return answer.status, json.loads(text) if text else None


Make = Callable[[aiohttp.ClientSession, FakeIssuer, ServiceUrls], Authenticator]


def teams(session: aiohttp.ClientSession, issuer: FakeIssuer, urls: ServiceUrls) -> Authenticator:
    keys = SigningKeys(session, issuer.metadata_url, min_interval=0.2)
    return TeamsAuthenticator(app_id=APP, tenant=TENANT, issuer=ISSUER, keys=keys, service_urls=urls)


async def serving(
    make: Make, *, local: bool = False, body_seconds: float = BODY_SECONDS
) -> AsyncIterator[Door]:
    async with FakeIssuer() as issuer, FakeConnector() as connector, open_session() as session:
        urls = ServiceUrls(local=local, extra=frozenset() if local else frozenset({"127.0.0.1"}))
        handler, seen, shown = Handler(), list[tuple[Sender, Address]](), list[tuple[str, str]]()

        async def on_seen(sender: Sender, address: Address) -> None:
            seen.append((sender, address))

        async def on_shown(copy_of: str | None, sender: Sender, address: Address, activity: str) -> None:
            if copy_of:
                shown.append((copy_of, activity))

        async def no_flags(_request: web.Request) -> web.Response:
            return web.Response(status=503)

        endpoint = MessagesEndpoint(
            handler=handler,
            authenticator=make(session, issuer, urls),
            connector=Connector(session, NoCredentials(), urls),
            on_seen=on_seen,
            on_removed=on_seen,
            on_shown=on_shown,
            body_seconds=body_seconds,
        )
        runner = Runner(
            application(messages=endpoint.receive, flags=no_flags), access_log=None, lingering_time=0.1
        )
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        async with aiohttp.ClientSession() as http:
            yield Door(
                url=f"http://127.0.0.1:{port}",
                handler=handler,
                connector=connector,
                issuer=issuer,
                http=http,
                seen=seen,
                shown=shown,
            )
        await runner.cleanup()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async for one in serving(teams):
        yield one


@pytest.fixture
async def local_door() -> AsyncIterator[Door]:
    async for one in serving(lambda _s, _i, urls: LocalAuthenticator(urls), local=True):
        yield one


# Who gets in ----------------------------------------------------------------------------------------------


async def test_a_good_token_gets_in_and_the_keys_are_fetched_once(door: Door) -> None:
    for _ in range(5):
        status, _ = await door.post(door.activity(text="hej"))
        assert status == 200
    assert len(door.handler.turns) == 5
    assert door.issuer.hits == 1


OTHER = Key("key-1", ["msteams"])
UNENDORSED = Key("key-9", ["webchat"])
BAD_TOKENS: dict[str, Callable[[Door], str | None]] = {
    "no header": lambda door: None,
    "not a token": lambda door: "rubbish",
    "three dots": lambda door: "a.b.c",
    "wrong audience": lambda door: door.token(aud="someone-else"),
    "wrong issuer": lambda door: door.token(iss="https://evil.example"),
    "no issuer": lambda door: door.token(without=("iss",)),
    "no audience": lambda door: door.token(without=("aud",)),
    "expired": lambda door: door.token(exp=int(time.time()) - 400),
    "no expiry": lambda door: door.token(without=("exp",)),
    "not yet": lambda door: door.token(nbf=int(time.time()) + 900),
    "forged": lambda door: door.token(key=OTHER),
    "unknown key": lambda door: door.token(kid="key-77"),
    "no key id": lambda door: door.token(kid=None),
    "HS256": lambda door: door.token(algorithm="HS256", secret="a-secret-of-more-than-32-characters!"),
    "no algorithm": lambda door: jwt.encode({"aud": APP, "iss": ISSUER}, "", algorithm="none"),
    "other service": lambda door: door.token(serviceurl="https://evil.example/"),
    "no service": lambda door: door.token(without=("serviceurl",)),
}


@pytest.mark.parametrize("kind", list(BAD_TOKENS))
async def test_every_kind_of_bad_token_is_answered_401_and_reaches_nobody(door: Door, kind: str) -> None:
    token = BAD_TOKENS[kind](door)
    status, body = await door.post(door.activity(text="hej"), token=token)
    assert (status, body) == (401, {"error": {"code": "Unauthorized"}})
    assert door.handler.turns == []
    assert door.seen == []


async def test_a_key_endorsed_for_another_channel_is_no_key(door: Door) -> None:
    door.issuer.keys.append(UNENDORSED)
    status, _ = await door.post(door.activity(text="hej"), token=door.token(key=UNENDORSED))
    assert status == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "abc"])
async def test_a_header_that_is_no_bearer_token_is_answered_401(door: Door, header: str) -> None:
    status, _ = await door.post(door.activity(), token=None, Authorization=header)
    assert status == 401


async def test_two_minutes_past_expiry_is_within_the_leeway(door: Door) -> None:
    status, _ = await door.post(door.activity(text="x"), token=door.token(exp=int(time.time()) - 120))
    assert status == 200


async def test_a_verified_token_is_not_believed_for_another_service_address(door: Door) -> None:
    token = door.token()
    assert (await door.post(door.activity(text="x"), token=token))[0] == 200
    moved = door.activity(text="x", serviceUrl=door.connector.url + "/other")
    assert (await door.post(moved, token=token))[0] == 401


async def test_a_rotated_key_is_fetched_and_works_and_made_up_ids_do_not_hammer(door: Door) -> None:
    await door.post(door.activity(text="x"))
    door.issuer.rotates()
    await asyncio.sleep(0.25)
    assert (await door.post(door.activity(text="x")))[0] == 200
    assert door.issuer.hits == 2
    for n in range(20):
        assert (await door.post(door.activity(), token=door.token(kid=f"made-up-{n}")))[0] == 401
    assert door.issuer.hits <= 3


async def test_an_issuer_that_is_down_gives_503_and_works_again_when_it_is_up(door: Door) -> None:
    door.issuer.down = True
    assert (await door.post(door.activity(text="x")))[0] == 503
    door.issuer.down = False
    await asyncio.sleep(0.25)
    assert (await door.post(door.activity(text="x")))[0] == 200


async def test_the_event_loop_does_not_wait_for_a_slow_issuer(door: Door) -> None:
    door.issuer.delay = 0.5
    slow = asyncio.create_task(door.post(door.activity(text="x")))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    async with door.http.get(f"{door.url}/healthz") as answer:
        assert answer.status == 200
    assert time.monotonic() - began < 0.3
    assert (await slow)[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"channelId": "webchat"},
        {"channelData": {"tenant": {"id": "ffffffff-0000-0000-0000-000000000000"}}},
        {"channelData": {}, "conversation": {"id": "a:1"}},
    ],
)
async def test_another_channel_or_tenant_is_turned_away(door: Door, change: Json) -> None:
    door.issuer.keys = [Key("key-3", None)]
    status, _ = await door.post(door.activity(text="x", **change))
    assert status == 403
    assert door.handler.turns == []


@pytest.mark.parametrize("missing", ["serviceUrl", "channelId"])
async def test_an_activity_that_hides_where_it_comes_from_is_turned_away(door: Door, missing: str) -> None:
    activity = door.activity(text="x")
    del activity[missing]
    assert (await door.post(activity))[0] == 401


async def test_a_service_address_outside_teams_gets_no_answer_and_no_token(door: Door) -> None:
    url = "https://smba.trafficmanager.net.evil.example/"
    status, _ = await door.post(door.activity(text="x", serviceUrl=url), token=door.token(serviceurl=url))
    assert status == 403


# Local mode -----------------------------------------------------------------------------------------------


async def test_local_mode_takes_the_playground_at_its_word(local_door: Door) -> None:
    activity = local_door.activity(text="hej")
    assert (await local_door.post(activity, token=None))[0] == 200


@pytest.mark.parametrize("url", ["https://smba.trafficmanager.net/emea/", "http://192.168.1.5:56150/"])
async def test_local_mode_talks_to_this_machine_only(local_door: Door, url: str) -> None:
    assert (await local_door.post(local_door.activity(text="x", serviceUrl=url), token=None))[0] == 403


async def test_local_mode_is_not_reached_through_another_name(local_door: Door) -> None:
    status, _ = await local_door.post(local_door.activity(text="x"), token=None, Host="evil.example")
    assert status == 403


# What is read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ('"text"', 400),
        ("[" * 5000, 400),
        ("{}", 400),
        (b"\xff\xfe", 400),
        (" " * (1 << 20) + "{}", 413),
    ],
)
async def test_a_body_that_is_no_activity_is_answered_plainly(door: Door, body: Any, status: int) -> None:
    assert (await door.post(body))[0] == status


async def test_a_body_that_tells_no_length_or_unpacks_too_large_is_stopped_too(door: Door) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * (1 << 15)

    headers = {"Content-Type": "application/json"}
    url = f"{door.url}/api/messages"
    async with door.http.post(url, data=chunks(), headers=headers) as answer:
        assert answer.status == 413
    packed = io.BytesIO(gzip.compress(b" " * (1 << 22)))
    async with door.http.post(url, data=packed, headers={**headers, "Content-Encoding": "gzip"}) as answer:
        assert answer.status == 413


async def test_a_body_that_does_not_come_is_waited_for_only_so_long() -> None:
    """Nobody has to be known to begin a body; three hundred that never end must not stay open."""
    async for door in serving(teams, body_seconds=0.2):
        port = URL(door.url).port
        head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        for kind in (b"Content-Length: 500\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head + kind)
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
            assert answer.startswith(b"HTTP/1.1 408 ")
            assert b"application/problem+json" in answer
            assert b'"status": 408' in answer
        assert (await door.post(door.activity(text="x")))[0] == 200


@pytest.mark.parametrize(
    "change",
    [
        {"timestamp": "yesterday"},
        {"timestamp": 12},
        {"type": 7},
        {"from": "me"},
        {"from": {}},
        {"recipient": None},
        {"conversation": []},
        {"conversation": {"id": 5}},
        {"text": {"a": 1}},
        {"type": "conversationUpdate", "membersAdded": "all"},
        {"type": "conversationUpdate", "membersAdded": [1]},
    ],
)
async def test_a_field_of_the_wrong_kind_is_named(door: Door, change: Json) -> None:
    status, body = await door.post(door.activity(**change))
    assert status == 400
    assert body["error"]["code"] == "BadRequest"
    assert door.handler.turns == []


@pytest.mark.parametrize("bad", ["x\ud800", "\udfffx", "x\x00"])
@pytest.mark.parametrize(
    "field", ["id", "conversation.id", "from.id", "from.aadObjectId", "recipient.id", "replyToId"]
)
async def test_an_id_that_no_file_can_hold_is_named(door: Door, field: str, bad: str) -> None:
    activity = door.invoke()
    outer, _, inner = field.partition(".")
    activity[outer] = {**activity[outer], inner: bad} if inner else bad
    status, body = await door.post(activity)
    assert (status, body["error"]["code"]) == (400, "BadRequest")
    assert body["error"]["message"].startswith(f"{field} ")
    assert (door.handler.turns, door.seen) == ([], [])


ADMIN = "00000000-0000-0000-0000-000000000001"


@pytest.mark.parametrize("told", [{}, {"aadObjectId": ""}, {"aadObjectId": None}, {"aadObjectId": "admin"}])
async def test_a_sender_without_an_object_id_is_answered_as_nobody_known(door: Door, told: Json) -> None:
    door.handler.reply = TextReply(text="Hej")
    for user in (ADMIN, "29:abc"):
        status, _ = await door.post({**door.activity(text="kö"), "from": {"id": user, "name": "x", **told}})
        assert status == 200
    assert len(door.connector.sent) == 2
    ids = [sender.object_id for sender, _ in door.seen]
    assert not [one for one in ids if is_object_id(one)]
    assert len(set(ids)) == 2
    assert [sender.user for sender, _ in door.seen] == [ADMIN, "29:abc"]


async def test_an_administrators_id_as_the_channels_id_gives_no_rights(world: World) -> None:
    await world.arrive("admin")
    admin = world["admin"]
    case = await world.flag()
    card = await admin.waits_for(case)
    stranger = {"from": {"id": admin.object_id, "name": "x"}}
    stranger |= {"conversation": {"id": "a:stranger", "conversationType": "personal", "tenantId": TENANT}}
    refused = await admin.sends({**admin.click(card, "Behåll"), **stranger})
    assert "Beslutat" not in refused.words
    assert [one.kind for one in await world.bot.services.store.load(case)] == ["flagged"]
    asked = {**admin.activity("message", text="Måste raderade inlägg diarieföras?"), **stranger}
    assert (await world.post(asked))[0] == 200
    assert "diarieföras" in words(world.cards_in("a:stranger")[-1])
    await world.flag()
    await world.settle()
    assert len(world.cards_in("a:stranger")) == 1, "the administrator's cards still go to the administrator"


@pytest.mark.parametrize(("content_type", "status"), [("text/plain", 415), ("", 400)])
async def test_only_json_is_read(door: Door, content_type: str, status: int) -> None:
    headers = {"Content-Type": content_type, "Authorization": f"Bearer {door.token()}"}
    async with door.http.post(
        f"{door.url}/api/messages",
        data=b"{}",
        headers=headers,
        skip_auto_headers=["Content-Type"],
    ) as answer:
        assert answer.status == status


async def test_the_tenant_and_the_person_are_kept_in_the_address(door: Door) -> None:
    await door.post(door.activity(text="hej"))
    (sender, address) = door.seen[0]
    assert sender.object_id == "aaaaaaaa-0000-0000-0000-000000000001"
    assert (address.tenant, address.conversation, address.bot) == (TENANT, "a:1", "28:bot")


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("<at>Kanal</at> hur öppnar jag en Kanal?", "hur öppnar jag en Kanal?"),
        ("<at>Kanal</at>&nbsp;kö", "kö"),
        ("hej <at>Kanal</at>", "hej"),
        ("<at>Någon</at> vad tycker du?", "<at>Någon</at> vad tycker du?"),
    ],
)
async def test_only_the_mention_of_the_bot_itself_is_taken_away(door: Door, text: str, heard: str) -> None:
    entities = [
        {"type": "mention", "text": "<at>Kanal</at>", "mentioned": {"id": "28:bot", "name": "Kanal"}},
        {"type": "mention", "text": "<at>Någon</at>", "mentioned": {"id": "29:x", "name": "Någon"}},
        {"type": "clientInfo", "locale": "sv-SE"},
        "rubbish",
    ]
    await door.post(door.activity(text=text, entities=entities))
    (turn,) = door.handler.turns
    assert isinstance(turn, TextMessage)
    assert turn.text == heard


async def test_coming_and_going_is_told_without_asking_the_roster(door: Door) -> None:
    bot = [{"id": "28:bot"}]
    await door.post(door.activity("installationUpdate", action="add"))
    await door.post(door.activity("conversationUpdate", membersAdded=bot))
    await door.post(door.activity("conversationUpdate", membersAdded=[{"id": "29:other"}]))
    await door.post(door.activity("installationUpdate", action="remove"))
    assert [type(turn) for turn in door.handler.turns] == [Installed, Installed, Removed]
    assert len(door.seen) == 4, "each was registered first"
    assert door.connector.calls == []


# How it is answered ---------------------------------------------------------------------------------------


async def test_a_message_is_answered_in_its_conversation_with_the_card_alone(door: Door) -> None:
    door.handler.reply = CardReply(card=CARD, summary="Ett kort", copy_of="case:1")
    assert (await door.post(door.activity(text="kö")))[0] == 200
    (sent,) = door.connector.sent
    assert sent.conversation == "a:1"
    assert sent.activity["summary"] == "Ett kort"
    assert "text" not in sent.activity
    assert sent.activity["attachments"][0]["content"] == CARD
    assert door.shown == [("case:1", sent.id)]


async def test_expected_replies_come_in_the_body_with_every_field(door: Door) -> None:
    door.handler.reply = TextReply(text="Hej")
    status, body = await door.post(door.activity(text="hej", deliveryMode="expectReplies"))
    assert status == 200
    assert [one["text"] for one in body["activities"]] == ["Hej"]
    assert door.connector.sent == []


@pytest.mark.parametrize(
    ("reply", "kind", "value"),
    [
        (CardReply(card=CARD, summary=""), "application/vnd.microsoft.card.adaptive", CARD),
        (TextReply(text="Klart"), "application/vnd.microsoft.activity.message", "Klart"),
        (Nothing(), "application/vnd.microsoft.activity.message", ""),
    ],
)
async def test_a_click_is_answered_in_the_reply(door: Door, reply: Reply, kind: str, value: Any) -> None:
    door.handler.reply = reply
    status, body = await door.post(door.invoke())
    assert (status, body) == (200, {"statusCode": 200, "type": kind, "value": value})


async def test_a_fault_in_a_click_is_told_in_words_and_not_as_unreachable(door: Door) -> None:
    door.handler.reply = RuntimeError("hemlig detalj")
    status, body = await door.post(door.invoke())
    assert status == 200
    assert body["statusCode"] == 500
    assert body["value"]["message"] == "Något gick fel hos boten."
    assert "hemlig" not in json.dumps(body)


async def test_a_fault_in_a_message_is_told_in_words(door: Door) -> None:
    door.handler.reply = RuntimeError("hemlig detalj")
    assert (await door.post(door.activity(text="x")))[0] == 200
    assert door.connector.sent[0].activity["text"] == "Något gick fel hos boten."


@pytest.mark.parametrize("value", [{}, [], "x", {"action": None}, {"action": {"verb": 7}}])
async def test_a_click_without_an_action_is_a_courteous_no(door: Door, value: Any) -> None:
    status, body = await door.post(door.invoke(value))
    assert (status, body["statusCode"]) == (200, 400)
    assert door.handler.turns == []


@pytest.mark.parametrize(
    ("name", "status"),
    [("application/search", 501), ("task/fetch", 501), ("message/submitAction", 200), ("", 501)],
)
async def test_other_invokes_get_an_answer_of_their_own(door: Door, name: str, status: int) -> None:
    answered, body = await door.post(door.invoke(name=name))
    assert answered == status
    assert isinstance(body, dict)


async def test_a_button_of_an_old_client_is_a_click_too(door: Door) -> None:
    await door.post(door.activity(value={"verb": "show", "case": "SM-2026-0001"}))
    (turn,) = door.handler.turns
    assert isinstance(turn, CardAction)
    assert (turn.verb, turn.submitted) == ("show", True)


async def test_a_delivery_repeated_is_handled_once_and_answered_alike(door: Door) -> None:
    door.handler.hold = asyncio.Event()
    door.handler.reply = CardReply(card=CARD, summary="")
    activity = door.invoke(id="same")
    first = [asyncio.create_task(door.post(activity)) for _ in range(3)]
    await asyncio.sleep(0.1)
    door.handler.hold.set()
    answers = [await one for one in first]
    answers.append(await door.post(activity))
    assert len(door.handler.turns) == 1
    assert all(answer == answers[0] for answer in answers)


async def test_a_message_repeated_is_answered_once(door: Door) -> None:
    door.handler.reply = TextReply(text="Hej")
    activity = door.activity(text="hej", id="same")
    await door.post(activity)
    await door.post(activity)
    assert len(door.connector.sent) == 1


async def test_a_caller_that_hangs_up_does_not_stop_what_was_begun(door: Door) -> None:
    door.handler.hold = asyncio.Event()
    door.handler.reply = TextReply(text="Klart")
    activity = door.invoke(id="slow")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(door.post(activity), 0.1)
    door.handler.hold.set()
    _, body = await door.post(activity)
    assert body["value"] == "Klart"
    assert len(door.handler.turns) == 1


async def test_an_answer_is_tried_again_when_teams_is_busy(door: Door) -> None:
    door.connector.fails(429, retry_after=0, times=1)
    door.handler.reply = TextReply(text="Hej")
    assert (await door.post(door.activity(text="hej")))[0] == 200
    assert len(door.connector.sent) == 1
