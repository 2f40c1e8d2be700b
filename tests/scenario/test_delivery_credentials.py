"""Tokens from Entra: fetched once, shared, never on the event loop's time."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from azure.core.credentials import AccessToken
from botbuilder.core import Middleware, TurnContext

from bot.teams.connector import Connector, ConnectorError, open_session
from bot.teams.credentials import SCOPE, EntraTokens, identity_credential, secret_credential
from bot.teams.sdk_credentials import TokenCredentialsFactory
from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import NoCredentials, TokenUnavailableError
from tests.fakes.connector import FakeConnector
from tests.fakes.entra import FakeEntra
from tests.scenario.doors import loopback, our_door, sdk_adapter

TEXT = {"type": "message", "text": "hej"}


class Hand:
    """A clock moved by hand, which begins somewhere."""

    def __init__(self) -> None:
        self.forward = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.forward


@pytest.fixture
async def entra() -> AsyncIterator[FakeEntra]:
    async with FakeEntra() as fake:
        yield fake


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
async def tokens(entra: FakeEntra, clock: Hand) -> AsyncIterator[EntraTokens]:
    async with entra.session() as session:
        credential = secret_credential(
            tenant="tenant", app_id="app", secret="hemlig", session=session, authority=entra.authority
        )
        source = EntraTokens(credential, elapsed=clock)
        yield source
        await source.close()


async def test_a_thousand_turns_take_one_token_and_few_connections(
    entra: FakeEntra, tokens: EntraTokens
) -> None:
    async with (
        FakeConnector(authorization="Bearer token-1", per_tenant=10**6) as teams,
        open_session() as http,
    ):
        connector = Connector(http, tokens, ServiceUrls(local=True))
        for start in range(0, 1000, 5):
            await asyncio.gather(
                *(connector.send(teams.url, f"c{number}", TEXT) for number in range(start, start + 5))
            )
        assert len(teams.sent) == 1000
        assert teams.connections <= 10
    assert len(entra.requests) == 1
    assert entra.requests[0]["scope"] == SCOPE
    assert entra.requests[0]["client_secret"] == "hemlig"


async def test_the_event_loop_does_not_wait_for_entra(entra: FakeEntra, tokens: EntraTokens) -> None:
    entra.delay = 0.08
    gaps: list[float] = []

    async def heartbeat() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.001)
            now = time.perf_counter()
            gaps.append(now - last - 0.001)
            last = now

    beating = asyncio.create_task(heartbeat())
    await asyncio.gather(*(tokens.authorization() for _ in range(50)))
    beating.cancel()

    assert max(gaps) < 0.04, "half of Entra's 80 ms, with room for a busy machine"


async def test_those_who_ask_at_once_share_one_fetch(entra: FakeEntra, tokens: EntraTokens) -> None:
    entra.delay = 0.05
    headers = await asyncio.gather(*(tokens.authorization() for _ in range(20)))
    assert set(headers) == {"Bearer token-1"}
    assert len(entra.requests) == 1


async def test_a_caller_who_gives_up_does_not_cancel_the_fetch(entra: FakeEntra, tokens: EntraTokens) -> None:
    entra.delay = 0.05
    impatient = asyncio.create_task(tokens.authorization())
    patient = asyncio.create_task(tokens.authorization())
    await asyncio.sleep(0.01)
    impatient.cancel()
    assert await patient == "Bearer token-1"


async def test_a_refusal_is_told_and_not_repeated_at_once(
    entra: FakeEntra, tokens: EntraTokens, clock: Hand
) -> None:
    entra.status = 401
    for _ in range(5):
        with pytest.raises(TokenUnavailableError):
            await tokens.authorization()
    assert len(entra.requests) == 1
    entra.status = 200
    clock.forward = 5
    assert await tokens.authorization() == "Bearer token-2"


async def test_a_token_is_renewed_before_it_expires_while_the_old_one_serves() -> None:
    clock, credential = Hand(), Numbered()
    tokens = EntraTokens(credential, elapsed=clock)
    assert await tokens.authorization() == "Bearer 1"
    clock.forward = 3600 - 200
    assert await tokens.authorization() == "Bearer 1"
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert await tokens.authorization() == "Bearer 2"
    clock.forward += 3600 - 200
    credential.fails = True
    for _ in range(3):
        assert await tokens.authorization() == "Bearer 2"
        await asyncio.sleep(0.01)
    assert credential.asked == 3, "a failed renewal is not tried again at once"
    clock.forward += 180
    with pytest.raises(TokenUnavailableError):
        await tokens.authorization()
    await tokens.close()


class Numbered:
    """A credential whose tokens last an hour."""

    asked = 0
    fails = False

    async def get_token(self, *scopes: str) -> AccessToken:
        self.asked += 1
        if self.fails:
            raise KeyError("resource")  # as azure-identity does for an odd answer
        return AccessToken(str(self.asked), int(time.time() + 3600))

    async def close(self) -> None: ...


async def test_a_refused_token_is_dropped_and_another_fetched_once(
    entra: FakeEntra, tokens: EntraTokens, clock: Hand
) -> None:
    async with FakeConnector(authorization="Bearer token-2") as teams, open_session() as http:
        connector = Connector(http, tokens, ServiceUrls(local=True))
        await tokens.authorization()
        await asyncio.gather(*(connector.send(teams.url, f"c{number}", TEXT) for number in range(5)))
        assert len(teams.sent) == 5
        assert len(entra.requests) == 2
        teams.authorization = "Bearer nobody has"
        for expected in (2, 2, 3, 3):
            for number in range(3):
                with pytest.raises(ConnectorError, match="401"):
                    await connector.send(teams.url, f"c{number}", TEXT)
            assert len(entra.requests) == expected, "where all are refused, Entra is not besieged"
            clock.forward += 16


async def test_a_managed_identitys_refused_token_is_dropped_too(
    entra: FakeEntra, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in entra.identity_environment.items():
        monkeypatch.setenv(name, value)
    async with FakeConnector(authorization="Bearer token-2") as teams, open_session() as http:
        tokens = EntraTokens(identity_credential(app_id="app", session=http))
        await Connector(http, tokens, ServiceUrls(local=True)).send(teams.url, "c", TEXT)
        assert len(teams.sent) == 1
        await tokens.close()


async def test_a_token_fetched_while_the_clock_was_ahead_is_not_used_after_its_end(
    entra: FakeEntra, monkeypatch: pytest.MonkeyPatch
) -> None:
    """azure-identity reads the machine's clock by itself."""
    elapsed, true_time, ahead = Hand(), time.time, 3 * 3600.0
    monkeypatch.setattr(time, "time", lambda: true_time() + ahead)
    async with entra.session() as session:
        credential = secret_credential(
            tenant="tenant", app_id="app", secret="hemlig", session=session, authority=entra.authority
        )
        tokens = EntraTokens(credential, elapsed=elapsed, now=time.time)
        assert await tokens.authorization() == "Bearer token-1"
        ahead = 0.0
        elapsed.forward = 3601
        assert await tokens.authorization() == "Bearer token-2"
        await tokens.close()


