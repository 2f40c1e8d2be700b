"""A Bot Connector on loopback: keeps what it was sent and fails on demand as Teams does.

async with FakeConnector() as teams:
    teams.fails(429, retry_after=1, times=2)               # the next two calls, whatever they are
    teams.fails(403, "MessageWritesBlocked", when=into("a:admin"), times=None)
    ...
    await teams.wait_for(1)
    assert words(teams.cards_in("a:admin")[0])
"""

import asyncio
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
WINDOWS = ((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0))
"""Calls per conversation and seconds; one call more is a breach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request as it came in. ``operation``: send, reply, update, create, members."""

    operation: str
    conversation: str
    activity_id: str
    activity: Json
    authorization: str | None
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    conversation: str
    activity: Json
    id: str
    at: float
    reply_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Refused with this status before anything happened."""

    status: int
    code: str | None = None
    retry_after: float | str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedWithoutId:
    status: int = 202


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLost:
    """Accepted, and then the connection breaks with no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """The connection breaks and nothing was accepted; the sender cannot tell it from AnswerLost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """Accepted at once, answered only after this many seconds."""

    seconds: float


Fault = Answer | AcceptedWithoutId | AnswerLost | CutOff | Slow
When = Callable[[Call], bool]


def into(conversation: str) -> When:
    return lambda call: call.conversation == conversation


def operation(name: str) -> When:
    return lambda call: call.operation == name


def _any(_: Call) -> bool:
    return True


@dataclass(slots=True, kw_only=True)
class _Plan:
    fault: Fault
    when: When
    left: int | None


@dataclass(slots=True, kw_only=True)
class FakeConnector:
    """``clock`` may run faster than time does. ``behaviour`` is asked for each call that no plan meets.
    ``enforce_quotas`` answers 429 where the quotas are broken; without it ``breaches`` only tells of them.
    ``authorization``: the one header value that is let in; None lets in all."""

    clock: Callable[[], float] = time.monotonic
    behaviour: Callable[[Call], Fault | None] = lambda call: None
    enforce_quotas: bool = False
    per_tenant: int = 50
    authorization: str | None = None

    calls: list[Call] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    updates: list[Sent] = field(default_factory=list)
    conversations: dict[str, str] = field(default_factory=dict)
    members: dict[str, list[Json]] = field(default_factory=dict)
    breaches: list[str] = field(default_factory=list)
    url: str = ""

    _shown: dict[str, dict[str, Json]] = field(default_factory=lambda: defaultdict(dict))
    _plans: list[_Plan] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _peers: set[tuple[str, int]] = field(default_factory=set)
    _recent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        conversation = "/v3/conversations/{conversation}"
        activity = conversation + "/activities/{activity}"
        app.router.add_post("/v3/conversations", self._handler("create", self._create))
        app.router.add_post(conversation + "/activities", self._handler("send", self._send))
        app.router.add_post(activity, self._handler("reply", self._send))
        app.router.add_put(activity, self._handler("update", self._update))
        app.router.add_get(conversation + "/members", self._handler("members", self._members))
        app.router.add_get(conversation + "/pagedmembers", self._handler("members", self._paged))
        app.router.add_get(conversation + "/members/{activity}", self._handler("members", self._member))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    # What a test asks for.

    def fails(
        self,
        status: int,
        code: str | None = None,
        *,
        retry_after: float | str | None = None,
        when: When = _any,
        times: int | None = 1,
    ) -> None:
        """The next ``times`` calls that ``when`` accepts are refused; None refuses all of them."""
        self.does(Answer(status=status, code=code, retry_after=retry_after), when=when, times=times)

    def does(self, fault: Fault, *, when: When = _any, times: int | None = 1) -> None:
        self._plans.append(_Plan(fault=fault, when=when, left=times))

    def recovers(self) -> None:
        self._plans.clear()

    def forgets(self, conversation: str, activity: str) -> None:
        """As when somebody deletes a message that the bot sent."""
        del self._shown[conversation][activity]

    def cards_in(self, conversation: str) -> list[Json]:
        """The cards in a conversation in the order of arrival, each as it was last updated."""
        return [
            attachment["content"]
            for activity in self._shown[conversation].values()
            for attachment in activity.get("attachments", ())
            if attachment.get("contentType") == CARD
        ]

    def activity_showing(self, conversation: str, card: Json) -> str | None:
        """The id of the newest activity in the conversation that now shows this very card."""
        for one, activity in reversed(self._shown[conversation].items()):
            if any(attachment["content"] == card for attachment in activity.get("attachments", ())):
                return one
        return None

    def texts_in(self, conversation: str) -> list[str]:
        shown = self._shown[conversation].values()
        return [activity["text"] for activity in shown if activity.get("text")]

    async def wait_for(self, sent: int, *, within: float = 5.0) -> None:
        """Until that many activities have been accepted."""
        await self.wait_until(lambda: len(self.sent) >= sent, within=within)

    async def wait_until(self, reached: Callable[[], bool], *, within: float = 5.0) -> None:
        """Until ``reached`` holds; it is asked after every call."""
        async with asyncio.timeout(within):
            while not reached():
                self._changed.clear()
                await self._changed.wait()

    @property
    def connections(self) -> int:
        """How many were opened since the start."""
        return len(self._peers)

    # The server.

    def _handler(
        self, name: str, accept: Callable[[Call], web.Response]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            call = await self._call(name, request)
            self._peers.add(_peer(request))
            self.calls.append(call)
            within = self._within_quotas(call)
            if self.authorization is not None and call.authorization != self.authorization:
                return _refusal(Answer(status=401, code="Unauthorized"))
            if self.enforce_quotas and not within:
                return _refusal(Answer(status=429, code="TooManyRequests", retry_after=1))
            answer = await self._answer(call, accept, request)
            self._changed.set()
            return answer

        return handle

    async def _call(self, name: str, request: web.Request) -> Call:
        at = self.clock()
        body = await request.json() if request.can_read_body else {}
        return Call(
            operation=name,
            conversation=request.match_info.get("conversation", ""),
            activity_id=request.match_info.get("activity", ""),
            activity=body,
            authorization=request.headers.get("Authorization"),
            at=at,
        )

    async def _answer(
        self, call: Call, accept: Callable[[Call], web.Response], request: web.Request
    ) -> web.Response:
        match self._fault(call):
            case None:
                return accept(call)
            case Answer() as refused:
                return _refusal(refused)
            case AcceptedWithoutId(status=status):
                accept(call)
                return web.Response(status=status)
            case Slow(seconds=seconds):
                answer = accept(call)
                self._changed.set()
                await asyncio.sleep(seconds)
                return answer
            case AnswerLost():
                accept(call)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _fault(self, call: Call) -> Fault | None:
        for plan in self._plans:
            if plan.left != 0 and plan.when(call):
                plan.left = None if plan.left is None else plan.left - 1
                return plan.fault
        return self.behaviour(call)

    def _create(self, call: Call) -> web.Response:
        user = call.activity["members"][0]["id"]
        conversation = self.conversations.setdefault(user, f"a:{user}")
        return web.json_response({"id": conversation}, status=201)

    def _send(self, call: Call) -> web.Response:
        one = f"m{next(self._numbers)}"
        self.sent.append(
            Sent(
                conversation=call.conversation,
                activity=call.activity,
                id=one,
                at=call.at,
                reply_to=call.activity_id or None,
            )
        )
        self._shown[call.conversation][one] = call.activity
        return web.json_response({"id": one}, status=201)

    def _update(self, call: Call) -> web.Response:
        if call.activity_id not in self._shown[call.conversation]:
            return _refusal(Answer(status=404, code="ActivityNotFoundInConversation"))
        self._shown[call.conversation][call.activity_id] = call.activity
        self.updates.append(
            Sent(conversation=call.conversation, activity=call.activity, id=call.activity_id, at=call.at)
        )
        return web.json_response({"id": call.activity_id})

    def _members(self, call: Call) -> web.Response:
        return web.json_response(self.members.get(call.conversation, []))

    def _paged(self, call: Call) -> web.Response:
        return web.json_response({"members": self.members.get(call.conversation, [])})

    def _member(self, call: Call) -> web.Response:
        members = self.members.get(call.conversation, [])
        found = next((one for one in members if one.get("id") == call.activity_id), None)
        return web.json_response(found) if found else _refusal(Answer(status=404, code="MemberNotFound"))

    def _within_quotas(self, call: Call) -> bool:
        if call.operation == "members":
            return True
        windows: dict[str, tuple[tuple[int, float], ...]] = {f"conversation {call.conversation}": WINDOWS}
        windows["tenant"] = ((self.per_tenant, 1.0),)
        broken = [
            f"{bucket}: more than {most} in {seconds} s"
            for bucket, limits in windows.items()
            for most, seconds in self._broken(bucket, limits, call.at)
        ]
        self.breaches.extend(broken)
        return not broken

    def _broken(
        self, bucket: str, limits: tuple[tuple[int, float], ...], at: float
    ) -> list[tuple[int, float]]:
        recent = self._recent[bucket]
        recent.append(at)
        while recent[0] <= at - limits[-1][1]:
            recent.popleft()
        return [
            (most, seconds)
            for most, seconds in limits
            if len(recent) > most and recent[-most - 1] > at - seconds
        ]


def _peer(request: web.Request) -> tuple[str, int]:
    host, port, *_ = request.get_extra_info("peername", ("", 0))
    return host, port


def _refusal(answer: Answer) -> web.Response:
    headers = {} if answer.retry_after is None else {"Retry-After": str(answer.retry_after)}
    error = {"error": {"code": answer.code, "message": "refused by the fake"}} if answer.code else {}
    return web.json_response(error, status=answer.status, headers=headers)
