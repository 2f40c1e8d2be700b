"""The world that scenario tests play in: the whole bot over HTTP, with what surrounds it on loopback."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenario.world import World, a_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with a_world(tmp_path / "data") as one:
        yield one
