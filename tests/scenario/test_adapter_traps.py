"""Each trap of botbuilder 4.17.1 at the wire: one HTTP request to two doors, ours right and the stock SDK's wrong.

The stock bot (``stock_door``) is the samples' own: CloudAdapter, TeamsActivityHandler and on_turn_error over aiohttp.
Every row says what it answers, so a row whose trap the SDK does not fall into fails. Where it answers as ours does, or
does so on the samples' way around its ``process``, the row says that: ``alike``, or its ``by_hand``. When a row fails
for stock, the SDK has changed and the entrance can be thought over.
"""

import asyncio
import base64
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
import pytest
from botbuilder.core import TurnContext
from botbuilder.core.teams import teams_notify_user
from botbuilder.schema import (
    Activity,
    AdaptiveCardInvokeResponse,
    ConversationParameters,
    ConversationReference,
    Entity,
)

import app
from bot.settings import NAMES
from bot.turns import CardReply, Nothing, Reply, TextReply
from tests.fakes.connector import operation
from tests.fakes.issuer import ISSUER, Key
from tests.scenario.doors import (
    APP,
    FAILURE,
    PERSON,
    TENANT,
    Door,
    Json,
    Surroundings,
    loopback,
    on_this_machine,
    our_door,
)
from tests.scenario.stock_door import SINGLE_TENANT, StockDoor, stock_door

CARD_KIND = "application/vnd.microsoft.card.adaptive"
TEXT_KIND = "application/vnd.microsoft.activity.message"
ERROR_KIND = "application/vnd.microsoft.error"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}
A_CARD = CardReply(card=CARD, summary="")
UNAUTHORIZED = {"error": {"code": "Unauthorized"}}

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


@dataclass
class Doors:
    """Ours and a stock one, with the same Teams before both."""

    around: Surroundings
    ours: Door
    stock: StockDoor


@pytest.fixture
async def doors() -> AsyncIterator[Doors]:
    async with loopback() as around, our_door(around) as ours, stock_door(around) as stock:
        yield Doors(around=around, ours=ours, stock=stock)


async def echo(turn: TurnContext) -> None:
    await turn.send_activity(turn.activity.text)


# Invokes --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Stock:
    """``fault`` is the exception that left the SDK, ``caught`` the one that its on_turn_error was given."""

    status: int
    body: Any = None
    fault: str | None = None
    caught: str | None = None


@dataclass(frozen=True, kw_only=True)
class Invoke:
    """What both bots answer with, and what becomes of it. ``by_hand`` is the stock adapter without ``process``."""

    reply: Reply | Exception = A_CARD
    stock_reply: AdaptiveCardInvokeResponse | Exception | None = None
    fields: Json
    ours: tuple[int, Json]
    stock: Stock
    by_hand: Stock


def answered(kind: str, value: Any, status: int = 200) -> Json:
    return {"statusCode": status, "type": kind, "value": value}


def stock_answer(kind: str, value: Any) -> AdaptiveCardInvokeResponse:
    return AdaptiveCardInvokeResponse(status_code=200, type=kind, value=value)


def malformed(value: Any) -> Invoke:
    no = answered(ERROR_KIND, {"code": "BadRequest", "message": "No such action."}, 400)
    return Invoke(
        fields={"value": value},
        ours=(200, no),
        stock=Stock(status=500, fault="SerializationError"),
        by_hand=Stock(status=500, fault="TypeError"),
    )


def unanswered(name: str, *, ours: tuple[int, Json]) -> Invoke:
    return Invoke(fields={"name": name}, ours=ours, stock=Stock(status=501), by_hand=Stock(status=501))


