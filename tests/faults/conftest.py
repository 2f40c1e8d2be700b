"""What the fault tests break things on."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest


@pytest.fixture
async def small_disk(tmp_path: Path) -> AsyncIterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    if await ran("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)):
        pytest.skip("a file system of its own can only be mounted as root")
    yield place
    await ran("umount", str(place))


async def ran(*command: str) -> int:
    try:
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    except OSError:
        return 1
    return await process.wait()
