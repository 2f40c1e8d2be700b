"""The demonstration with its roles left to Entra groups, and the Graph that knows who is in them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.settings import SHIPPED_ORGANISATION
from tests.fakes.graph import FakeGraph, user
from tests.scenario.directory.groups import ADMINS, COMMUNICATIONS, HEAD, REGISTRARS, environ
from tests.scenario.world import World, a_world, object_id


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The demonstration, its roles on Facebook and in kommunstyrelseförvaltningen left to groups."""
    text = SHIPPED_ORGANISATION.read_text(encoding="utf-8")
    one, two, chef, comms, registrar = (f"00000000-0000-0000-0000-00000000000{n}" for n in range(1, 6))
    for old, group in (
        (f"admins: [{one}, {two}]", f"admins: {{group: {ADMINS}}}"),
        (f"registrars: [{registrar}]", f"registrars: {{group: {REGISTRARS}}}"),
        (f"members: [{comms}]", f"members: {{group: {COMMUNICATIONS}}}"),
        (f"head: {chef}", f"head:\n      group: {HEAD}"),
    ):
        assert old in text
        text = text.replace(old, group, 1)
    path = tmp_path / "organisation.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    async with FakeGraph() as fake:
        fake.groups = {
            ADMINS: [
                user(object_id("admin"), "Administratör Ett"),
                user(object_id("admin2"), "Administratör Två"),
            ],
            REGISTRARS: [user(object_id("registrator"), "Registrator Ett")],
            COMMUNICATIONS: [user(object_id("kommunikation"), "Kim Karp")],
            HEAD: [user(object_id("chef"), "Cia Chef")],
        }
        yield fake


@pytest.fixture
async def world(tmp_path: Path, graph: FakeGraph, file: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path / "data", **environ(graph, file)) as one:
        yield one
