"""``/metrics`` as Prometheus reads it: what happened, what waits and since when, and nobody's name."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from bot.figures import Figures
from storage.store import Store
from tests.postgres import Postgres
from tests.scenario.world import World, a_flag, a_world, object_id

TOKEN = "a token for Prometheus".replace(" ", "-")
Series = dict[tuple[str, str], float]


async def figures(world: World, **headers: str) -> Series:
    """By the metric's name without ``riktlinjebot_`` and its label's value; only those that the bot makes itself."""
    async with world.http.get(f"{world.url}/metrics", headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        text = await answer.text()
    return {
        (sample.name.removeprefix("riktlinjebot_"), "".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("riktlinjebot_") and not sample.name.endswith("_created")
    }


@pytest.fixture(params=["embedded", "postgres"])
async def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """The world with its record in each kind of store."""
    url = f"tinydb:{tmp_path / 'data'}"
    if request.param == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.place()
    async with a_world(tmp_path / "none", STORAGE_URL=url) as world:
        yield world


def states(found: Series) -> tuple[float, ...]:
    return tuple(found["cases", state] for state in ("decision", "removal", "settled"))


async def test_cases_are_told_by_what_they_wait_for_and_since_when(anywhere: World) -> None:
    world = anywhere
    await world.arrive("admin")
    first = await world.flag()
    world.clock.forward(minutes=10)
    second = await world.flag()
    world.clock.forward(minutes=5)
    found = await figures(world)
    assert states(found) == (2, 0, 0)
    assert found["oldest_open_case_seconds", "decision"] == 15 * 60
    card = await world["admin"].waits_for(first)
    await world["admin"].clicks(card, "Radera", ground="svordomar", reason="Könsord.")
    world.clock.forward(minutes=1)
    found = await figures(world)
    assert states(found) == (1, 1, 0)
    assert found["oldest_open_case_seconds", "decision"] == 6 * 60
    assert found["oldest_open_case_seconds", "removal"] == 60
    assert found["registrations_owed", ""] == 1
    await world["admin"].sends(world["admin"].invoke("applied", {"case": first, "version": 2}))
    await world["admin"].clicks(await world["admin"].waits_for(second), "Behåll")
    found = await figures(world)
    assert states(found) == (0, 0, 2)
    assert found["oldest_open_case_seconds", "decision"] == 0


async def test_what_the_outbox_owes_is_told_with_its_age(anywhere: World) -> None:
    world = anywhere
    await world.arrive("admin")
    before = await figures(world)
    await world.flag()
    world.clock.forward(seconds=30)
    found = await figures(world)
    assert found["outbox_messages", ""] == before["outbox_messages", ""] + 2, "the channel's two admins"
    assert found["outbox_oldest_seconds", ""] == 30
    await world.settle()
    found = await figures(world)
    assert (found["outbox_messages", ""], found["outbox_oldest_seconds", ""]) == (0, 0)
    assert found["sends_total", "sent"] == before["sends_total", "sent"] + 1
    assert found["sends_total", "unreachable"] == before["sends_total", "unreachable"] + 1


async def test_a_send_that_teams_refuses_for_now_is_told(world: World) -> None:
    await world.arrive("admin")
    world.connector.fails(429, retry_after=60, times=1)
    await world.flag()
    await world.settle()
    found = await figures(world)
    assert found["sends_total", "postponed"] == 1
    assert found["connector_answers_total", "429"] == 1
    assert found["outbox_messages", ""] >= 1


async def test_decisions_answers_flags_and_refusals_are_counted_by_kind(world: World) -> None:
    await world.arrive("admin")
    before = await figures(world)
    card = await world["admin"].waits_for(await world.flag())
    click = world["admin"].click(card, "Behåll")
    for _ in range(2):  # the same delivery twice is one decision
        await world["admin"].sends(click)
    await world["admin"].clicks(card, "Radera", ground="svordomar")
    await world["personal"].sends(world["personal"].invoke("decide", {"case": "SM-2026-0001"}))
    await world["admin"].says("Måste raderade inlägg diarieföras?")
    await world["admin"].says("Vad kostar en glass?")
    found = await figures(world)
    changed = {name: value - before[name] for name, value in found.items() if name[0] in COUNTED}
    assert {name: value for name, value in changed.items() if value} == {
        ("decisions_total", "keep"): 1,
        ("answers_total", "answer"): 1,
        ("answers_total", "not_in_guideline"): 1,
        ("flags_total", "person"): 1,
        ("refusals_total", "already_decided"): 1,
        ("refusals_total", "bad_payload"): 1,
    }


COUNTED = {"decisions_total", "answers_total", "flags_total", "refusals_total"}


async def test_no_series_comes_from_outside_and_none_names_anybody(world: World) -> None:
    await world.arrive("admin")
    before = await figures(world)
    await world.flag({"text": "Hemsk text", "author": "Invånare ett"})
    await world.post_flag(a_flag(channel="Hemsk kanal"))
    await world["admin"].says("Hemsk fråga?")
    await world["admin"].sends(world["admin"].invoke("Hemskt verb", {"kind": "Hemsk sort"}))
    await world["admin"].sends(world["admin"].invoke("decide", {"case": "SM-2026-0001", "kind": "Hemsk"}))
    async with world.http.get(f"{world.url}/metrics") as answer:
        text = await answer.text()
    for secret in ("Hemsk", "SM-2026", object_id("admin"), "Administratör", "facebook-haninge", "a:admin"):
        assert secret not in text
    assert not {name for name, _ in set(await figures(world)) - set(before)} - {"connector_answers_total"}


class Asked:
    """A store that notes what was asked of it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked: list[tuple[str, ...]] = []

    def __getattr__(self, name: str) -> Any:
        async def ask(*arguments: Any) -> Any:
            self.asked.append((name, *arguments))
            return await getattr(self.store, name)(*arguments)

        return ask


