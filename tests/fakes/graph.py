"""Microsoft Graph's group members on loopback: pages, throttles, forbids and forgets as the real one does.

async with FakeGraph() as graph:
    graph.groups[GROUP] = [user(ONE, "Ett"), device(TWO)]
    graph.fails(429, retry_after=1)              # the next call, whatever it asks for
    graph.fails(404, group=GROUP, times=None)    # this group from now on
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]
_CODES = {
    400: "Request_BadRequest",
    401: "InvalidAuthenticationToken",
    403: "Authorization_RequestDenied",
    404: "Request_ResourceNotFound",
    429: "TooManyRequests",
}


def user(object_id: str, name: str | None) -> Json:
    return {"@odata.type": "#microsoft.graph.user", "id": object_id, "displayName": name}


def device(object_id: str) -> Json:
    """As Graph tells of what the app may not read: its kind and id, and nothing else."""
    return {"@odata.type": "#microsoft.graph.device", "id": object_id, "displayName": None}


@dataclass(kw_only=True)
class _Fault:
    status: int
    group: str | None
    times: int | None
    retry_after: str | None

    def strikes(self, group: str) -> bool:
        if self.group not in {None, group} or self.times == 0:
            return False
        self.times = None if self.times is None else self.times - 1
        return True


@dataclass(kw_only=True)
class Call:
    group: str
    query: dict[str, str]
    authorization: str
    at: float


@dataclass(kw_only=True)
class FakeGraph:
    """``secrets`` are the app's, None if it may not read them; ``authorization`` is the header that it wants, if any; ``names`` are people's,
    None if the app may not read them, and ``asked_for`` those whose was wanted; ``next_link`` replaces every link to a next page and
    ``body`` the body of every page."""

    page: int = 100
    authorization: str | None = None
    next_link: str | None = None
    body: str | None = None
    secrets: list[Json] | None = None
    names: dict[str, str] | None = None
    asked_for: list[str] = field(default_factory=list)
    groups: dict[str, list[Json]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _faults: list[_Fault] = field(default_factory=list)
    _runner: web.AppRunner | None = None
    _calling: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/v1.0/groups/{group}/transitiveMembers", self._members)
        app.router.add_get("/v1.0/users/{person}", self._person)
        app.router.add_get("/v1.0/{application}", self._application)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def fails(
        self,
        status: int,
        *,
        group: str | None = None,
        times: int | None = 1,
        retry_after: float | None = None,
    ) -> None:
        wait = None if retry_after is None else f"{retry_after:g}"
        self._faults.append(_Fault(status=status, group=group, times=times, retry_after=wait))

    async def called(self, times: int) -> None:
        """Returns once that many calls have come in."""
        async with self._calling:
            await self._calling.wait_for(lambda: len(self.calls) >= times)

    def heals(self) -> None:
        self._faults.clear()

    async def _members(self, request: web.Request) -> web.Response:
        group, query = request.match_info["group"], dict(request.query)
        given = request.headers.get("Authorization", "")
        self.calls.append(Call(group=group, query=query, authorization=given, at=time.monotonic()))
        async with self._calling:
            self._calling.notify_all()
        fault = next((one for one in self._faults if one.strikes(group)), None)
        if fault is not None:
            return _error(fault.status, fault.retry_after)
        if self.authorization is not None and given != self.authorization:
            return _error(401)
        if group not in self.groups:
            return _error(404)
        if self.body is not None:
            return web.Response(text=self.body, content_type="application/json")
        return web.json_response(self._page(group, query))

    async def _person(self, request: web.Request) -> web.Response:
        person = request.match_info["person"]
        assert request.query["$select"] == "displayName"
        self.asked_for.append(person)
        if self.names is None:
            return _error(403)
        return web.json_response({"displayName": self.names[person]}) if person in self.names else _error(404)

    async def _application(self, request: web.Request) -> web.Response:
        known = request.match_info["application"].startswith("applications(appId='")
        assert known
        assert request.query["$select"] == "passwordCredentials"
        if self.secrets is None:
            return _error(403)
        return web.json_response({"passwordCredentials": self.secrets})

    def _page(self, group: str, query: dict[str, str]) -> Json:
        start = int(query.get("$skiptoken", "0"))
        body: Json = {
            "@odata.context": f"{self.url}/v1.0/$metadata#directoryObjects(id,displayName)",
            "value": self.groups[group][start : start + self.page],
        }
        if start + self.page < len(self.groups[group]):
            path = f"{self.url}/v1.0/groups/{group}/transitiveMembers"
            own = f"{path}?$select=id,displayName&$skiptoken={start + self.page}"
            body["@odata.nextLink"] = self.next_link or own
        return body


def _error(status: int, retry_after: str | None = None) -> web.Response:
    headers = {"Retry-After": retry_after} if retry_after is not None else {}
    error = {"code": _CODES.get(status, "ServiceNotAvailable"), "message": "refused by the fake"}
    return web.json_response({"error": error}, status=status, headers=headers)