NOT_OFFERED = (501, {"error": {"code": "NotImplemented"}})
TOLD = answered(ERROR_KIND, {"code": "InternalError", "message": FAILURE}, 500)
INVOKES = {
    # Serialized twice; by hand it is right, which is why the samples go that way.
    "a card for an answer": Invoke(
        stock_reply=stock_answer(CARD_KIND, CARD),
        fields={},
        ours=(200, answered(CARD_KIND, CARD)),
        stock=Stock(status=500, fault="AttributeError"),
        by_hand=Stock(status=200, body=answered(CARD_KIND, CARD)),
    ),
    # The answer's value may be an object only.
    "a text for an answer": Invoke(
        reply=TextReply(text="Klart"),
        stock_reply=stock_answer(TEXT_KIND, "Klart"),
        fields={},
        ours=(200, answered(TEXT_KIND, "Klart")),
        stock=Stock(status=501, caught="SerializationError"),
        by_hand=Stock(status=501, caught="SerializationError"),
    ),
    # Teams shows "unable to reach app" for a 501, and knows no answer that is null.
    "a fault in the bot": Invoke(
        reply=RuntimeError("hemlig detalj"),
        stock_reply=RuntimeError("hemlig detalj"),
        fields={},
        ours=(200, TOLD),
        stock=Stock(status=501, caught="RuntimeError"),
        by_hand=Stock(status=501, caught="RuntimeError"),
    ),
    "nothing for an answer": Invoke(
        reply=Nothing(),
        fields={},
        ours=(200, answered(TEXT_KIND, "")),
        stock=Stock(status=200, body=None),
        by_hand=Stock(status=200, body=None),
    ),
    # Its own refusal holds an exception object, which nothing can serialize.
    "no action at all": malformed({}),
    "a list for a value": malformed([]),
    "a text for a value": malformed("x"),
    "an action that is null": malformed({"action": None}),
    "a verb that is a number": malformed({"action": {"verb": 7}}),
    "feedback on an answer": unanswered("message/submitAction", ours=(200, {})),
    # Alike in the status: the bot offers none of these. Ours says so in JSON, stock answers null.
    "a search in a card": unanswered("application/search", ours=NOT_OFFERED),
    "a dialog": unanswered("task/fetch", ours=NOT_OFFERED),
    "an invoke without a name": unanswered("", ours=NOT_OFFERED),
}


@pytest.mark.parametrize("row", INVOKES.values(), ids=INVOKES.keys())
async def test_an_invoke_is_answered_so_that_teams_understands(doors: Doors, row: Invoke) -> None:
    doors.ours.handler.reply = row.reply
    doors.stock.bot.clicked = row.stock_reply
    activity = doors.around.invoke(**row.fields)
    assert await doors.ours.post(activity) == row.ours
    for expected, post in ((row.stock, doors.stock.post), (row.by_hand, doors.stock.post_by_hand)):
        doors.stock.faults.clear()
        doors.stock.caught.clear()
        assert await post(activity) == (expected.status, expected.body)
        assert doors.stock.faults == ([expected.fault] if expected.fault else [])
        assert doors.stock.caught == ([expected.caught] if expected.caught else [])


async def test_expected_replies_come_in_the_body_with_every_field(doors: Doors) -> None:
    """Stock differs in part: by hand it answers, though without the tenant."""
    doors.ours.handler.reply, doors.stock.bot.says = TextReply(text="hej"), echo
    activity = doors.around.activity(text="hej", deliveryMode="expectReplies")
    reply = {
        "type": "message",
        "from": {"id": "28:bot"},
        "recipient": {"id": "29:abc"},
        "conversation": {"id": "a:1", "tenantId": TENANT},
        "replyToId": activity["id"],
        "text": "hej",
        "textFormat": "plain",
    }
    assert await doors.ours.post(activity) == (200, {"activities": [reply]})
    assert await doors.stock.post(activity) == (500, None)
    assert doors.stock.faults == ["AttributeError"]
    status, body = await doors.stock.post_by_hand(activity)
    assert (status, len(body["activities"])) == (200, 1)
    assert "tenantId" not in body["activities"][0]["conversation"]
    assert doors.around.connector.sent == []


# App settings ---------------------------------------------------------------------------------------------


async def test_without_an_app_id_strangers_get_no_answer_and_no_call(doors: Doors) -> None:
    """Stock turns authentication off and calls whatever address an unsigned activity names."""
    around = doors.around
    elsewhere = around.connector.url.replace("127.0.0.1", "0.0.0.0")  # noqa: S104  it leads here, unnamed
    activity = around.activity(text="hej", serviceUrl=elsewhere)
    async with our_door(around, on_this_machine) as ours:
        ours.handler.echoes = True
        assert (await ours.post(activity, token=None))[0] == 403
        assert around.connector.calls == []
    nothing = {"APP_ID": "", "APP_PASSWORD": "", "APP_TYPE": "MultiTenant", "APP_TENANTID": ""}
    async with stock_door(around, nothing, signed=False) as stock:
        stock.bot.says = echo
        assert (await stock.post(activity, token=None))[0] == 201
        assert [call.operation for call in around.connector.calls] == ["reply"]


@dataclass(frozen=True, kw_only=True)
class Slip:
    """The same slip in our environment and in the samples' config class. ``lets_in``: what stock then takes."""

    environ: dict[str, str]
    complaint: str
    stock: Json
    lets_in: str = "anybody"


