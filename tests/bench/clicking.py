"""The load: people clicking on one card after the other over kept connections, each click timed by itself."""

import http.client
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.bench.people import TENANT, clicker_of
from tests.bench.table import p50

APP_ID = "11111111-2222-3333-4444-555555555555"
BOT = "28:bot"
LOCALE = "sv-SE"
WARM_UP = 20
_activities = itertools.count(1)


def designation(number: int) -> str:
    return f"SM-2026-{number:04d}"


def card_of(case: str, person: str) -> str:
    """The activity that brought the person the case's card: what is clicked on is the copy that the bot sent."""
    return f"card-{case}-{person}"


def click(number: int, service_url: str) -> bytes:
    """The approve click, as Teams sends it: keep the post."""
    case, admin = designation(number), clicker_of(number)
    data = {"case": case, "version": 1, "kind": "keep", "reason": ""}
    activity = {
        "type": "invoke",
        "id": f"f:{next(_activities)}",
        "name": "adaptiveCard/action",
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
        "replyToId": card_of(case, admin.object_id),
        "value": {
            "action": {"type": "Action.Execute", "title": "Behåll", "verb": "decide", "data": data},
            "trigger": "manual",
        },
    }
    return json.dumps(activity).encode()


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
    rounds: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cases = itertools.count(self.first)
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._headers = {"Content-Type": "application/json"}
        if self.token:
            self._headers["Authorization"] = f"Bearer {self.token}"

    def warm_up(self, times: int = WARM_UP) -> None:
        for _ in range(times):
            self._one()

    def round(self, times: int) -> None:
        self.rounds.append([self._one() for _ in range(times)])

    def _one(self) -> float:
        body = click(next(self._cases), self.service_url)
        began = time.perf_counter()
        self._connection.request("POST", "/api/messages", body, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200 or self.expects not in json.dumps(json.loads(text), ensure_ascii=False):
            raise RuntimeError(f"{self.name}: {answer.status} {text[:2000].decode()}")
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
