"""The groups that the roles are left to, and what is said of them again and again."""

from pathlib import Path
from typing import Any

from tests.fakes.graph import FakeGraph
from tests.scenario.world import World

ADMINS = "00000000-0000-0000-0000-0000000000a1"
REGISTRARS = "00000000-0000-0000-0000-0000000000a2"
COMMUNICATIONS = "00000000-0000-0000-0000-0000000000a3"
HEAD = "00000000-0000-0000-0000-0000000000a4"
REASON = "Grovt personangrepp mot en namngiven person."
TOO_OLD = "Boten har länge inte fått veta vilka roller som gäller"


def environ(graph: FakeGraph, file: Path) -> dict[str, Any]:
    return {"GRAPH_URL": graph.url, "ORGANISATION_FILE": str(file)}


async def ask_again(world: World) -> None:
    assert world.bot.graph is not None
    await world.bot.graph.refresh()


def deleting(case: str, version: int = 1) -> dict[str, Any]:
    return {"case": case, "version": version, "kind": "delete", "ground": "personangrepp", "reason": REASON}
