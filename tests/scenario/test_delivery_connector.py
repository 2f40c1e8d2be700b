"""What goes over the wire to Teams, and what an answer means."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from bot.teams.connector import Connector, ConnectorError, open_session
from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import NoCredentials, TokenUnavailableError
from tests.fakes.connector import AcceptedWithoutId, AnswerLost, CutOff, FakeConnector, Slow

LOCAL = ServiceUrls(local=True)
TEXT = {"type": "message", "text": "åäö"}


@dataclass(kw_only=True)
class Wire:
    teams: FakeConnector
    session: aiohttp.ClientSession
    connector: Connector
    others: list[web.AppRunner] = field(default_factory=list)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with FakeConnector() as teams, open_session() as session:
        connector = Connector(session, NoCredentials(), LOCAL, timeout=0.3)
        wire = Wire(teams=teams, session=session, connector=connector)
        yield wire
        for other in wire.others:
            await other.cleanup()


async def failure_of(call: Awaitable[object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as raised:
        await call
    return raised.value


@pytest.mark.parametrize("conversation", ["a:1", "19:x@thread.tacv2;messageid=17", "å/b?c#d%2F"])
async def test_ids_reach_teams_unharmed(wire: Wire, conversation: str) -> None:
    one = await wire.connector.send(wire.teams.url, conversation, TEXT)
    assert one is not None
    await wire.connector.reply(wire.teams.url.rstrip("/"), conversation, one, TEXT)
    await wire.connector.update(wire.teams.url, conversation, one, {**TEXT, "text": "nytt"})
    assert wire.teams.texts_in(conversation) == ["nytt", "åäö"]
    assert wire.teams.sent[1].reply_to == one


async def test_creating_a_conversation_names_user_tenant_and_bot(wire: Wire) -> None:
    made = await wire.connector.create_conversation(wire.teams.url, user="29:u", tenant="t", bot="28:b")
    assert made == "a:29:u"
    body = wire.teams.calls[0].activity
    assert body["members"] == [{"id": "29:u"}]
    assert body["channelData"] == {"tenant": {"id": "t"}}


async def test_accepted_without_an_id_gives_none(wire: Wire) -> None:
    wire.teams.does(AcceptedWithoutId())
    assert await wire.connector.send(wire.teams.url, "c", TEXT) is None


@pytest.mark.parametrize(
    ("given", "seconds"),
    [(None, None), ("7", 7), ("1.5", 1.5), ("-3", 0), ("999999", 3600), ("soon", None), ("nan", None)],
)
async def test_retry_after_in_seconds(wire: Wire, given: str | None, seconds: float | None) -> None:
    wire.teams.fails(429, "Throttled", retry_after=given)
    error = await failure_of(wire.connector.send(wire.teams.url, "c", TEXT))
    assert (error.status, error.code, error.retry_after) == (429, "Throttled", seconds)
    assert not error.unknown


async def test_retry_after_as_a_date_counts_from_the_answers_own_date(wire: Wire) -> None:
    async def throttled(_: web.Request) -> web.Response:
        headers = {"Date": "Tue, 24 Nov 2026 09:00:00 GMT", "Retry-After": "Tue, 24 Nov 2026 09:00:20 GMT"}
        return web.Response(status=503, headers=headers, text="<html>")

    url = await serve(wire, throttled)
    error = await failure_of(wire.connector.send(url, "c", TEXT))
    assert (error.status, error.code, error.retry_after) == (503, None, 20)


async def test_a_redirect_is_not_followed(wire: Wire) -> None:
    async def elsewhere(_: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(wire.teams.url + "v3/conversations/c/activities")

    error = await failure_of(wire.connector.send(await serve(wire, elsewhere), "c", TEXT))
    assert error.status == 307
    assert not wire.teams.calls


@pytest.mark.parametrize("fault", [AnswerLost(), CutOff(), Slow(seconds=1)])
async def test_a_lost_answer_leaves_the_outcome_unknown(
    wire: Wire, fault: AnswerLost | CutOff | Slow
) -> None:
    wire.teams.does(fault)
    error = await failure_of(wire.connector.send(wire.teams.url, "c", TEXT))
    assert (error.status, error.unknown) == (None, True)


async def test_a_connection_that_is_refused_delivered_nothing(wire: Wire) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        error = await failure_of(wire.connector.send(url, "c", TEXT))
    assert (error.status, error.unknown) == (None, False)


async def test_a_server_that_accepts_and_never_reads_leaves_the_outcome_unknown(wire: Wire) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        error = await failure_of(wire.connector.send(url, "c", TEXT))
    assert error.unknown


async def test_no_token_goes_to_an_address_that_is_not_allowed(wire: Wire) -> None:
    asked = CountingTokens()
    connector = Connector(wire.session, asked, ServiceUrls(local=False))
    error = await failure_of(connector.send(wire.teams.url, "c", TEXT))
    assert error.code == "ServiceUrlRefused"
    assert asked.times == 0
    assert not wire.teams.calls


async def test_without_a_token_nothing_is_sent(wire: Wire) -> None:
    connector = Connector(wire.session, NoTokens(), LOCAL)
    error = await failure_of(connector.send(wire.teams.url, "c", TEXT))
    assert (error.code, error.unknown) == ("TokenUnavailable", False)
    assert not wire.teams.calls


async def test_errors_and_logs_tell_neither_token_nor_text(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    connector = Connector(wire.session, CountingTokens(), LOCAL)
    wire.teams.fails(400, "BadSyntax")
    error = await failure_of(connector.send(wire.teams.url, "c", TEXT))
    assert wire.teams.calls[0].authorization == "Bearer secret-1"
    for told in (str(error), caplog.text):
        assert "secret" not in told
        assert "åäö" not in told


class CountingTokens(NoCredentials):
    times = 0

    async def authorization(self) -> str:
        self.times += 1
        return f"Bearer secret-{self.times}"


class NoTokens(NoCredentials):
    async def authorization(self) -> str:
        raise TokenUnavailableError("none")


async def serve(wire: Wire, answer: Callable[[web.Request], Awaitable[web.Response]]) -> str:
    """The address of another server, which answers every call alike."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    wire.others.append(runner)
    return f"http://127.0.0.1:{runner.addresses[0][1]}"
