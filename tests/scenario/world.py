"""The whole bot on loopback, and people in it who write and click as Teams would have them do it.

A ``World`` is the real application served over HTTP, with a fake Bot Connector and a fake issuer beside it. A
``Somebody`` sends signed activities as one person and sees the cards that reached that person.
"""

import asyncio
import base64
import io
import itertools
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from standardwebhooks import Webhook

from app import running
from bot.running import Running
from bot.settings import Settings, read_settings
from bot.teams.tokens import NoCredentials, TokenSource
from bot.web.serving import Runner
from tests.fakes.connector import FakeConnector
from tests.fakes.issuer import FakeIssuer

Json = dict[str, Any]
APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "00000000-0000-0000-0000-0000000000aa"
FLAGS_SECRET = "whsec_" + base64.b64encode(b"a key of at least 24 bytes").decode()
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine o'clock in Stockholm on a working day."""
PEOPLE = {
    "admin": 1,
    "admin2": 2,
    "chef": 3,
    "kommunikation": 4,
    "registrator": 5,
    "personal": 6,
}
_numbers = itertools.count(1)


def object_id(who: str) -> str:
    return f"00000000-0000-0000-0000-{PEOPLE[who]:012d}"


class Clock:
    """The time as the test sets it; it stands still until moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **step: float) -> None:
        self.now += timedelta(**step)


def elements(card: Any) -> Iterator[Json]:
    """Every object in a card, outermost first."""
    if isinstance(card, Mapping):
        yield dict(card)
        for value in card.values():
            yield from elements(value)
    elif isinstance(card, list):
        for value in card:
            yield from elements(value)


def words(card: Any) -> str:
    """All that a reader of the card sees, in order."""
    shown: list[str] = []
    for one in elements(card):
        for name in ("text", "title", "value", "label", "placeholder"):
            text = one.get(name)
            if isinstance(text, str):
                shown.append(text)
    return "\n".join(shown)


def buttons(card: Any) -> dict[str, Json]:
    """The card's Action.Execute buttons by title."""
    return {one["title"]: one for one in elements(card) if one.get("type") == "Action.Execute"}


def inputs(card: Any) -> dict[str, Json]:
    return {one["id"]: one for one in elements(card) if str(one.get("type", "")).startswith("Input.")}


@dataclass(kw_only=True)
class Answer:
    """An HTTP answer to an invoke; ``card`` is the card that replaces the clicked one."""

    status: int
    body: Any

    @property
    def card(self) -> Json:
        assert self.body["type"] == "application/vnd.microsoft.card.adaptive", self.body
        value: Json = self.body["value"]
        return value

    @property
    def words(self) -> str:
        return words(self.card)


@dataclass(kw_only=True)
class Somebody:
    """One person with a personal chat of their own."""

    world: "World"
    who: str
    locale: str = "sv-SE"
    answered: list[tuple[Json, str]] = field(default_factory=list)
    """Cards that came as the answer to a click, with the activity that they were clicked on."""

    @property
    def object_id(self) -> str:
        return object_id(self.who)

    @property
    def conversation(self) -> str:
        return f"a:{self.who}"

    def activity(self, kind: str, **fields: Any) -> Json:
        return {
            "type": kind,
            "id": f"act-{next(_numbers)}",
            "timestamp": "2026-11-24T10:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.world.connector.url,
            "from": {"id": f"29:{self.who}", "aadObjectId": self.object_id, "name": self.who},
            "recipient": {"id": f"28:{APP_ID}", "name": "Riktlinjeboten"},
            "conversation": {
                "id": self.conversation,
                "conversationType": "personal",
                "tenantId": TENANT,
            },
            "channelData": {"tenant": {"id": TENANT}},
            "locale": self.locale,
            **fields,
        }

    async def installs(self) -> None:
        await self.world.post(self.activity("installationUpdate", action="add"))

    async def says(self, text: str) -> Json:
        """The activity that the bot answered with."""
        before = len(self.world.connector.sent)
        status, _ = await self.world.post(self.activity("message", text=text, textFormat="plain"))
        assert status in {200, 201, 202}, status
        answers = [
            one.activity
            for one in self.world.connector.sent[before:]
            if one.conversation == self.conversation
        ]
        assert answers, f"no answer to {text!r}"
        return answers[-1]

    async def asks_for(self, text: str) -> Json:
        """The card that the bot answered with."""
        answer = await self.says(text)
        card: Json = answer["attachments"][0]["content"]
        return card

    def cards(self) -> list[Json]:
        """The cards that reached this person, in the order of arrival, each as it was last updated."""
        return self.world.cards_in(self.conversation)

    async def waits_for(self, text: str) -> Json:
        """The newest card that says ``text``, once the outbox has emptied."""
        await self.world.settle()
        found = [card for card in self.cards() if text in words(card)]
        assert found, f"{self.who} has no card saying {text!r}: {[words(c)[:80] for c in self.cards()]}"
        return found[-1]

    def click(self, card: Json, title: str, **typed: str) -> Json:
        """The invoke activity of a click on the button with that title."""
        found = buttons(card)
        assert title in found, f"no button {title!r}: {list(found)}"
        button = found[title]
        shown = {name: str(one.get("value", "")) for name, one in inputs(card).items()}
        if button.get("associatedInputs") == "none":
            shown = {}
        place = self._place(card)
        return self.invoke(button["verb"], {**shown, **typed, **button["data"]}, replyToId=place)

    def _place(self, card: Json) -> str:
        """The activity that the card is in; a card of somebody else's is in none of this person's."""
        clicked = next((place for one, place in reversed(self.answered) if one is card), None)
        return clicked or self.world.connector.activity_showing(self.conversation, card) or "elsewhere"

    def invoke(self, verb: str, data: Mapping[str, Any], *, replyToId: str = "elsewhere") -> Json:  # noqa: N803
        action = {"type": "Action.Execute", "verb": verb, "data": dict(data)}
        return self.activity(
            "invoke",
            name="adaptiveCard/action",
            replyToId=replyToId,
            value={"action": action, "trigger": "manual"},
        )

    async def sends(self, activity: Json) -> Answer:
        status, body = await self.world.post(activity)
        if body and body.get("type") == "application/vnd.microsoft.card.adaptive":
            self.answered.append((body["value"], activity.get("replyToId", "elsewhere")))
        return Answer(status=status, body=body)

    async def clicks(self, card: Json, title: str, **typed: str) -> Answer:
        return await self.sends(self.click(card, title, **typed))


