"""What the soak looks at in the bot's process: memory, open files, tasks, and the longest stall of its loop."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """``resident`` in bytes, ``stall`` in seconds since the start."""

    resident: int
    files: int
    threads: int
    stall: float


async def look(pid: int, http: aiohttp.ClientSession, url: str) -> Look:
    async with http.get(f"{url}/metrics") as answer:
        page = await answer.text()
    return await asyncio.to_thread(_look, pid, page)


def _look(pid: int, page: str) -> Look:
    status = Path(f"/proc/{pid}/status").read_text()
    return Look(
        resident=1024 * int(status.partition("VmRSS:")[2].split()[0]),
        threads=int(status.partition("Threads:")[2].split()[0]),
        files=len(list(Path(f"/proc/{pid}/fd").iterdir())),
        stall=figure(page, "riktlinjebot_loop_longest_stall_seconds"),
    )


def figure(page: str, name: str) -> float:
    """The value of a figure without labels."""
    return next(float(line.split()[1]) for line in page.splitlines() if line.startswith(f"{name} "))


def growth(looks: list[Look]) -> float:
    """Bytes that the last third holds more than the middle one; the first warms up."""
    third = len(looks) // 3
    middle, last = looks[third : 2 * third], looks[2 * third :]
    return median(one.resident for one in last) - median(one.resident for one in middle)
