"""botbuilder's part of a turn: its pipeline and its dispatch by kind of activity, and nothing of its transport.

The stock CloudAdapter builds two clients and fetches a token on the event loop in every turn, serializes
invoke answers twice and turns most refusals into 500 (all measured); so activities are read and sent beside it,
as dictionaries, which also keeps every field that its models don't know.
"""

import logging
from collections.abc import Mapping
from typing import Any

from botbuilder.core import ActivityHandler, BotAdapter, CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.schema import (
    Activity,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
    ResourceResponse,
)
from botframework.connector.auth import (
    AuthenticationConstants,
    BotFrameworkAuthenticationFactory,
    ClaimsIdentity,
    ServiceClientCredentialsFactory,
)

from bot.teams.activities import CARD_ACTION, Incoming
from bot.turns import CardAction, CardReply, FileConsent, FileReply, Nothing, Reply, TextReply, TurnHandler

log = logging.getLogger(__name__)

_INCOMING = "incoming"
_REPLY = "reply"
_INVOKE = "invoke"
_CARD = "application/vnd.microsoft.card.adaptive"
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"

Json = dict[str, Any]


def card_answer(reply: Reply) -> Json:
    """The body that answers ``adaptiveCard/action``."""
    match reply:
        case CardReply():
            return {"statusCode": 200, "type": _CARD, "value": reply.card}
        case TextReply():
            return {"statusCode": 200, "type": _MESSAGE, "value": reply.text}
        case Nothing() | FileReply():
            return {"statusCode": 200, "type": _MESSAGE, "value": ""}


def card_error(status: int, code: str, message: str) -> Json:
    """An error that the client shows beside the card, which stays as it was."""
    return {"statusCode": status, "type": _ERROR, "value": {"code": code, "message": message}}


class TurnAdapter(BotAdapter):
    """Runs turns through botbuilder's middleware. What the bot says leaves through the connector, not here.

    Should something in a turn want a client of the SDK's, the factory that lies in the turn's state makes it, with
    tokens from ``credentials``. Nothing is made before it is asked for: a client takes the SDK 3 ms.
    """

    def __init__(self, credentials: ServiceClientCredentialsFactory, *, app_id: str) -> None:
        super().__init__()
        authentication = BotFrameworkAuthenticationFactory.create(credential_factory=credentials)
        identity = ClaimsIdentity({AuthenticationConstants.AUDIENCE_CLAIM: app_id}, True)
        self._clients = authentication.create_connector_factory(identity)

    async def run(self, incoming: Incoming, bot: ActivityHandler) -> "Outcome":
        context = TurnContext(self, _lean(incoming))
        context.turn_state[_INCOMING] = incoming
        context.turn_state[CloudAdapterBase.CONNECTOR_FACTORY_KEY] = self._clients
        await self.run_pipeline(context, bot.on_turn)
        answer = context.turn_state.get(_INVOKE)
        return Outcome(reply=context.turn_state.get(_REPLY, Nothing()), invoke=answer)

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        for activity in activities:
            if activity.type == "invokeResponse":
                context.turn_state[_INVOKE] = activity.value
        return [ResourceResponse(id="") for _ in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> None:
        raise NotImplementedError("cards are updated through the outbox")

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        raise NotImplementedError("nothing that was sent is deleted")


class Outcome:
    """What a turn led to: a reply to send, or the answer to an invoke."""

    __slots__ = ("invoke", "reply")

    def __init__(self, *, reply: Reply, invoke: InvokeResponse | None) -> None:
        self.reply = reply
        self.invoke = invoke


def _lean(incoming: Incoming) -> Activity:
    """The activity as botbuilder needs it for its dispatch; the whole of it stays with ``incoming``."""
    raw = incoming.raw
    return Activity(
        type=incoming.kind,
        id=incoming.id,
        name=incoming.name or None,
        channel_id="msteams",
        service_url=incoming.address.service_url,
        action=raw.get("action"),
        value=raw.get("value"),
        from_property=ChannelAccount(
            id=incoming.sender.user, aad_object_id=incoming.sender.object_id, name=incoming.sender.name
        ),
        recipient=ChannelAccount(id=incoming.address.bot),
        conversation=ConversationAccount(id=incoming.address.conversation),
    )


class Dispatch(ActivityHandler):
    """Hands each kind of activity to the bot, and words its invoke answers."""

    def __init__(self, handler: TurnHandler) -> None:
        super().__init__()
        self._handler = handler

    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await self._reply(turn_context)

    async def on_conversation_update_activity(self, turn_context: TurnContext) -> None:
        # Not the parent's: it asks the roster for every member before anything else happens.
        await self._reply(turn_context)

    async def on_installation_update(self, turn_context: TurnContext) -> None:
        await self._reply(turn_context)

    async def on_invoke_activity(self, turn_context: TurnContext) -> None:
        """Leaves the answer in the turn: returned, it would be deep-copied on its way out, a fifth of a click."""
        turn_context.turn_state[_INVOKE] = await self._invoked(turn_context)

    async def _invoked(self, turn_context: TurnContext) -> InvokeResponse:
        incoming: Incoming = turn_context.turn_state[_INCOMING]
        if isinstance(incoming.turn, FileConsent):
            turn_context.turn_state[_REPLY] = await self._handler.handle(incoming.turn)
            return InvokeResponse(status=200, body={})
        if incoming.name != CARD_ACTION:
            return _OTHER_INVOKES.get(incoming.name) or _not_implemented()
        if not isinstance(incoming.turn, CardAction):
            return InvokeResponse(status=200, body=card_error(400, "BadRequest", "No such action."))
        reply = await self._handler.handle(incoming.turn)
        turn_context.turn_state[_REPLY] = reply
        return InvokeResponse(status=200, body=card_answer(reply))

    async def _reply(self, turn_context: TurnContext) -> None:
        incoming: Incoming = turn_context.turn_state[_INCOMING]
        if incoming.turn is None:
            return
        try:
            turn_context.turn_state[_REPLY] = await self._handler.handle(incoming.turn)
        except Exception:
            log.exception("A turn failed", extra={"activity": incoming.id, "kind": incoming.kind})
            failure = self._handler.failure(incoming.turn)
            turn_context.turn_state[_REPLY] = TextReply(text=failure)


def _not_implemented() -> InvokeResponse:
    """Teams asks bots for many things; what this one does not offer is no fault of anybody."""
    return InvokeResponse(status=501, body={"error": {"code": "NotImplemented"}})


_OTHER_INVOKES: Mapping[str, InvokeResponse] = {
    "message/submitAction": InvokeResponse(status=200, body={}),
}