@dataclass(kw_only=True)
class World:
    """``settle`` waits until the bot owes nothing that could be sent now."""

    url: str
    connector: FakeConnector
    issuer: FakeIssuer
    clock: Clock
    bot: Running
    http: aiohttp.ClientSession
    people: dict[str, Somebody] = field(default_factory=dict)

    def __getitem__(self, who: str) -> Somebody:
        if who not in self.people:
            self.people[who] = Somebody(world=self, who=who)
        return self.people[who]

    async def post(self, activity: Json) -> tuple[int, Any]:
        token = self.issuer.token(audience=APP_ID, service_url=self.connector.url)
        headers = {"Authorization": f"Bearer {token}"}
        async with self.http.post(f"{self.url}/api/messages", json=activity, headers=headers) as answer:
            body = await answer.json() if answer.content_type == "application/json" else None
            return answer.status, body

    async def flag(self, post: Mapping[str, Any] | None = None, /, **changes: Any) -> str:
        """A comment on the municipality's Facebook page, signed and posted; ``post`` and ``changes`` (``channel``
        or fields of the flag) over the usual. Its designation."""
        flag = a_flag(post, **changes)
        status, body = await self.post_flag(flag)
        if status == 429:  # who comes too often waits
            await asyncio.sleep(1)
            return await self.flag(post, **changes)
        assert status == 202, body
        case: str = body["case"]
        return case

    async def post_flag(self, flag: Json | bytes, *, message: str | None = None) -> tuple[int, Json]:
        data = flag if isinstance(flag, bytes) else json.dumps(flag).encode()
        message, now = message or f"msg_{next(_numbers)}", datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(FLAGS_SECRET).sign(message, now, data.decode()),
        }
        url = f"{self.url}/api/flags"
        async with self.http.post(url, data=io.BytesIO(data), headers=headers) as answer:
            return answer.status, json.loads(await answer.read())

    async def readiness(self) -> tuple[int, str]:
        """What ``/readyz`` answers."""
        async with self.http.get(f"{self.url}/readyz") as answer:
            return answer.status, (await answer.json())["status"]

    async def arrive(self, *who: str) -> None:
        """These people install the bot."""
        for one in who:
            await self[one].installs()
        await self.settle()

    async def settle(self) -> None:
        await self.bot.delivery.drain()

    async def later(self, **step: float) -> None:
        """Time passes, reminders and duties are looked for and what is owed is sent."""
        self.clock.forward(**step)
        await self.bot.reminding.look()
        await self.bot.duties.look()
        await self.settle()

    def cards_in(self, conversation: str) -> list[Json]:
        return self.connector.cards_in(conversation)


def a_flag(
    post: Mapping[str, Any] | None = None, /, *, channel: str = "facebook-haninge", **flag: Any
) -> Json:
    number = next(_numbers)
    return {
        "channel": channel,
        "post": {
            "id": f"post_{number}",
            "kind": "comment",
            "text": f"Så dumt skrivet, nummer {number}!",
            "author": "Invånare 1",
            "url": f"https://www.facebook.com/haningekommun/posts/{number}",
            **(post or {}),
        },
        "flag": {"source": "person", "by": "Medarbetare", **flag},
    }


def environment_for(issuer: FakeIssuer, **environ: str) -> dict[str, str]:
    return {
        "MicrosoftAppId": APP_ID,
        "MicrosoftAppPassword": "made up",
        "MicrosoftAppTenantId": TENANT,
        "FLAGS_SECRET": FLAGS_SECRET,
        "BOT_OPENID_METADATA_URL": issuer.metadata_url,
        "GRAPH_URL": "http://127.0.0.1:9",  # nobody
        **environ,
    }


def settings_for(data: Path, issuer: FakeIssuer, **environ: str) -> Settings:
    return read_settings(environment_for(issuer, **{"STORAGE_URL": f"tinydb:{data}", **environ}))


@asynccontextmanager
async def a_world(
    data: Path,
    *,
    clock: Clock | None = None,
    graph_tokens: TokenSource | None = None,
    model_tokens: TokenSource | None = None,
    **environ: str,
) -> AsyncIterator[World]:
    """The bot as it runs for a tenant, its record in ``data``; ``environ`` are further settings."""
    clock = clock or Clock(MONDAY)
    async with FakeIssuer() as issuer, FakeConnector() as connector, aiohttp.ClientSession() as http:
        settings = settings_for(data, issuer, **environ)
        hosts = frozenset({"127.0.0.1"})
        async with running(
            settings,
            clock=clock,
            trusted_hosts=hosts,
            tokens=NoCredentials(),
            graph_tokens=graph_tokens or NoCredentials(),
            model_tokens=model_tokens or NoCredentials(),
        ) as bot:
            runner = Runner(bot.web, access_log=None, shutdown_timeout=1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            try:
                yield World(url=url, connector=connector, issuer=issuer, clock=clock, bot=bot, http=http)
            finally:
                await runner.cleanup()
