"""Our entrance on loopback and nothing behind it, for tests of what comes in and goes out there.

async with loopback() as surroundings, our_door(surroundings) as door:
    status, body = await door.post(surroundings.activity(text="hej"))
"""

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from bot.teams.adapter import TurnAdapter
from bot.teams.addresses import AddressBook
from bot.teams.authentication import Authenticator, LocalAuthenticator, TeamsAuthenticator
from bot.teams.connector import Connector, open_session
from bot.teams.endpoint import MessagesEndpoint
from bot.teams.keys import SigningKeys
from bot.teams.sdk_credentials import TokenCredentialsFactory
from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import NoCredentials, TokenSource
from bot.turns import Address, Nothing, Reply, Sender, TextMessage, TextReply, Turn
from bot.web.bodies import BODY_SECONDS
from bot.web.entrance import Entrance
from bot.web.probes import Probes
from bot.web.routes import application
from bot.web.serving import Runner
from storage.store import Change, StoreUnwritable
from tests.fakes.connector import FakeConnector
from tests.fakes.issuer import ISSUER, FakeIssuer

APP = "11111111-2222-3333-4444-555555555555"
TENANT = "00000000-0000-0000-0000-0000000000aa"
PERSON = "aaaaaaaa-0000-0000-0000-000000000001"
FAILURE = "Något gick fel hos boten."
Json = dict[str, Any]


