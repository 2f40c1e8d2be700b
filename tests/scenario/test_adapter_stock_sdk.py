"""Why the entrance is our own: the same requests against botbuilder's own CloudAdapter, at the wire.

Each of these holds for ours in ``test_adapter`` and fails here. When one of them no longer fails, the SDK has
changed and the entrance can be thought over.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.core.integration import aiohttp_error_middleware
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Entity
from botframework.connector.auth import ChannelValidation, JwtTokenExtractor

from tests.fakes.issuer import FakeIssuer

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "00000000-0000-0000-0000-0000000000aa"

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")


class Bot(ActivityHandler):  # type: ignore[misc]  # botbuilder has no types
    fails = False

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        if self.fails:
            raise RuntimeError("fault")
        body = {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Klart"}
        return InvokeResponse(status=200, body=body)


@dataclass
class Stock:
    url: str
    issuer: FakeIssuer
    bot: Bot
    http: aiohttp.ClientSession

    async def post(self, *, token: str | None = None, **fields: Any) -> int:
        activity = {
            "type": "invoke",
            "id": "1",
            "name": "adaptiveCard/action",
            "channelId": "msteams",
            "serviceUrl": "http://127.0.0.1:9/",
            "from": {"id": "29:abc"},
            "recipient": {"id": "28:bot"},
            "conversation": {"id": "a:1"},
            "channelData": {"tenant": {"id": TENANT}},
            "value": {"action": {"type": "Action.Execute", "verb": "x"}},
            **fields,
        }
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.http.post(f"{self.url}/api/messages", json=activity, headers=headers) as answer:
            await answer.read()
            return answer.status


async def stock(app_id: str) -> AsyncIterator[Stock]:
    async with FakeIssuer() as issuer, aiohttp.ClientSession() as http:
        before = ChannelValidation.open_id_metadata_endpoint
        ChannelValidation.open_id_metadata_endpoint = issuer.metadata_url
        JwtTokenExtractor.metadataCache.clear()
        settings = SimpleNamespace(
            APP_ID=app_id, APP_PASSWORD="x", APP_TYPE="SingleTenant", APP_TENANTID=TENANT
        )
        if not app_id:
            settings.APP_TYPE = "MultiTenant"
        adapter, bot = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings)), Bot()

        async def messages(request: web.Request) -> web.StreamResponse:
            answer: web.StreamResponse = await adapter.process(request, bot)
            return answer

        app = web.Application(middlewares=[aiohttp_error_middleware])
        app.router.add_post("/api/messages", messages)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield Stock(url=f"http://127.0.0.1:{runner.addresses[0][1]}", issuer=issuer, bot=bot, http=http)
        await runner.cleanup()
        ChannelValidation.open_id_metadata_endpoint = before
        JwtTokenExtractor.metadataCache.clear()


@pytest.fixture
async def open_stock() -> AsyncIterator[Stock]:
    async for one in stock(""):
        yield one


async def test_stock_turns_authentication_off_when_the_app_id_is_empty(open_stock: Stock) -> None:
    assert await open_stock.post(type="message") in {200, 201}


async def test_stock_answers_500_to_an_invoke_reply_with_a_body(open_stock: Stock) -> None:
    assert await open_stock.post() == 500


async def test_stock_answers_501_to_a_fault_in_an_invoke(open_stock: Stock) -> None:
    open_stock.bot.fails = True
    assert await open_stock.post() in {500, 501}


async def test_stock_answers_500_to_a_body_that_is_no_activity(open_stock: Stock) -> None:
    async with open_stock.http.post(f"{open_stock.url}/api/messages", json=[]) as answer:
        assert answer.status == 500


def test_stock_takes_every_mention_of_its_name_out_of_the_text() -> None:
    from botbuilder.schema import Activity

    activity = Activity().deserialize(
        {
            "type": "message",
            "text": "<at>Kanal</at> hur öppnar jag en Kanal?",
            "recipient": {"id": "28:bot", "name": "Kanal"},
            "entities": [
                {"type": "mention", "text": "<at>Kanal</at>", "mentioned": {"id": "28:bot", "name": "Kanal"}}
            ],
        }
    )
    assert "Kanal" not in TurnContext.remove_recipient_mention(activity)


def test_stock_drops_what_an_entity_says() -> None:
    entity = Entity(type="https://schema.org/Message")
    entity.additional_properties = {"additionalType": ["AIGeneratedContent"]}
    assert entity.serialize() == {"type": "https://schema.org/Message"}


def test_stock_loses_the_tenant_of_a_conversation() -> None:
    from botbuilder.schema import Activity

    raw = {"type": "message", "id": "1", "conversation": {"id": "a:1", "tenantId": TENANT}}
    reference = TurnContext.get_conversation_reference(Activity().deserialize(raw))
    assert TENANT not in json.dumps(reference.serialize())


KINDS: dict[str, dict[str, Any]] = {
    "forged": {"key": "other"},
    "expired": {"exp": int(time.time()) - 4000},
    "unknown key": {"kid": "key-77"},
    "no key id": {"kid": None},
}


@pytest.mark.parametrize("kind", list(KINDS))
async def test_stock_answers_500_where_401_is_meant(kind: str) -> None:
    """Called beside the loop of the issuer, since the SDK's own key fetch would block it."""
    from botframework.connector.auth import AuthenticationConstants, SimpleCredentialProvider
    from botframework.connector.auth.channel_validation import ChannelValidation as Validation

    from tests.fakes.issuer import Key

    async with FakeIssuer() as issuer:
        claims = dict(KINDS[kind])
        if claims.pop("key", None):
            claims["key"] = Key("key-1", ["msteams"])
        token = issuer.signed(aud=APP, serviceurl="http://127.0.0.1:9/", **claims)
        before = Validation.open_id_metadata_endpoint
        Validation.open_id_metadata_endpoint = issuer.metadata_url
        JwtTokenExtractor.metadataCache.clear()

        def validate() -> None:
            asyncio.run(
                Validation.authenticate_channel_token_with_service_url(
                    f"Bearer {token}",
                    SimpleCredentialProvider(APP, "x"),
                    "http://127.0.0.1:9/",
                    "msteams",
                )
            )

        try:
            with pytest.raises(Exception) as error:  # noqa: PT011  which one differs, and that is the point
                await asyncio.to_thread(validate)
        finally:
            Validation.open_id_metadata_endpoint = before
            JwtTokenExtractor.metadataCache.clear()
        # The adapter turns PermissionError into 401 and anything else into 500.
        assert not isinstance(error.value, PermissionError)
        assert AuthenticationConstants.ISSUER_CLAIM == "iss"


async def test_stock_never_learns_of_a_rotated_key() -> None:
    from botframework.connector.auth import SimpleCredentialProvider
    from botframework.connector.auth.channel_validation import ChannelValidation as Validation

    async with FakeIssuer() as issuer:
        before = Validation.open_id_metadata_endpoint
        Validation.open_id_metadata_endpoint = issuer.metadata_url
        JwtTokenExtractor.metadataCache.clear()

        def validate(token: str) -> None:
            asyncio.run(
                Validation.authenticate_channel_token_with_service_url(
                    f"Bearer {token}",
                    SimpleCredentialProvider(APP, "x"),
                    "http://127.0.0.1:9/",
                    "msteams",
                )
            )

        try:
            await asyncio.to_thread(validate, issuer.signed(aud=APP, serviceurl="http://127.0.0.1:9/"))
            issuer.rotates()
            with pytest.raises(IndexError):
                await asyncio.to_thread(validate, issuer.signed(aud=APP, serviceurl="http://127.0.0.1:9/"))
            assert issuer.hits == 1
        finally:
            Validation.open_id_metadata_endpoint = before
            JwtTokenExtractor.metadataCache.clear()
