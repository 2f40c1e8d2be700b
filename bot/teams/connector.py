"""The Bot Connector's REST interface over one shared session: what Teams is told, and what it answered."""

import math
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from yarl import URL

from bot.teams.service_urls import ServiceUrls
from bot.teams.tokens import TokenSource, TokenUnavailableError
from storage.json_form import from_json, to_json

Json = dict[str, Any]

TIMEOUT = 15.0
"""Seconds for a whole call; Teams itself gives up on a turn after 10 to 15."""
_CONNECT_TIMEOUT = 5.0
_LONGEST_WAIT = 3600.0

PASSING = frozenset({412, 429, 502, 503, 504})
"""learn.microsoft.com: conversation-messages, "Status codes retry guidance": a moment later the same call is taken."""
_NOT_PASSED_ON = PASSING - {504}

SERVICE_URL_REFUSED = "ServiceUrlRefused"
TOKEN_UNAVAILABLE = "TokenUnavailable"  # noqa: S105 - an error code, not a secret


class ConnectorError(Exception):
    """The call failed. Without an answer ``status`` is None and ``unknown`` tells if it may have arrived.

    ``code`` is Teams' error code or this module's; ``retry_after`` is in seconds.
    """

    def __init__(
        self,
        *,
        status: int | None = None,
        code: str | None = None,
        retry_after: float | None = None,
        unknown: bool = False,
    ) -> None:
        super().__init__(f"status={status} code={code} unknown={unknown}")
        self.status = status
        self.code = code
        self.retry_after = retry_after
        self.unknown = unknown

    @property
    def doubtful(self) -> bool:
        """Whoever answered may have passed it on before it failed or lost patience: it may have arrived."""
        if self.status is None:
            return self.unknown
        return self.status == HTTPStatus.REQUEST_TIMEOUT or (
            self.status >= HTTPStatus.INTERNAL_SERVER_ERROR and self.status not in _NOT_PASSED_ON
        )


class _Body(aiohttp.BytesPayload):
    """A body that knows whether any of it was written: until then the call cannot have had an effect."""

    def __init__(self, activity: Json) -> None:
        super().__init__(to_json(activity), content_type="application/json; charset=utf-8")
        self.left = False

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        self.left = True
        await super().write_with_length(writer, content_length)


def open_session() -> aiohttp.ClientSession:
    """The one session of the process: keeps connections, no cookies."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        connector=aiohttp.TCPConnector(limit=64, keepalive_timeout=30),
    )


class Connector:
    """Sends activities to service addresses that are allowed, and to no other; ``answers`` counts by status."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: TokenSource,
        service_urls: ServiceUrls,
        *,
        timeout: float = TIMEOUT,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._service_urls = service_urls
        self.answers = Counter[str]()
        self._timeout = aiohttp.ClientTimeout(total=timeout, sock_connect=min(_CONNECT_TIMEOUT, timeout))

    async def send(self, service_url: str, conversation: str, activity: Json) -> str | None:
        """The new activity's id, or None when Teams accepted it without telling one."""
        return _id(await self._call("POST", service_url, _activities(conversation), activity))

    async def reply(
        self, service_url: str, conversation: str, to_activity: str, activity: Json
    ) -> str | None:
        return _id(await self._call("POST", service_url, _activities(conversation, to_activity), activity))

    async def update(self, service_url: str, conversation: str, activity_id: str, activity: Json) -> None:
        await self._call("PUT", service_url, _activities(conversation, activity_id), activity)

    async def create_conversation(self, service_url: str, *, user: str, tenant: str, bot: str) -> str:
        """The personal conversation with a user; Teams gives the same one however often it is asked."""
        members = {"isGroup": False, "bot": {"id": bot}, "members": [{"id": user}]}
        body = members | {"tenantId": tenant, "channelData": {"tenant": {"id": tenant}}}
        answer = await self._call("POST", service_url, "/v3/conversations", body)
        conversation = _id(answer)
        if conversation is None:
            raise ConnectorError(code="NoConversationId")
        return conversation

    async def _call(self, method: str, service_url: str, path: str, activity: Json | None) -> Json:
        if not self._service_urls.allows(service_url):
            raise ConnectorError(code=SERVICE_URL_REFUSED)
        url = URL(service_url.rstrip("/") + path, encoded=True)
        headers = await self._headers()
        try:
            return await self._once(method, url, activity, headers)
        except ConnectorError as error:
            refused = error.status == HTTPStatus.UNAUTHORIZED
            if not (refused and self._tokens.refused(headers.get("Authorization"))):
                raise
        return await self._once(method, url, activity, await self._headers())

    async def _once(self, method: str, url: URL, activity: Json | None, headers: dict[str, str]) -> Json:
        body = None if activity is None else _Body(activity)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                self.answers[str(response.status)] += 1
                return await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.answers["none"] += 1
            unknown = body is None or body.left
            raise ConnectorError(code=type(error).__name__, unknown=unknown) from error

    async def _headers(self) -> dict[str, str]:
        try:
            authorization = await self._tokens.authorization()
        except TokenUnavailableError as error:
            raise ConnectorError(code=TOKEN_UNAVAILABLE) from error
        return {} if authorization is None else {"Authorization": authorization}


async def _read(response: aiohttp.ClientResponse) -> Json:
    """The answer's body, {} if there is none to read: the status line alone tells that Teams accepted."""
    body: Any = None
    with suppress(aiohttp.ClientError, TimeoutError, ValueError):
        body = from_json(await response.read())
    answer: Json = body if isinstance(body, dict) else {}
    if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES:
        return answer
    raise ConnectorError(
        status=response.status, code=_code(answer), retry_after=retry_after(response.headers)
    )


def _activities(conversation: str, activity: str | None = None) -> str:
    path = f"/v3/conversations/{quote(conversation, safe='')}/activities"
    return path if activity is None else f"{path}/{quote(activity, safe='')}"


def _id(answer: Json) -> str | None:
    found = answer.get("id")
    return found if isinstance(found, str) and found else None


def _code(answer: Json) -> str | None:
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds; a date is taken relative to the answer's own Date, so that no clock need agree with Teams'."""
    given = headers.get("Retry-After", "").strip()
    if not given:
        return None
    try:
        seconds = float(given)
    except ValueError:
        seconds = _seconds_until(given, headers.get("Date", ""))
    return min(max(seconds, 0.0), _LONGEST_WAIT) if math.isfinite(seconds) else None


def _seconds_until(when: str, now: str) -> float:
    try:
        return (parsedate_to_datetime(when) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError):
        return math.nan
