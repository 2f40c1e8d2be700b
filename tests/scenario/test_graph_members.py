"""Group members from Microsoft Graph at the wire: whole or not at all, and no faster than Graph will have it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.teams.connector import open_session
from bot.teams.credentials import EntraTokens, secret_credential
from bot.teams.graph import BAD_ANSWER, FOREIGN_LINK, Graph, GraphError
from bot.teams.tokens import NoCredentials
from tests.fakes.entra import FakeEntra
from tests.fakes.graph import FakeGraph, device, user

GROUP = "00000000-0000-0000-0000-0000000000a1"


def member(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012d}"


@dataclass(frozen=True, kw_only=True)
class Wire:
    graph: FakeGraph
    client: Graph


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with FakeGraph() as graph, open_session() as session:
        yield Wire(graph=graph, client=Graph(session, NoCredentials(), url=graph.url))


async def test_users_come_with_id_and_name_and_nothing_else_does(wire: Wire) -> None:
    wire.graph.groups[GROUP] = [
        user(member(1).upper(), "Administratör Ett"),
        device(member(2)),
        user(member(3), None),
    ]
    people = await wire.client.members(GROUP)
    assert [(one.id, one.name) for one in people] == [(member(1), "Administratör Ett"), (member(3), "")]
    (call,) = wire.graph.calls
    assert (call.query["$select"], call.query["$top"]) == ("id,displayName", "999")


async def test_every_page_is_fetched(wire: Wire) -> None:
    wire.graph.page = 7
    wire.graph.groups[GROUP] = [user(member(number), f"Person {number}") for number in range(1, 24)]
    people = await wire.client.members(GROUP)
    assert [one.id for one in people] == [member(number) for number in range(1, 24)]
    assert len(wire.graph.calls) == 4


async def test_a_member_who_is_there_through_two_groups_is_there_once(wire: Wire) -> None:
    wire.graph.groups[GROUP] = [user(member(1), "Ett"), user(member(1), "Ett")]
    assert len(await wire.client.members(GROUP)) == 1


@pytest.mark.parametrize(
    "link",
    [
        "https://graph.example.com/v1.0/groups/x/transitiveMembers?$skiptoken=1",
        "http://127.0.0.1:1/v1.0/next",
        "http://somebody@{host}/v1.0/next",
        "//graph.example.com/next",
        "/v1.0/next",
        "http://[",
        "",
    ],
)
async def test_a_next_link_that_leads_elsewhere_is_not_followed(wire: Wire, link: str) -> None:
    wire.graph.page = 1
    wire.graph.groups[GROUP] = [user(member(1), "Ett"), user(member(2), "Två")]
    wire.graph.next_link = link.replace("{host}", wire.graph.url.removeprefix("http://")) or "?"
    with pytest.raises(GraphError) as error:
        await wire.client.members(GROUP)
    assert error.value.code == FOREIGN_LINK
    assert len(wire.graph.calls) == 1


async def test_links_in_a_circle_end(wire: Wire) -> None:
    wire.graph.page = 1
    wire.graph.groups[GROUP] = [user(member(1), "Ett"), user(member(2), "Två")]
    wire.graph.next_link = f"{wire.graph.url}/v1.0/groups/{GROUP}/transitiveMembers?$skiptoken=0"
    with pytest.raises(GraphError) as error:
        await wire.client.members(GROUP)
    assert error.value.code == BAD_ANSWER


async def test_a_throttled_call_waits_as_long_as_it_is_told(wire: Wire) -> None:
    wire.graph.groups[GROUP] = [user(member(1), "Ett")]
    wire.graph.fails(429, retry_after=0.3)
    wire.graph.fails(503, retry_after=0.2)
    assert len(await wire.client.members(GROUP)) == 1
    first, second, third = wire.graph.calls
    assert second.at - first.at >= 0.3
    assert third.at - second.at >= 0.2


async def test_a_long_wait_is_left_to_the_next_round(wire: Wire) -> None:
    wire.graph.groups[GROUP] = [user(member(1), "Ett")]
    wire.graph.fails(429, retry_after=120)
    with pytest.raises(GraphError) as error:
        await wire.client.members(GROUP)
    assert (error.value.status, error.value.retry_after) == (429, 120)
    assert len(wire.graph.calls) == 1


async def test_who_is_throttled_again_and_again_gives_up(wire: Wire) -> None:
    wire.graph.groups[GROUP] = [user(member(1), "Ett")]
    wire.graph.fails(429, times=None, retry_after=0)
    with pytest.raises(GraphError):
        await wire.client.members(GROUP)
    assert len(wire.graph.calls) == 4


@pytest.mark.parametrize(("status", "about"), [(404, True), (403, True), (401, False), (500, False)])
async def test_a_refusal_is_told_at_once_and_whether_other_groups_may_fare_better(
    wire: Wire, status: int, about: bool
) -> None:
    wire.graph.fails(status)
    with pytest.raises(GraphError) as error:
        await wire.client.members(GROUP)
    assert (error.value.status, error.value.about_the_group) == (status, about)
    assert len(wire.graph.calls) == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"value": {}}',
        '{"value": [null]}',
        '{"value": [{"id": "00000000-0000-0000-0000-000000000001"}]}',
        '{"value": [{"@odata.type": "#microsoft.graph.user"}]}',
        '{"value": [{"@odata.type": "#microsoft.graph.user", "id": "ett"}]}',
    ],
)
async def test_half_an_answer_is_none(wire: Wire, body: str) -> None:
    wire.graph.groups[GROUP] = []
    wire.graph.body = body
    with pytest.raises(GraphError) as error:
        await wire.client.members(GROUP)
    assert error.value.code == BAD_ANSWER


async def test_a_graph_that_is_not_there_is_told(wire: Wire) -> None:
    await wire.graph.__aexit__()
    with pytest.raises(GraphError) as error:
        await wire.client.members(GROUP)
    assert error.value.status is None
    assert not error.value.about_the_group


async def test_the_token_is_entras_for_graph_and_fetched_once() -> None:
    async with (
        FakeEntra() as entra,
        entra.session() as to_entra,
        FakeGraph(authorization="Bearer token-1") as graph,
        open_session() as session,
    ):
        graph.groups[GROUP] = [user(member(1), "Ett")]
        credential = secret_credential(
            tenant="tenant", app_id="app", secret="hemlig", session=to_entra, authority=entra.authority
        )
        tokens = EntraTokens(credential, scope="https://graph.microsoft.com/.default")
        client = Graph(session, tokens, url=graph.url)
        for _ in range(3):
            assert len(await client.members(GROUP)) == 1
        await client.close()
        assert [one["scope"].split()[0] for one in entra.requests] == ["https://graph.microsoft.com/.default"]


async def test_without_a_token_graph_is_not_asked() -> None:
    async with (
        FakeEntra() as entra,
        entra.session() as to_entra,
        FakeGraph() as graph,
        open_session() as session,
    ):
        entra.status = 401
        credential = secret_credential(
            tenant="tenant", app_id="app", secret="hemlig", session=to_entra, authority=entra.authority
        )
        client = Graph(session, EntraTokens(credential), url=graph.url)
        with pytest.raises(GraphError):
            await client.members(GROUP)
        await client.close()
        assert not graph.calls
