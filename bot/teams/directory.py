"""Roles by Entra groups: the organisation file, with the members that Microsoft Graph tells in place of its groups.

What Graph said last is kept in the store, so that a restart while it is down still knows it. It holds for as
long as the settings say, counted from the group that was heard of longest ago; after that only reading is allowed.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.domain.organisation import Organisation, Person
from bot.organisation.file import OrganisationError, OrganisationFile
from bot.teams.graph import Graph, GraphError
from storage.store import Change, StoreUnwritable

log = logging.getLogger(__name__)

_COLLECTION, _KEY = "directory", "groups"
_START = 20.0
"""Seconds that the start waits for Graph; what is known from before serves meanwhile."""
_AFTER_FAILURE = 60.0
_CLOCKS_DIFFER = timedelta(minutes=5)
"""What a clock may be set back, or two instances' clocks be apart."""


class Documents(Protocol):
    """The part of the store that the directory needs."""

    async def change_document(self, collection: str, key: str, change: Change) -> None: ...

    async def document(self, collection: str, key: str) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """A group's members, and when Graph told them: by the clock, and by ``elapsed`` if this process was told."""

    at: datetime
    members: tuple[Person, ...]
    elapsed: float | None = None

    def holds(self, at: datetime, elapsed: float, hold: timedelta) -> bool:
        """By both: a clock that was ahead when Graph told, and was then put right, must not lengthen anything."""
        age = at - self.at
        known = self.elapsed is None or elapsed - self.elapsed <= hold.total_seconds()
        return known and -_CLOCKS_DIFFER <= age <= hold


class GraphDirectory:
    """The directory where the organisation file names groups. ``start`` it before anything else is asked."""

    def __init__(
        self,
        *,
        file: OrganisationFile,
        graph: Graph,
        documents: Documents,
        clock: Callable[[], datetime],
        every: timedelta,
        hold: timedelta,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = file
        self._graph = graph
        self._documents = documents
        self._clock = clock
        self._every = every.total_seconds()
        self._hold = hold
        self._elapsed = elapsed
        self._heard: dict[str, _Heard] = {}
        self._organisation: Organisation | None = None
        self._was_fresh = True

    def current(self) -> Organisation:
        if self._organisation is None:
            raise RuntimeError("the directory is asked before it was started")
        return self._organisation

    def fresh(self, at: datetime) -> bool:
        elapsed = self._elapsed()
        return all(heard.holds(at, elapsed, self._hold) for heard in self._heard.values())

    async def start(self) -> None:
        """Raises OrganisationError when the members of a group were never heard: then a role would be empty."""
        await self._recall()
        with suppress(TimeoutError):
            async with asyncio.timeout(_START):
                await self.refresh()
        self._settle()
        unheard = [group for group in self._file.groups if group not in self._heard]
        if unheard:
            raise OrganisationError(tuple(f"Entra group {group}: {_UNHEARD}" for group in unheard))

    async def run(self) -> None:
        """Asks again at intervals until cancelled; sooner after a failure, and never before Graph allows it."""
        wait = self._every
        while True:
            await asyncio.sleep(wait)
            try:
                wait = await self.refresh()
            except Exception:
                log.exception("the groups could not be refreshed; they are asked for again")
                wait = _AFTER_FAILURE

    async def refresh(self) -> float:
        """Asks for every group now; the seconds until it should be done again."""
        wait = self._every
        for group in self._file.groups:
            try:
                self._take(group, await self._graph.members(group))
            except GraphError as error:
                log.error(
                    "a group's members could not be fetched; the last known ones hold",
                    extra={"group": group, "status": error.status, "code": error.code},
                )
                wait = max(min(self._every, _AFTER_FAILURE), error.retry_after or 0)
                if not error.about_the_group:
                    break
        self._settle()
        await self._keep()
        return wait

    def _take(self, group: str, members: tuple[Person, ...]) -> None:
        if group in self._file.heads and len(members) != 1:
            told = "the group of a head must hold exactly one person; the last known one holds"
            log.error(told, extra={"group": group, "members": len(members)})
            return
        if not members:
            log.warning("a group that gives a role is empty", extra={"group": group})
        self._heard[group] = _Heard(at=self._clock(), members=members, elapsed=self._elapsed())

    def _settle(self) -> None:
        if set(self._file.groups) <= self._heard.keys():
            self._organisation = self._file.organisation(
                {group: heard.members for group, heard in self._heard.items()}
            )
        fresh = self.fresh(self._clock())
        if fresh != self._was_fresh:
            told = "roles are known again" if fresh else "roles are too old: only reading is allowed"
            log.log(logging.INFO if fresh else logging.ERROR, told)
        self._was_fresh = fresh

    async def _recall(self) -> None:
        doc = await self._documents.document(_COLLECTION, _KEY) or {}
        self._heard = {group: _heard(doc[group]) for group in self._file.groups if group in doc}

    async def _keep(self) -> None:
        """Of each group what was heard last, which may have been another instance's to hear."""
        mine = {group: _stored(heard) for group, heard in self._heard.items()}

        def change(doc: dict[str, Any] | None) -> dict[str, Any]:
            named = {group: heard for group, heard in (doc or {}).items() if group in self._file.groups}
            return _newest(named, mine)

        try:
            await self._documents.change_document(_COLLECTION, _KEY, change)
        except StoreUnwritable:
            log.exception("the members of groups could not be kept for the next start")


_UNHEARD = (
    "Microsoft Graph did not tell its members, now or before; the line above says what it answered. "
    "The app needs GroupMember.Read.All and User.ReadBasic.All, and the group of a head holds exactly one person"
)


def _newest(theirs: dict[str, Any], mine: dict[str, Any]) -> dict[str, Any]:
    def at(heard: dict[str, Any]) -> datetime:
        return datetime.fromisoformat(heard["at"])

    return theirs | {
        group: heard for group, heard in mine.items() if group not in theirs or at(heard) >= at(theirs[group])
    }


def _stored(heard: _Heard) -> dict[str, Any]:
    return {"at": heard.at.isoformat(), "members": [[one.id, one.name] for one in heard.members]}


def _heard(doc: dict[str, Any]) -> _Heard:
    members = tuple(Person(id=one, name=name) for one, name in doc["members"])
    return _Heard(at=datetime.fromisoformat(doc["at"]), members=members)
