"""Azure OpenAI's chat completions on loopback: chooses and words what a test says, lies, dawdles and fails.

async with FakeModel() as model:
    model.says = choosing("p2", lead="Raderat material ska diarieföras.")   # a reply made from what was asked
    model.text = "no JSON at all"                                           # or this text, whatever was asked
    model.fails(429, retry_after=7)
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

Json = dict[str, Any]
DEPLOYMENT = "gpt-i-test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """``body`` is the request's; ``data`` what the model was told of question and passages."""

    path: str
    authorization: str | None
    body: Json
    raw: str

    @property
    def data(self) -> Json:
        data: Json = json.loads(self.body["messages"][-1]["content"])
        return data


Says = Callable[[Call], Json]


def choosing(passage: str, *, lead: str, quote: str | None = None) -> Says:
    """Chooses that id and copies its text, unless another ``quote`` is given."""

    def says(call: Call) -> Json:
        texts = {one["id"]: one["text"] for one in call.data["passages"]}
        return {
            "passage": passage,
            "quote": texts.get(passage, "") if quote is None else quote,
            "lead": lead,
        }

    return says


def choosing_words(words: str, *, lead: str) -> Says:
    """Chooses the passage with these words in it."""

    def says(call: Call) -> Json:
        found = next(one for one in call.data["passages"] if words in one["text"])
        return {"passage": found["id"], "quote": found["text"], "lead": lead}

    return says


def none(_: Call) -> Json:
    return {"passage": "none", "quote": "", "lead": ""}


@dataclass(kw_only=True)
class FakeModel:
    """``authorization`` is the one header value that is let in, None lets in all; ``answer`` replaces the whole body of
    a completion, ``finish`` its reason to end, ``page`` is a body that is no JSON; ``cuts`` breaks off in the middle of it."""

    says: Says = none
    text: str | None = None
    answer: Any = None
    finish: str = "stop"
    delay: float = 0.0
    authorization: str | None = None
    location: str | None = None
    page: str | None = None
    cuts: bool = False
    calls: list[Call] = field(default_factory=list)
    url: str = ""
    _status: int = 200
    _retry_after: str | None = None
    _runner: web.AppRunner | None = None
    _called: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/openai/v1/chat/completions", self._completions)
        app.router.add_route("*", "/{anything:.*}", self._elsewhere)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stops()

    async def stops(self) -> None:
        """Nobody listens from here on."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def environment(self) -> dict[str, str]:
        return {"AZURE_OPENAI_ENDPOINT": self.url, "AZURE_OPENAI_DEPLOYMENT": DEPLOYMENT}

    def fails(self, status: int, *, retry_after: float | None = None) -> None:
        self._status = status
        self._retry_after = None if retry_after is None else f"{retry_after:g}"

    def heals(self) -> None:
        self._status = 200

    async def called(self) -> None:
        """Returns once somebody has asked."""
        async with asyncio.timeout(5):
            await self._called.wait()

    async def _completions(self, request: web.Request) -> web.Response:
        raw = await request.text()
        call = Call(
            path=request.path_qs,
            authorization=request.headers.get("Authorization"),
            body=json.loads(raw),
            raw=f"{request.path_qs}\n{dict(request.headers)}\n{raw}",
        )
        self.calls.append(call)
        self._called.set()
        await asyncio.sleep(self.delay)
        if self.location:
            return web.Response(status=307, headers={"Location": self.location})
        if self.authorization is not None and call.authorization != self.authorization:
            return _error(401)
        if self._status != 200:
            return _error(self._status, self._retry_after)
        if self.page is not None:
            return web.Response(text=self.page, content_type="text/html")
        if self.cuts:
            return await _broken_off(request)
        if self.answer is not None:
            return web.json_response(self.answer)
        text = json.dumps(self.says(call), ensure_ascii=False) if self.text is None else self.text
        return web.json_response(_completion(call.body["model"], text, self.finish))

    async def _elsewhere(self, request: web.Request) -> web.Response:
        raise AssertionError(f"nobody asks for {request.path}")


async def _broken_off(request: web.Request) -> web.Response:
    answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
    await answer.prepare(request)
    await answer.write(b'{"id": "chatcmpl-1", "choices": [')
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def _completion(model: str, text: str, finish: str) -> Json:
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_795_000_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 60, "total_tokens": 960},
    }


def _error(status: int, retry_after: str | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    error = {"error": {"code": str(status), "message": "refused by the fake"}}
    return web.json_response(error, status=status, headers=headers)
