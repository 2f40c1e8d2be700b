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

from tests.bench.people import environment

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build"
AGENTS = BUILD / "bench-agents"
AGENTS_PACKAGE = "microsoft-agents-hosting-aiohttp==1.9.0"
_PORTS = (20_000, 30_000)
_PATIENCE = 900.0
"""Seconds until a program must answer: the bot takes in 100 000 cases first."""
_SCHEDULED = 2
"""CPUCLOCK_SCHED of include/linux/posix-timers.h."""
_FAREWELL = 60.0
"""Seconds in which a program must end: the bot writes a checkpoint of those cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    name: str
    port: int
    process: subprocess.Popen[bytes]

    def told(self, more: str = "") -> Any:
        """What it says at ``GET /bench``; ``more`` is asked for by name."""
        return json.loads(asked(self.port, f"/bench?{more}"))

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, its own and the kernel's for it, of all its threads.

        By Linux' clock for a process, which counts nanoseconds; /proc tells hundredths of a second.
        """
        return time.clock_gettime(~self.process.pid << 3 | _SCHEDULED)

    @property
    def resident(self) -> int:
        """Bytes of memory that it holds."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return 1024 * int(status.partition("VmRSS:")[2].split()[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around the bot; ``service_url`` is the connector's address, ``token`` good for an hour, ``bad``
    tokens that are not by what is wrong with them; ``certificate`` (PEM) is Entra's, at ``authority``."""

    service_url: str
    metadata_url: str
    token: str
    bad: Mapping[str, str]
    authority: str
    certificate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the programs around have seen so far; a message is a send, a reply or an update."""

    messages: int
    connections: int
    token_requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire(Around):
    """How it is reached, and what it tells of itself."""

    server: Server

    def counted(self) -> Counted:
        return Counted(**json.loads(asked(self.server.port, "/counts")))


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
def serving(
    name: str, program: list[str], environ: Mapping[str, str], *, probe: str = "/healthz"
) -> Iterator[Server]:
    """The program answering on its port, stopped at the end. What it said goes with whatever goes wrong."""
    port = free_port()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            program,
            cwd=ROOT,
            env={**_surroundings(), **environ, "PORT": str(port), "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        try:
            if not _answers(process, port, probe):
                raise RuntimeError(f"{name} did not start")
            yield Server(name=name, port=port, process=process)
        except Exception as error:
            said.seek(0)
            error.add_note(f"{name} said:\n{said.read().decode()[-2000:]}")
            raise
        finally:
            _stop(process)


def _surroundings() -> dict[str, str]:
    """Python keeps what it compiles, unless it is told not to: then each start of ours compiles 400 modules anew, half a
    second, and a peer's, whose modules pip has compiled, does not."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _answers(process: "subprocess.Popen[bytes]", port: int, probe: str) -> bool:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, NotReady):
            asked(port, probe)
            return True
        time.sleep(0.01)
    return False


class NotReady(Exception):
    """It answers, but not yet to this."""


def asked(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    said = answer.read()
    connection.close()
    if answer.status == 503:
        raise NotReady
    return said


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_FAREWELL)
        return
    process.kill()
    process.wait()


def product(data: Path, wire: "Wire") -> contextlib.AbstractContextManager[Server]:
    """The program as its users start it, with the record in ``data``; it fetches its token from the Entra around."""
    settings, trusted = environment(data), data / "entra.pem"
    trusted.write_text(wire.certificate)
    around = {
        "BOT_OPENID_METADATA_URL": wire.metadata_url,
        "AZURE_AUTHORITY_HOST": wire.authority,  # azure-identity's own setting, and OpenSSL's
        "SSL_CERT_FILE": str(trusted),
    }
    return serving("product", [sys.executable, "app.py"], settings | around, probe="/readyz")


def peer(name: str, **environ: str) -> contextlib.AbstractContextManager[Server]:
    return serving(name, [sys.executable, str(HERE / "peers" / f"{name}.py")], environ)


def obvious(cases: int, data: Path) -> contextlib.AbstractContextManager[Server]:
    data.mkdir(parents=True)
    return peer("obvious_build", CASES=str(cases), DATA=str(data))


def floor(data: Path) -> contextlib.AbstractContextManager[Server]:
    data.mkdir(parents=True)
    return peer("floor", DATA=str(data))


def agents(name: str = "agents_invoke", **environ: str) -> contextlib.AbstractContextManager[Server]:
    """microsoft-agents in an environment of its own, made at the first run: it pins other versions."""
    python, whole = AGENTS / "bin" / "python", AGENTS / AGENTS_PACKAGE
    if not whole.exists():
        _install(python)
        whole.touch()
    return serving(name, [str(python), str(HERE / "peers" / f"{name}.py")], environ)


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
        yield Wire(**server.told(), server=server)


def ours(
    cases: int, data: Path, wire: Wire, *, entra: bool = False
) -> contextlib.AbstractContextManager[Server]:
    """The bot with so many cases in a folder; in one that is there already, with what it holds. ``entra``: its own
    tokens come from Entra too."""
    environ = {"BOT_OPENID_METADATA_URL": wire.metadata_url, "SERVICE_URL": wire.service_url}
    if entra:
        environ |= {"ENTRA_AUTHORITY": wire.authority, "ENTRA_CERTIFICATE": wire.certificate}
    program = [sys.executable, "-m", "tests.bench.ours"]
    return serving("ours", program, {**environ, "CASES": str(cases), "DATA": str(data)})