async def test_no_case_is_opened_to_be_counted(world: World) -> None:
    for _ in range(3):
        await world.flag()
    asked = Asked(world.bot.services.store)
    await Figures(CollectorRegistry(), cast("Store", asked), world.clock).look()
    assert {one for one in asked.asked if one[0] in {"select", "get", "load"}} == {("select", "counters")}
    assert len(asked.asked) < 10


@asynccontextmanager
async def both(tmp_path: Path) -> AsyncIterator[tuple[World, World]]:
    async with a_world(tmp_path / "one") as one, a_world(tmp_path / "two") as two:
        yield one, two


async def test_two_bots_in_one_process_count_for_themselves(tmp_path: Path) -> None:
    async with both(tmp_path) as (one, two):
        await one.flag()
        assert (await figures(one))["flags_total", "person"] == 1
        assert (await figures(two))["flags_total", "person"] == 0


# Who may read it ---------------------------------------------------------------------------------------------


async def status(world: World, **headers: str) -> int:
    async with world.http.get(f"{world.url}/metrics", headers=headers) as answer:
        return answer.status


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
async def test_whoever_comes_through_a_proxy_is_not_told_the_figures(world: World, name: str) -> None:
    assert await status(world) == 200
    assert await status(world, **{name: "192.0.2.1"}) == 403


@pytest.mark.parametrize("host", ["bot.example.se", "192.0.2.1:3978", "[::", "127.0.0.1.example.se"])
async def test_the_figures_are_not_told_under_another_name(world: World, host: str) -> None:
    assert await status(world, Host=host) in {400, 403}


async def test_with_a_token_only_those_who_have_it_are_told(tmp_path: Path) -> None:
    async with a_world(tmp_path / "data", METRICS_TOKEN=TOKEN) as world:
        proxied = {"X-Forwarded-For": "192.0.2.1", "Host": "bot.example.se"}
        assert await status(world, Authorization=f"Bearer {TOKEN}", **proxied) == 200
        for given in ("", "Bearer", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer å"):
            assert await status(world, **({"Authorization": given} if given else {})) == 401
