"""An opinion on what the request was before: the head is told, and the document says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.requests.decision_document import decision_paper
from tests.scenario.request_stage import OPEN, a_stage, applies, request
from tests.scenario.world import World, inputs, words

EARLIER = "Yttrandet gäller ansökan som den var före kompletteringen."


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_stage(tmp_path) as one:
        await one.arrive("admin", "chef", "kommunikation", "kommunikation2", "registrator")
        yield one


async def advised(world: World) -> str:
    name = await applies(world)
    card = await world["kommunikation"].waits_for(name)
    await world["kommunikation"].clicks(card, "Yttra er", opinion="supports", reason="Bra")
    return name


async def paper_said(world: World, name: str) -> str:
    paper = await decision_paper(world.bot.services, await request(world, name))
    assert paper is not None
    return "\n".join(f"{one.label}: {one.value}" for part in paper.parts for one in part.facts)


async def test_what_was_changed_after_the_opinion_is_not_approved_on_its_strength(world: World) -> None:
    name = await advised(world)
    asking = await world["chef"].clicks(await world["chef"].waits_for(name), "Begär komplettering")
    await world["chef"].clicks(asking.card, "Begär komplettering", questions="En annan plattform?")
    card = await world["admin"].waits_for(name)
    other = {**OPEN, "platform": "youtube", "name": "Helt annan", "address": "https://www.youtube.com/@annan"}
    await world["admin"].clicks(card, "Skicka kompletteringen", **other)
    card = await world["chef"].waits_for("Helt annan")
    assert EARLIER in words(card)
    assert "Inget yttrande gäller ansökan som den är nu." in words(card)
    assert "consultation" in inputs(card)
    await world["chef"].clicks(card, "Godkänn")
    assert (await request(world, name)).decision is None
    await world["chef"].clicks(card, "Godkänn", consultation="Vi talades vid på nytt.")
    await world.settle()
    said = await paper_said(world, name)
    assert f"tillstyrker. {EARLIER}" in said
    assert "Vi talades vid på nytt." in said
    assert EARLIER in words(await world["registrator"].asks_for(f"visa {name}"))
