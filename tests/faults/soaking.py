"""What the soak sees of the bot's process, from outside and from within."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.faults.held_up import Turn
from tests.faults.lives import Lives


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """``resident`` in bytes; ``files`` open ones, of which ``sockets`` are connections; ``turns`` the longest of the
    event loop since it was told to begin."""

    resident: int
    files: int
    sockets: int
    threads: int
    tasks: int
    turns: Sequence[Turn]

    @property
    def longest(self) -> Turn:
        return max(self.turns, default=Turn(own=0, work=0, queued=0))

    def __str__(self) -> str:
        return (
            f"{self.resident / 1e6:.1f} MB, {self.files} files ({self.sockets} sockets), {self.threads} threads, "
            f"{self.tasks} tasks"
        )


async def look(world: Lives) -> Look:
    assert world.process
    told = await world.told()
    resident, threads, links = await asyncio.to_thread(_from_outside, world.process.pid)
    return Look(
        resident=resident,
        threads=threads,
        files=len(links),
        sockets=sum(link.startswith("socket:") for link in links),
        tasks=told["tasks"],
        turns=[Turn(**one) for one in told["turns"]],
    )


def _from_outside(pid: int) -> tuple[int, int, list[str]]:
    status = Path(f"/proc/{pid}/status").read_text()
    links = [_link(one) for one in Path(f"/proc/{pid}/fd").iterdir()]
    resident = 1024 * int(status.partition("VmRSS:")[2].split()[0])
    return resident, int(status.partition("Threads:")[2].split()[0]), links


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:  # closed meanwhile
        return ""


def growth(looks: Sequence[Look]) -> float:
    """Bytes that the last third holds more than the middle one; the first warms up."""
    third = len(looks) // 3
    middle, last = looks[third : 2 * third], looks[2 * third :]
    return median(one.resident for one in last) - median(one.resident for one in middle)


def figure(page: str, name: str) -> float:
    """The value of a figure without labels on the page that Prometheus reads."""
    return next(float(line.split()[1]) for line in page.splitlines() if line.startswith(f"{name} "))
