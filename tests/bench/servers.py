"""The programs that are measured, each in a process of its own on a free loopback port."""

import contextlib
import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build"
AGENTS = BUILD / "bench-agents"
AGENTS_PACKAGE = "microsoft-agents-hosting-aiohttp==1.9.0"
_PORTS = (20_000, 30_000)
_PATIENCE = 900.0
"""Seconds until a program must answer: the bot takes in 100 000 cases first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    name: str
    port: int
    process: subprocess.Popen[bytes]

    def told(self) -> Any:
        """What it says at ``GET /bench``."""
        return json.loads(_get(self.port, "/bench"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What stands around the bot; ``service_url`` is the connector's address, ``token`` good for an hour."""

    service_url: str
    metadata_url: str
    token: str


class Unavailable(Exception):
    """A peer that cannot be had on this machine."""


def free_port() -> int:
    """Below the range that the system gives out itself: nobody may take it while its program still prepares."""
    while True:
        port = random.randrange(*_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def serving(name: str, program: list[str], environ: Mapping[str, str]) -> Iterator[Server]:
    """The program answering on its port, stopped at the end. What it said goes with whatever goes wrong."""
    port = free_port()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            program,
            cwd=ROOT,
            env={**os.environ, **environ, "PORT": str(port), "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            if not _answers(process, port):
                raise RuntimeError(f"{name} did not start")
            yield Server(name=name, port=port, process=process)
        except Exception as error:
            said.seek(0)
            error.add_note(f"{name} said:\n{said.read().decode()[-2000:]}")
            raise
        finally:
            _stop(process)


def _answers(process: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            _get(port, "/healthz")
            return True
        time.sleep(0.05)
    return False


def _get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
        return
    process.kill()
    process.wait()


def peer(name: str, **environ: str) -> contextlib.AbstractContextManager[Server]:
    return serving(name, [sys.executable, str(HERE / "peers" / f"{name}.py")], environ)


def obvious(cases: int, data: Path) -> contextlib.AbstractContextManager[Server]:
    data.mkdir(parents=True)
    return peer("obvious_build", CASES=str(cases), DATA=str(data))


def agents() -> contextlib.AbstractContextManager[Server]:
    """microsoft-agents in an environment of its own, made at the first run: it pins other versions."""
    python, whole = AGENTS / "bin" / "python", AGENTS / AGENTS_PACKAGE
    if not whole.exists():
        _install(python)
        whole.touch()
    return serving("agents_invoke", [str(python), str(HERE / "peers" / "agents_invoke.py")], {})


def _install(python: Path) -> None:
    shutil.rmtree(AGENTS, ignore_errors=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", AGENTS_PACKAGE]
    for program in ([sys.executable, "-m", "venv", str(AGENTS)], pip):
        done = subprocess.run(program, check=False, capture_output=True)
        if done.returncode:
            raise Unavailable(f"{AGENTS_PACKAGE} could not be installed")


@contextlib.contextmanager
def wire() -> Iterator[Wire]:
    with serving("wire", [sys.executable, "-m", "tests.bench.wire"], {}) as server:
        yield Wire(**server.told())


def ours(cases: int, data: Path, wire: Wire) -> contextlib.AbstractContextManager[Server]:
    environ = {"BOT_OPENID_METADATA_URL": wire.metadata_url, "SERVICE_URL": wire.service_url}
    program = [sys.executable, "-m", "tests.bench.ours"]
    return serving("ours", program, {**environ, "CASES": str(cases), "DATA": str(data)})
