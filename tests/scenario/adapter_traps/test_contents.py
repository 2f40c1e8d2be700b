"""What is read, kept and sent, at our door and at the stock SDK's."""

import json
from dataclasses import dataclass

import pytest
from botbuilder.core import TurnContext
from botbuilder.core.teams import teams_notify_user
from botbuilder.schema import Activity, ConversationParameters, ConversationReference, Entity

from bot.turns import CardReply
from tests.fakes.connector import operation
from tests.scenario.adapter_traps.two_doors import CARD, Doors
from tests.scenario.doors import PERSON, TENANT, Json

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


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
