"""The programs that are measured, each in a process of its own on a free loopback port."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
AGENTS = HERE.parent.parent / "build" / "bench-agents"
AGENTS_PACKAGE = "microsoft-agents-hosting-aiohttp==1.9.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    name: str
    port: int
    process: subprocess.Popen[bytes]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(name: str, program: list[str], environ: Mapping[str, str]) -> Iterator[Server]:
    """The program answering on its port, stopped at the end. Its words go to the terminal if it fails."""
    port = free_port()
    process = subprocess.Popen(
        program,
        cwd=HERE.parent.parent,
        env={**os.environ, **environ, "PORT": str(port), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        _wait(name, process, port)
        yield Server(name=name, port=port, process=process)
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=10)
        process.kill()


def _wait(name: str, process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if process.poll() is not None:
            said = process.stderr.read().decode() if process.stderr else ""
            raise RuntimeError(f"{name} did not start:\n{said[-2000:]}")
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"{name} did not answer within 180 s")


def peer(name: str, **environ: str) -> contextlib.AbstractContextManager[Server]:
    return serving(name, [sys.executable, str(HERE / "peers" / f"{name}.py")], environ)


def agents() -> contextlib.AbstractContextManager[Server]:
    """microsoft-agents in an environment of its own, made at the first run: it pins other versions."""
    python = AGENTS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(AGENTS)], check=True)
        quiet = [str(python), "-m", "pip", "install", "--quiet", AGENTS_PACKAGE]
        subprocess.run(quiet, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return serving("agents_invoke", [str(python), str(HERE / "peers" / "agents_invoke.py")], {})


def ours(cases: int, data: Path, **environ: str) -> contextlib.AbstractContextManager[Server]:
    program = [sys.executable, "-m", "tests.bench.ours"]
    return serving("ours", program, {"CASES": str(cases), "DATA": str(data), **environ})