async def test_a_fetch_that_failed_while_the_clock_was_ahead_bars_none_later() -> None:
    clock, wall, credential = Hand(), Hand(), Numbered()
    tokens = EntraTokens(credential, elapsed=clock, now=wall)
    wall.forward, credential.fails = 3 * 3600, True
    with pytest.raises(TokenUnavailableError):
        await tokens.authorization()
    wall.forward, clock.forward, credential.fails = 0, 5, False
    assert await tokens.authorization() == "Bearer 2"
    await tokens.close()


async def test_the_host_vouches_for_a_managed_identity(
    entra: FakeEntra, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in entra.identity_environment.items():
        monkeypatch.setenv(name, value)
    async with open_session() as session:
        tokens = EntraTokens(identity_credential(app_id="app", session=session))
        assert await tokens.authorization() == "Bearer token-1"
        await tokens.close()
    assert entra.requests[0]["client_id"] == "app"
    assert entra.requests[0]["resource"] == "https://api.botframework.com"


async def test_local_mode_sends_no_token() -> None:
    async with FakeConnector() as teams, open_session() as http:
        await Connector(http, NoCredentials(), ServiceUrls(local=True)).send(teams.url, "c", TEXT)
        assert teams.calls[0].authorization is None


class AsksTheRoster(Middleware):  # type: ignore[misc]  # botbuilder has no types
    """Something of the SDK's that makes itself a client in the middle of a turn."""

    async def on_turn(self, context: TurnContext, logic: Callable[[], Awaitable[None]]) -> None:
        activity = context.activity
        client = await context.turn_state["ConnectorFactory"].create(activity.service_url)
        await client.conversations.get_conversation_members(activity.conversation.id)
        await logic()


async def test_a_client_that_botbuilder_makes_in_a_turn_takes_the_same_tokens(
    entra: FakeEntra, tokens: EntraTokens
) -> None:
    adapter = sdk_adapter(tokens)
    adapter.use(AsksTheRoster())
    async with loopback() as around, our_door(around, adapter=adapter) as door:
        around.connector.authorization = "Bearer token-1"
        for _ in range(3):
            assert (await door.post(around.activity(text="hej")))[0] == 200
        assert [call.authorization for call in around.connector.calls] == ["Bearer token-1"] * 3
        assert len(door.handler.turns) == 3
    assert len(entra.requests) == 1, "one token for the three clients"


async def test_the_factory_never_turns_authentication_off() -> None:
    """The SDK's own does for an empty app id, without a word."""
    factory = TokenCredentialsFactory(app_id="", tokens=NoCredentials())
    assert not await factory.is_authentication_disabled()
    assert not await factory.is_valid_app_id("app")
