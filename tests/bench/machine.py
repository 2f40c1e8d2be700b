"""Where it was measured: numbers of one machine say nothing about another."""

import os
import platform
from pathlib import Path


def machine(data: Path) -> str:
    """Cores that this process may use, CPU, Python, kernel, and the file system that ``data`` lies on."""
    return (
        f"{len(os.sched_getaffinity(0))} cores of {_cpu()}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()}, data on {file_system(data, _mounts())}"
    )


def _cpu() -> str:
    for line in _lines("/proc/cpuinfo"):
        name, _, value = line.partition(":")
        if name.strip() in {"model name", "Model", "Hardware"} and value.strip():
            return value.strip()
    return platform.processor() or platform.machine()


def _mounts() -> list[tuple[str, str]]:
    fields = [line.split() for line in _lines("/proc/mounts")]
    return [(one[1].replace("\\040", " "), one[2]) for one in fields if len(one) > 2]


def file_system(path: Path, mounts: list[tuple[str, str]]) -> str:
    """The type of the innermost mount that holds the path; of two on one place the later one counts."""
    where = path.resolve()
    holding = [(len(Path(at).parts), kind) for at, kind in mounts if where.is_relative_to(at)]
    depth = max((depth for depth, _ in holding), default=0)
    return next((kind for found, kind in reversed(holding) if found == depth), "an unknown file system")


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