APP_SETTINGS = {
    "MicrosoftAppId": APP,
    "MicrosoftAppPassword": "made up",
    "MicrosoftAppTenantId": TENANT,
}
REST = {"APP_PASSWORD": "made up", "APP_TENANTID": TENANT}
SLIPS = {
    "an empty app id": Slip(
        environ={**APP_SETTINGS, "MicrosoftAppId": ""},
        complaint="MicrosoftAppId: is missing although",
        stock={**REST, "APP_ID": ""},
    ),
    "a misspelt name": Slip(
        environ={"MicrosoftAppID": APP, "HOST": "127.0.0.1"},
        complaint="MicrosoftAppID: is spelt MicrosoftAppId",
        stock={**REST, "APPID": APP},
    ),
    "no app id on an open port": Slip(
        environ={"HOST": "0.0.0.0"},  # noqa: S104
        complaint="HOST: is 0.0.0.0, but without MicrosoftAppId",
        stock={},
    ),
    # Stock differs in part: it is taken for MultiTenant, so who comes in is still checked, with no tenant set.
    "a misspelt type": Slip(
        environ={**APP_SETTINGS, "MicrosoftAppType": "SingelTenant"},
        complaint="MicrosoftAppType: is 'SingelTenant'",
        stock={"APP_ID": APP, "APP_PASSWORD": "made up", "APP_TYPE": "SingelTenant"},
        lets_in="the signed",
    ),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
async def test_a_slip_in_the_app_settings_opens_no_door(
    slip: Slip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)  # where no .env lies
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in slip.environ.items():
        monkeypatch.setenv(name, value)
    assert await asyncio.to_thread(app.main, ["serve"]) == 1
    assert slip.complaint in capsys.readouterr().err

    async with loopback() as around, stock_door(around, slip.stock, signed=False) as stock:
        token = None if slip.lets_in == "anybody" else ""
        assert (await stock.post(around.activity(text="hej"), token=token))[0] == 201
        assert stock.bot.turns == 1


# Who gets in ----------------------------------------------------------------------------------------------

OTHER = Key("key-1", ["msteams"])
UNENDORSED = Key("key-9", ["webchat"])
ANY_CHANNEL = Key("key-3", None)
DEEP = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=") + ".e30.AAAA"


@dataclass(frozen=True)
class BadToken:
    """``stock`` is the status that stock answers; 401 is ``alike``, 201 means that it let the caller in."""

    make: Callable[[Surroundings], str | bytes | None]
    stock: int


BAD_TOKENS = {
    "not a token": BadToken(lambda _: "rubbish", 500),
    "three dots": BadToken(lambda _: "a.b.c", 500),
    "nested too deeply": BadToken(lambda _: DEEP, 500),
    "letters beyond ASCII": BadToken(lambda _: "bokstäver".encode(), 500),
    "bytes that are no text": BadToken(lambda _: b"\xff\xfe.\xff.\xff", 500),
    "a good one and a byte": BadToken(lambda around: around.token().encode() + b"\xe5", 500),
    "no issuer": BadToken(lambda around: around.token(without=("iss",)), 404),
    "expired": BadToken(lambda around: around.token(exp=int(time.time()) - 400), 500),
    "no expiry": BadToken(lambda around: around.token(without=("exp",)), 201),
    "not yet": BadToken(lambda around: around.token(nbf=int(time.time()) + 900), 500),
    "forged": BadToken(lambda around: around.token(key=OTHER), 500),
    "unknown key": BadToken(lambda around: around.token(kid="key-77"), 500),
    "no key id": BadToken(lambda around: around.token(kid=None), 500),
    "key of another channel": BadToken(lambda around: around.token(key=UNENDORSED), 500),
    "HS256": BadToken(
        lambda around: around.token(algorithm="HS256", secret="a-secret-of-more-than-32-characters!"), 500
    ),
    "no algorithm": BadToken(lambda _: jwt.encode({"aud": APP, "iss": ISSUER}, "", algorithm="none"), 500),
    # Alike: stock says 401 to these as well.
    "no header": BadToken(lambda _: None, 401),
    "wrong audience": BadToken(lambda around: around.token(aud="someone-else"), 401),
    "no audience": BadToken(lambda around: around.token(without=("aud",)), 401),
    "wrong issuer": BadToken(lambda around: around.token(iss="https://evil.example"), 401),
    "other service": BadToken(lambda around: around.token(serviceurl="https://evil.example/"), 401),
    "no service": BadToken(lambda around: around.token(without=("serviceurl",)), 401),
}


@pytest.mark.parametrize("row", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
async def test_every_kind_of_bad_token_is_answered_401_and_reaches_nobody(
    doors: Doors, row: BadToken
) -> None:
    doors.around.issuer.keys = [*doors.around.issuer.keys, UNENDORSED]
    activity, token = doors.around.activity(text="hej"), row.make(doors.around)
    assert await doors.ours.post(activity, token=token) == (401, UNAUTHORIZED)
    assert doors.ours.handler.turns == []
    assert doors.ours.seen == []
    assert (await doors.stock.post(activity, token=token))[0] == row.stock
    assert doors.stock.bot.turns == (1 if row.stock == 201 else 0)


@pytest.mark.parametrize(
    ("header", "stock"), [(None, 500), ("Bearer", 500), ("Bearer ", 500), ("Basic abc", 401), ("abc", 500)]
)
async def test_a_header_that_is_no_bearer_token_is_answered_401(
    doors: Doors, header: str | None, stock: int
) -> None:
    """Alike while stock asks the issuer that is built in; not once the settings name one, as other clouds need."""
    issuer = doors.around.issuer
    named = {
        **SINGLE_TENANT,
        "TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL": issuer.metadata_url,
        "TO_BOT_FROM_CHANNEL_TOKEN_ISSUER": ISSUER,
        "TO_CHANNEL_FROM_BOT_OAUTH_SCOPE": ISSUER,
        "TO_CHANNEL_FROM_BOT_LOGIN_URL": issuer.url,
    }
    activity = doors.around.activity()
    headers = {"Authorization": header} if header else {}
    assert await doors.ours.post(activity, token=None, **headers) == (401, UNAUTHORIZED)
    assert (await doors.stock.post(activity, token=None, **headers))[0] == 401
    async with stock_door(doors.around, named) as other:
        assert (await other.post(activity))[0] == 201
        assert (await other.post(activity, token=None, **headers))[0] == stock


async def test_a_rotated_key_is_fetched_anew(doors: Doors) -> None:
    around = doors.around
    assert (await doors.ours.post(around.activity(text="x")))[0] == 200
    assert (await doors.stock.post(around.activity(text="x")))[0] == 201
    assert around.issuer.hits == 2, "each door has fetched the keys"
    around.issuer.rotates()
    await asyncio.sleep(0.25)
    assert (await doors.ours.post(around.activity(text="x")))[0] == 200
    assert around.issuer.hits == 3
    assert (await doors.stock.post(around.activity(text="x")))[0] == 500
    assert doors.stock.faults == ["IndexError"]
    assert around.issuer.hits == 3, "stock did not even ask"


OUTSIDE = "https://smba.trafficmanager.net.evil.example/"
STRANGERS: dict[str, tuple[Json, int]] = {
    "another tenant": ({"channelData": {"tenant": {"id": "ffffffff-0000-0000-0000-000000000000"}}}, 403),
    "no tenant": ({"channelData": {}, "conversation": {"id": "a:1"}}, 403),
    "another channel": ({"channelId": "webchat"}, 403),
    "a service address outside Teams": ({"serviceUrl": OUTSIDE}, 403),
    "no service address": ({"serviceUrl": None}, 401),
    "no channel": ({"channelId": None}, 401),
}


@pytest.mark.parametrize(("change", "status"), STRANGERS.values(), ids=STRANGERS.keys())
async def test_who_calls_from_elsewhere_is_turned_away(doors: Doors, change: Json, status: int) -> None:
    """Stock lets every one of these in, for a key that is endorsed for no channel in particular."""
    if change.get("channelId"):
        doors.around.issuer.keys = [ANY_CHANNEL]
    activity = doors.around.activity(text="hej", **change)
    token = doors.around.token(serviceurl=change.get("serviceUrl") or doors.around.connector.url)
    assert (await doors.ours.post(activity, token=token))[0] == status
    assert doors.ours.handler.turns == []
    assert (await doors.stock.post(activity, token=token))[0] == 201
    assert doors.stock.bot.turns == 1


# What is read ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BadBody:
    """A body as it is, or fields over those of a good activity. ``stock`` 201 means that it took it."""

    body: str | bytes | Json
    stock: int
    ours: int = 400


BAD_BODIES = {
    "empty": BadBody("", 500),
    "half": BadBody("{", 500),
    "a list": BadBody("[]", 500),
    "null": BadBody("null", 500),
    "a text": BadBody('"text"', 500),
    "nested too deeply": BadBody("[" * 5000, 500),
    "no text at all": BadBody(b"\xff\xfe", 500),
    "a time in words": BadBody({"timestamp": "yesterday"}, 500),
    "a time that is a number": BadBody({"timestamp": 12}, 500),
    "a sender that is a text": BadBody({"from": "me"}, 500),
    "a conversation that is a list": BadBody({"conversation": []}, 500),
    "members that are a text": BadBody({"type": "conversationUpdate", "membersAdded": "all"}, 500),
    "members that are numbers": BadBody({"type": "conversationUpdate", "membersAdded": [1]}, 500),
    "a type that is a number": BadBody({"type": 7}, 201),
    "a sender without an id": BadBody({"from": {}}, 201),
    "no recipient": BadBody({"recipient": None}, 201),
    "a conversation whose id is a number": BadBody({"conversation": {"id": 5}}, 201),
    "a text that is an object": BadBody({"text": {"a": 1}}, 201),
    # Alike.
    "an object that is no activity": BadBody("{}", 400),
    "more than a megabyte": BadBody(" " * (1 << 20) + "{}", 413, ours=413),
}


@pytest.mark.parametrize("row", BAD_BODIES.values(), ids=BAD_BODIES.keys())
async def test_a_body_that_is_no_activity_is_answered_plainly(doors: Doors, row: BadBody) -> None:
    body = doors.around.activity(**row.body) if isinstance(row.body, dict) else row.body
    status, said = await doors.ours.post(body)
    assert status == row.ours
    assert said["error"]["code"] == ("BadRequest" if status == 400 else "TooLarge")
    assert doors.ours.handler.turns == []
    assert (await doors.stock.post(body))[0] == row.stock


@pytest.mark.parametrize(
    ("content_type", "status", "stock"), [("", 400, 404), ("text/plain", 415, 415)], ids=["none", "alike"]
)
async def test_only_json_is_read(doors: Doors, content_type: str, status: int, stock: int) -> None:
    headers = {"Content-Type": content_type}
    assert (await doors.ours.post(b"{}", **headers))[0] == status
    assert (await doors.stock.post(b"{}", **headers))[0] == stock


MENTION = {"type": "mention", "text": "<at>Kanal</at>", "mentioned": {"id": "28:bot", "name": "Kanal"}}
OTHERS = {"type": "mention", "text": "<at>Någon</at>", "mentioned": {"id": "29:x", "name": "Någon"}}
MENTIONS = {
    "the bot's name as a word": (
        [MENTION],
        "<at>Kanal</at> hur öppnar jag en Kanal?",
        "hur öppnar jag en Kanal?",
        "hur öppnar jag en ?",
    ),
    "its mark written out again": (
        [MENTION],
        "<at>Kanal</at> vad är <at>Kanal</at>?",
        "vad är <at>Kanal</at>?",
        "vad är ?",
    ),
    "mentioned twice": ([MENTION, MENTION], "<at>Kanal</at> <at>Kanal</at> kanalen", "kanalen", "kanalen"),
    "a space that will not break": ([MENTION], "<at>Kanal</at>&nbsp;kö", "kö", "&nbsp;kö"),
    # Alike.
    "at the end": ([MENTION], "hej <at>Kanal</at>", "hej", "hej"),
    "somebody else": (
        [OTHERS, {"type": "clientInfo"}],
        "<at>Någon</at> vad tycker du?",
        "<at>Någon</at> vad tycker du?",
        "<at>Någon</at> vad tycker du?",
    ),
}


@pytest.mark.parametrize(("entities", "text", "heard", "stock"), MENTIONS.values(), ids=MENTIONS.keys())
async def test_only_the_marked_span_of_the_mention_is_taken_away(
    doors: Doors, entities: list[Json], text: str, heard: str, stock: str
) -> None:
    async def without_mention(turn: TurnContext) -> None:
        await turn.send_activity(TurnContext.remove_recipient_mention(turn.activity).strip())

    doors.ours.handler.echoes, doors.stock.bot.says = True, without_mention
    activity = doors.around.activity(text=text, entities=entities)
    await doors.ours.post(activity)
    await doors.stock.post(activity)
    assert [sent.activity["text"] for sent in doors.around.connector.sent] == [heard, stock]


# What is kept and sent ------------------------------------------------------------------------------------


async def test_the_tenant_is_kept_with_the_conversation_and_told_when_one_is_opened(doors: Doors) -> None:
    """Both answer, keep where the person is reached as JSON, and open a conversation by what was kept."""

    async def opens_a_conversation(turn: TurnContext) -> None:
        await turn.send_activity("hej")
        kept = json.dumps(TurnContext.get_conversation_reference(turn.activity).serialize())
        reference = ConversationReference().deserialize(json.loads(kept))
        parameters = ConversationParameters(
            bot=reference.bot, members=[reference.user], tenant_id=reference.conversation.tenant_id
        )
        clients = turn.turn_state["ConnectorFactory"]
        client = await clients.create(reference.service_url)
        await client.conversations.create_conversation(parameters)

    ours = doors.ours
    ours.handler.echoes, doors.stock.bot.says = True, opens_a_conversation
    activity = doors.around.activity(text="hej")
    assert (await ours.post(activity))[0] == 200
    kept = await ours.addresses.address_of(f"person:{PERSON}")
    assert kept is not None
    assert kept.user is not None
    assert (kept.tenant, kept.conversation, kept.bot) == (TENANT, "a:1", "28:bot")
    await ours.outgoing.create_conversation(
        kept.service_url, user=kept.user, tenant=kept.tenant, bot=kept.bot
    )
    assert (await doors.stock.post(activity))[0] == 201
    assert doors.stock.caught == []

    replied, opened, stock_replied, stock_opened = doors.around.connector.calls
    assert replied.activity["conversation"]["tenantId"] == TENANT
    assert opened.activity["tenantId"] == opened.activity["channelData"]["tenant"]["id"] == TENANT
    assert (stock_replied.operation, stock_opened.operation) == ("reply", "create")
    assert TENANT not in json.dumps([stock_replied.activity, stock_opened.activity])


OPEN_ENTITY = {
    "type": "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    "additionalType": ["AIGeneratedContent"],
    "citation": [{"@type": "Claim", "position": 1, "appearance": {"name": "Riktlinjen, 4 §"}}],
}
OPEN_DATA = {"feedbackLoop": {"type": "custom"}, "somethingNew": [1, None, "å"]}


async def test_open_entities_and_channel_data_leave_as_they_were_written(doors: Doors) -> None:
    """The bot itself sends none; what it sends goes out as JSON, past every model of the SDK."""

    async def sends_open_fields(turn: TurnContext) -> None:
        entity = Entity().deserialize(OPEN_ENTITY)
        activity = Activity(type="message", text="hej", entities=[entity], channel_data=dict(OPEN_DATA))
        teams_notify_user(activity)
        await turn.send_activity(activity)

    doors.stock.bot.says = sends_open_fields
    card = {**CARD, "msteams": {"entities": [OPEN_ENTITY]}, "somethingNew": OPEN_DATA}
    doors.ours.handler.reply = CardReply(card=card, summary="")
    incoming = doors.around.activity(text="hej")
    await doors.ours.post(incoming)
    written = {"type": "message", "text": "hej", "entities": [OPEN_ENTITY], "channelData": OPEN_DATA}
    await doors.ours.outgoing.reply(incoming["serviceUrl"], "a:1", incoming["id"], written)
    await doors.stock.post(incoming)

    answer, ours, stock = (sent.activity for sent in doors.around.connector.sent)
    assert json.dumps(answer["attachments"][0]["content"]) == json.dumps(card)
    assert json.dumps(ours) == json.dumps(written)
    assert stock["entities"] == [{"type": "https://schema.org/Message"}]
    assert stock["channelData"] == {"notification": {"alert": True}, "onBehalfOf": []}


async def test_a_person_is_registered_whatever_the_roster_says(doors: Doors) -> None:
    """Stock asks the roster for each member before the bot is told, and a refusal there is the end of it."""
    connector = doors.around.connector
    connector.fails(403, "BotNotInConversationRoster", when=operation("members"), times=None)
    activity = doors.around.activity("conversationUpdate", membersAdded=[{"id": "28:bot"}, {"id": "29:abc"}])
    assert (await doors.ours.post(activity))[0] == 200
    assert await doors.ours.addresses.address_of(f"person:{PERSON}") is not None
    assert len(doors.ours.handler.turns) == 1
    assert connector.calls == []
    await doors.stock.post(activity)
    assert [call.operation for call in connector.calls] == ["members"]
    assert doors.stock.caught == ["ErrorResponseException"]
    assert doors.stock.bot.members == []
