"""Each trap of botbuilder 4.17.1 at the wire, here of invokes; ``two_doors`` tells how it is shown."""

from dataclasses import dataclass
from typing import Any

import pytest
from botbuilder.schema import AdaptiveCardInvokeResponse

from bot.turns import CardReply, Nothing, Reply, TextReply
from tests.scenario.adapter_traps.two_doors import CARD, Doors, echo
from tests.scenario.doors import FAILURE, TENANT, Json

CARD_KIND = "application/vnd.microsoft.card.adaptive"


TEXT_KIND = "application/vnd.microsoft.activity.message"


ERROR_KIND = "application/vnd.microsoft.error"


A_CARD = CardReply(card=CARD, summary="")


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


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
