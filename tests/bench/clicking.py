"""The load: people clicking on one card after the other over kept connections, each click timed by itself.

A plain socket, since the standard library's HTTP client takes longer to read an answer than some servers to make it.
Between two clicks somebody looks at the next card, if only for ``PAUSE``: in that time the outbox sends the other
copies' updates, which belong to no click.
"""

import itertools
import json
import socket
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.domain.zone import local_day
from tests.bench.people import TENANT, Admin, clicker_of
from tests.bench.table import p50

BOT = "28:bot"
LOCALE = "sv-SE"
WARM_UP = 20
PAUSE = 0.006
"""Seconds."""
_YEAR = local_day(datetime.now(UTC)).year
_activities = itertools.count(1)


def designation(number: int) -> str:
    return f"SM-{_YEAR}-{number:04d}"


def message(text: str, admin: Admin, service_url: str) -> bytes:
    """Something that somebody writes to the bot."""
    return json.dumps({**_envelope(admin, service_url), "type": "message", "text": text}).encode()


def card_of(case: str, person: str) -> str:
    """The activity that brought the person the case's card: what is clicked on is the copy that the bot sent."""
    return f"card-{case}-{person}"


def click(number: int, service_url: str, admin: Admin | None = None) -> bytes:
    """The approve click, as Teams sends it: keep the post."""
    case, admin = designation(number), admin or clicker_of(number)
    data = {"case": case, "version": 1, "kind": "keep", "reason": ""}
    activity = {
        **_envelope(admin, service_url),
        "type": "invoke",
        "name": "adaptiveCard/action",
        "replyToId": card_of(case, admin.object_id),
        "value": {
            "action": {"type": "Action.Execute", "title": "Behåll", "verb": "decide", "data": data},
            "trigger": "manual",
        },
    }
    return json.dumps(activity).encode()


def _envelope(admin: Admin, service_url: str) -> dict[str, object]:
    return {
        "id": f"f:{next(_activities)}",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "timestamp": "2026-11-24T10:00:00.000Z",
        "localTimestamp": "2026-11-24T11:00:00.000+01:00",
        "locale": LOCALE,
        "from": {"id": admin.user, "aadObjectId": admin.object_id, "name": f"Administratör {admin.number}"},
        "recipient": {"id": BOT, "name": "Riktlinjeboten"},
        "conversation": {"id": admin.conversation, "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "entities": [{"type": "clientInfo", "locale": LOCALE, "country": "SE", "platform": "Web"}],
    }


class Door:
    """One kept connection to ``/api/messages``."""

    def __init__(self, port: int, token: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        authorization = f"Authorization: Bearer {token}\r\n" if token else ""
        self._head = (
            f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\n{authorization}Content-Length: "
        ).encode()

    def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of an answer that tells its length."""
        self._socket.sendall(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))
        got = self._socket.recv(1 << 16)
        while (ends := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = got[:ends].lower()
        length = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0] or 0)
        whole = ends + 4 + length
        while len(got) < whole:
            got += self._more()
        return int(head[9:12]), got[ends + 4 : whole]

    def _more(self) -> bytes:
        more = self._socket.recv(1 << 16)
        if not more:
            raise ConnectionError("the server hung up")
        return more


@dataclass(kw_only=True)
class Clicker:
    """Clicks on the server's cases in order, never twice on the same one. ``expects`` is what the card that
    comes back must say, so that a quick refusal never counts; times are in seconds."""

    name: str
    port: int
    expects: str
    service_url: str = "http://127.0.0.1:9/"
    token: str = ""
    first: int = 1
    pause: float = PAUSE
    rounds: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cases = itertools.count(self.first)
        self._door = Door(self.port, self.token)

    def warm_up(self, times: int = WARM_UP) -> None:
        for _ in range(times):
            self._one()

    def round(self, times: int) -> None:
        self.rounds.append([self._one() for _ in range(times)])

    def _one(self) -> float:
        body = click(next(self._cases), self.service_url)
        time.sleep(self.pause)
        began = time.perf_counter()
        status, text = self._door.post(body)
        took = time.perf_counter() - began
        if status != 200 or self.expects not in json.dumps(json.loads(text), ensure_ascii=False):
            raise RuntimeError(f"{self.name}: {status} {text[:2000].decode()}")
        return took

    @property
    def p50(self) -> float:
        """The median of the rounds' medians, in seconds."""
        return p50(self.rounds)


def interleaved(clickers: Sequence[Clicker], *, rounds: int, times: Mapping[str, int]) -> None:
    """Round after round, each program in turn, so that the machine's moods hit all of them alike."""
    for one in clickers:
        one.warm_up(min(WARM_UP, times[one.name]))
    for _ in range(rounds):
        for one in clickers:
            one.round(times[one.name])


def together(clickers: Sequence[Clicker], times: int) -> None:
    """One round in which all click at the same time, each over a connection of its own."""
    with ThreadPoolExecutor(len(clickers)) as threads:
        for done in [threads.submit(one.round, times) for one in clickers]:
            done.result()
