"""Who is in an Entra group, asked of Microsoft Graph: all pages of the answer, no faster than Graph will have it.

Members are asked for without an OData cast to users: the cast needs Graph's eventually consistent query mode
(https://learn.microsoft.com/graph/aad-advanced-queries), and each member tells its own kind anyway.
"""

import asyncio
import json
import logging
import random
from typing import Any

import aiohttp
from yarl import URL

from bot.domain.organisation import Person
from bot.organisation.form import is_object_id
from bot.teams.connector import retry_after
from bot.teams.tokens import TokenSource, TokenUnavailableError

log = logging.getLogger(__name__)

_PATH = "/v1.0/groups/{group}/transitiveMembers?$select=id,displayName&$top=999"
_NAME = "/v1.0/users/{person}?$select=displayName"
_USER = "#microsoft.graph.user"
_BUSY = frozenset({429, 502, 503, 504})
_TRIES = 4
_LONGEST_WAIT = 30.0
"""Seconds; a longer one is left to the next round."""
_MOST_PAGES = 200
_TIMEOUT = aiohttp.ClientTimeout(total=15, sock_connect=5)

BAD_ANSWER = "BadAnswer"
FOREIGN_LINK = "ForeignNextLink"


class GraphError(Exception):
    """No whole answer was had. ``status`` is None without one; ``code`` is Graph's or this module's."""

    def __init__(
        self, *, status: int | None = None, code: str | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"status={status} code={code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def about_the_group(self) -> bool:
        """Whether another group may fare better: this one is missing, hidden or odd, and Graph is well."""
        return self.status in {400, 403, 404} or self.code in {BAD_ANSWER, FOREIGN_LINK}


class Graph:
    """Sends its token to ``url`` and to nowhere else: neither redirects nor links lead it away."""

    def __init__(self, session: aiohttp.ClientSession, tokens: TokenSource, *, url: str) -> None:
        self._session = session
        self._tokens = tokens
        self._url = URL(url)

    async def close(self) -> None:
        await self._tokens.close()

    async def members(self, group: str) -> tuple[Person, ...]:
        """The users in the group and in the groups within it."""
        page: URL | None = URL(str(self._url).rstrip("/") + _PATH.format(group=group), encoded=True)
        found: dict[str, Person] = {}
        for _ in range(_MOST_PAGES):
            if page is None:
                return tuple(found.values())
            body = await self._page(page)
            found |= {person.id: person for person in _users(body)}
            page = self._next(body)
        raise GraphError(code=BAD_ANSWER)

    async def name_of(self, person: str) -> str:
        """Empty where there is nobody of that id, or Graph does not tell. Needs User.ReadBasic.All."""
        try:
            body = await self._get(
                URL(str(self._url).rstrip("/") + _NAME.format(person=person), encoded=True)
            )
        except GraphError as error:
            told = "a person's name could not be fetched"
            log.warning(told, extra={"person": person, "status": error.status, "code": error.code})
            return ""
        return str(body.get("displayName") or "")

    def _next(self, body: dict[str, Any]) -> URL | None:
        link = body.get("@odata.nextLink")
        if link is None:
            return None
        try:
            page = URL(str(link), encoded=True)
            own = page.origin() == self._url.origin() and page.user is None
        except ValueError:
            own = False
        if not own:
            raise GraphError(code=FOREIGN_LINK)
        return page

    async def _page(self, page: URL) -> dict[str, Any]:
        for left in reversed(range(_TRIES)):
            try:
                return await self._get(page)
            except GraphError as error:
                wait = _wait(error, _TRIES - left)
                if error.status not in _BUSY or not left or wait > _LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def _get(self, page: URL) -> dict[str, Any]:
        try:
            headers = {"Authorization": await self._tokens.authorization() or ""}
            async with self._session.get(
                page, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                return _read(answer, await answer.read())
        except TokenUnavailableError as error:
            raise GraphError(code="TokenUnavailable") from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise GraphError(code=type(error).__name__) from error


def _wait(error: GraphError, tried: int) -> float:
    """What Graph asks for, else twice as long each time, never two callers in step."""
    if error.retry_after is not None:
        return error.retry_after
    return 2.0 ** (tried - 1) * random.uniform(0.5, 1.5)  # noqa: S311  not for cryptography


def _read(answer: aiohttp.ClientResponse, raw: bytes) -> dict[str, Any]:
    try:
        body: Any = json.loads(raw)
    except ValueError:
        body = None
    if answer.status == 200 and isinstance(body, dict):
        return body
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    if answer.status == 200:
        code = BAD_ANSWER
    raise GraphError(
        status=answer.status,
        code=code if isinstance(code, str) else None,
        retry_after=retry_after(answer.headers),
    )


def _users(body: dict[str, Any]) -> list[Person]:
    members = body.get("value")
    if not isinstance(members, list) or not all(_is_whole(one) for one in members):
        raise GraphError(code=BAD_ANSWER)
    return [
        Person(id=one["id"].lower(), name=str(one.get("displayName") or "").strip())
        for one in members
        if one["@odata.type"] == _USER
    ]


def _is_whole(member: Any) -> bool:
    """A member that tells neither its kind nor its id could be a person who would lose a role by it."""
    return (
        isinstance(member, dict)
        and isinstance(member.get("@odata.type"), str)
        and isinstance(member.get("id"), str)
        and is_object_id(member["id"])
    )