@dataclass
class Handler:
    """Answers whatever it is told to and keeps what it was given."""

    turns: list[Turn] = field(default_factory=list)
    reply: Reply | Exception = field(default_factory=Nothing)
    echoes: bool = False
    hold: asyncio.Event | None = None

    async def handle(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        if self.hold:
            await self.hold.wait()
        if isinstance(self.reply, Exception):
            raise self.reply
        if self.echoes and isinstance(turn, TextMessage):
            return TextReply(text=turn.text)
        return self.reply

    def failure(self, turn: Turn) -> str:
        return FAILURE


@dataclass
class Documents:
    """The part of the store that the address book needs, in memory."""

    kept: dict[tuple[str, str], Json] = field(default_factory=dict)

    async def put_document(self, collection: str, key: str, doc: Json) -> None:
        self.kept[(collection, key)] = doc

    async def change_document(self, collection: str, key: str, change: Change) -> None:
        changed = change(await self.document(collection, key))
        if changed is not None:
            await self.put_document(collection, key, changed)

    async def document(self, collection: str, key: str) -> Json | None:
        return self.kept.get((collection, key))


class Claims:
    """Claims of this instance and of none other."""

    def __init__(self) -> None:
        self.held = set[str]()
        self.destroyed = 0

    async def count(self, table: str) -> int:
        return self.destroyed if table == "destroyed" else 0

    async def claim(self, what: str) -> bool:
        self.held.add(what)
        return True

    async def unclaim(self, what: str) -> None:
        self.held.discard(what)


@dataclass
class Surroundings:
    """What both ends of a door meet: Teams' issuer and connector, and what Teams would send."""

    issuer: FakeIssuer
    connector: FakeConnector
    http: aiohttp.ClientSession

    def activity(self, kind: str = "message", **fields: Any) -> Json:
        return {
            "type": kind,
            "id": f"id-{time.monotonic_ns()}",
            "timestamp": "2026-11-24T10:00:00.1234567Z",
            "channelId": "msteams",
            "serviceUrl": self.connector.url,
            "from": {"id": "29:abc", "aadObjectId": PERSON.upper(), "name": "Någon"},
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

    async def post(
        self, url: str, activity: Any, *, token: str | bytes | None = "", **headers: str
    ) -> tuple[int, Any]:
        """``token`` None sends no header; bytes are sent as they are, which a client library would not do."""
        body = (activity if isinstance(activity, bytes | str) else json.dumps(activity)) or b""
        data = body.encode() if isinstance(body, str) else body
        if isinstance(token, bytes):
            return await _posted_raw(URL(url), data, token)
        sent = {
            name: value for name, value in {"Content-Type": "application/json", **headers}.items() if value
        }
        if token is not None:
            sent["Authorization"] = f"Bearer {token or self.token()}"

        async with self.http.post(
            url, data=io.BytesIO(data), headers=sent, skip_auto_headers=["Content-Type"]
        ) as answer:
            return answer.status, _body(await answer.text(), answer.content_type)


async def _posted_raw(url: URL, body: bytes, token: bytes) -> tuple[int, Any]:
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = f"POST {url.path} HTTP/1.1\r\nHost: {url.authority}\r\nConnection: close\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nAuthorization: Bearer "
    writer.write(head.encode() + token + b"\r\n\r\n" + body)
    answered, _, text = (await reader.read()).decode().partition("\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    kind = "application/json" if "application/json" in answered else "text/plain"
    return int(answered.split()[1]), _body(text, kind)


def _body(text: str, content_type: str) -> Any:
    assert "Traceback" not in text
    return json.loads(text) if content_type == "application/json" and text else None


@asynccontextmanager
async def loopback() -> AsyncIterator[Surroundings]:
    async with FakeIssuer() as issuer, FakeConnector() as connector, aiohttp.ClientSession() as http:
        yield Surroundings(issuer=issuer, connector=connector, http=http)


@dataclass
class Door:
    """The endpoint on loopback with everything around it."""

    url: str
    around: Surroundings
    handler: Handler
    outgoing: Connector
    addresses: AddressBook
    seen: list[tuple[Sender, Address]]
    shown: list[tuple[str, str]]
    asked: list[str]
    claims: Claims

    @property
    def connector(self) -> FakeConnector:
        return self.around.connector

    @property
    def issuer(self) -> FakeIssuer:
        return self.around.issuer

    @property
    def http(self) -> aiohttp.ClientSession:
        return self.around.http

    def activity(self, kind: str = "message", **fields: Any) -> Json:
        return self.around.activity(kind, **fields)

    def invoke(self, value: Any = None, **fields: Any) -> Json:
        return self.around.invoke(value, **fields)

    def token(self, **claims: Any) -> str:
        return self.around.token(**claims)

    async def post(self, activity: Any, *, token: str | bytes | None = "", **headers: str) -> tuple[int, Any]:
        return await self.around.post(f"{self.url}/api/messages", activity, token=token, **headers)


def no_figures() -> Probes:
    """The probes of a bot that measures nothing."""

    async def page() -> bytes:
        return b""

    return Probes(Entrance(), page=page, token=None)


Make = Callable[[aiohttp.ClientSession, FakeIssuer, ServiceUrls], Authenticator]


def teams(session: aiohttp.ClientSession, issuer: FakeIssuer, urls: ServiceUrls) -> Authenticator:
    keys = SigningKeys(session, issuer.metadata_url, min_interval=0.2)
    return TeamsAuthenticator(app_id=APP, tenant=TENANT, issuer=ISSUER, keys=keys, service_urls=urls)


def on_this_machine(_: aiohttp.ClientSession, __: FakeIssuer, urls: ServiceUrls) -> Authenticator:
    return LocalAuthenticator(urls)


def sdk_adapter(tokens: TokenSource) -> TurnAdapter:
    return TurnAdapter(TokenCredentialsFactory(app_id=APP, tokens=tokens), app_id=APP)


@asynccontextmanager
async def our_door(
    around: Surroundings,
    make: Make = teams,
    *,
    adapter: TurnAdapter | None = None,
    body_seconds: float = BODY_SECONDS,
    unwritable: bool = False,
    tokens: TokenSource | None = None,
) -> AsyncIterator[Door]:
    """``unwritable``: where a card is cannot be kept, as on a full disk."""
    local = make is on_this_machine
    async with open_session() as session:
        urls = ServiceUrls(local=local, extra=frozenset() if local else frozenset({"127.0.0.1"}))
        handler, addresses = Handler(), AddressBook(Documents())
        seen, shown = list[tuple[Sender, Address]](), list[tuple[str, str]]()
        asked, claims = list[str](), Claims()
        outgoing = Connector(session, tokens or NoCredentials(), urls)

        async def on_seen(
            sender: Sender, address: Address, *, at: datetime | None = None, came: bool = False
        ) -> bool:
            seen.append((sender, address))
            return await addresses.on_seen(sender, address, at=at, came=came)

        async def on_shown(copy_of: str | None, sender: Sender, address: Address, activity: str) -> None:
            asked.append(activity)
            if unwritable:
                raise StoreUnwritable("documents.jsonl: No space left on device")
            if copy_of:
                shown.append((copy_of, activity))

        async def no_flags(_request: web.Request) -> web.Response:
            return web.Response(status=503)

        endpoint = MessagesEndpoint(
            handler=handler,
            adapter=adapter or sdk_adapter(NoCredentials()),
            authenticator=make(session, around.issuer, urls),
            connector=outgoing,
            claims=claims,
            on_seen=on_seen,
            on_removed=on_seen,
            on_shown=on_shown,
            body_seconds=body_seconds,
        )
        app = application({"messages": endpoint.receive, "flags": no_flags}, probes=no_figures())
        runner = Runner(app, access_log=None, lingering_time=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield Door(
                url=f"http://127.0.0.1:{runner.addresses[0][1]}",
                around=around,
                handler=handler,
                outgoing=outgoing,
                addresses=addresses,
                seen=seen,
                shown=shown,
                asked=asked,
                claims=claims,
            )
        finally:
            await runner.cleanup()
