"""The load: one person clicking on one card after the other over a kept connection, timed one by one."""

import http.client
import itertools
import json
import time
from dataclasses import dataclass, field
from statistics import median

ADMIN = "00000000-0000-0000-0000-000000000001"
TENANT = "00000000-0000-0000-0000-0000000000aa"
_activities = itertools.count(1)


def click(case: str, service_url: str) -> bytes:
    """The approve click, as Teams sends it: keep the post."""
    data = {"case": case, "version": 1, "kind": "keep", "reason": ""}
    activity = {
        "type": "invoke",
        "id": f"f:{next(_activities)}",
        "name": "adaptiveCard/action",
        "channelId": "msteams",
        "serviceUrl": service_url,
        "timestamp": "2026-11-24T10:00:00.000Z",
        "localTimestamp": "2026-11-24T11:00:00.000+01:00",
        "locale": "sv-SE",
        "from": {"id": "29:1-abc", "aadObjectId": ADMIN, "name": "Administratör ett"},
        "recipient": {"id": "28:bot", "name": "Riktlinjeboten"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "entities": [{"type": "clientInfo", "locale": "sv-SE", "country": "SE", "platform": "Web"}],
        "replyToId": "1700000000000",
        "value": {
            "action": {"type": "Action.Execute", "title": "Behåll", "verb": "decide", "data": data},
            "trigger": "manual",
        },
    }
    return json.dumps(activity).encode()


@dataclass(kw_only=True)
class Clicker:
    """Clicks on the server's cases in order, never twice on the same one; times are in seconds."""

    name: str
    port: int
    service_url: str = "http://127.0.0.1:9/"
    token: str = ""
    first: int = 1
    rounds: list[list[float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._cases = itertools.count(self.first)
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def warm_up(self, times: int = 20) -> None:
        for _ in range(times):
            self._one()

    def round(self, times: int) -> None:
        self.rounds.append([self._one() for _ in range(times)])

    def _one(self) -> float:
        body = click(f"SM-2026-{next(self._cases):04d}", self.service_url)
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        began = time.perf_counter()
        self._connection.request("POST", "/api/messages", body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200 or b"card.adaptive" not in text or b"SM-2026-9999999" in text:
            raise RuntimeError(f"{self.name}: {answer.status} {text[:300]!r}")
        return took

    @property
    def p50(self) -> float:
        """The median of the rounds' medians, in seconds."""
        return median(median(one) for one in self.rounds)


def interleaved(clickers: list[Clicker], *, rounds: int, times: dict[str, int]) -> None:
    """Round after round, each program in turn, so that the machine's moods hit all of them alike."""
    for one in clickers:
        one.warm_up(min(20, times[one.name]))
    for _ in range(rounds):
        for one in clickers:
            one.round(times[one.name])
