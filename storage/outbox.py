"""How far each owed message has come: what the journal owes, less what the outbox's own log says is done."""

import heapq
from bisect import bisect_left
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from storage.json_form import from_json
from storage.lines import instant, moment
from storage.logs import COMPACT_ABOVE, EntryLog, line_of
from storage.store import LONGEST_POSTPONEMENT, Backlog, Event, Message, Owed

Order = tuple[int, int]
"""Which event owes the message, and where among those it owes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """``until`` and ``started_at`` as stored; ``settled`` when there is nothing left to do."""

    attempts: int = 0
    started: bool = False
    unknown: bool = False
    until: str | None = None
    settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    message: Message
    owed_at: datetime
    order: Order
    progress: Progress

    @property
    def not_before(self) -> datetime | None:
        return moment(self.progress.until) if self.progress.until else self.message.not_before


class Outbox:
    """Only messages that are still to be sent are kept. ``ready`` ones stand in the order they were owed,
    later ones in the order they come due, so that ``due`` costs what it returns."""

    def __init__(
        self, path: Path, *, compact_above: int = COMPACT_ABOVE, threads: Executor | None = None
    ) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._ready: list[tuple[Order, str]] = []
        self._later: list[tuple[datetime, Order, str]] = []
        self._looked: datetime | None = None
        self._through = self._newest = 0
        self._before: dict[str, Progress] = {}
        self._log = EntryLog(path, self._live, compact_above=compact_above, threads=threads)
        for entry in self._log.replay(from_json):
            self._read(entry)

    def _read(self, entry: dict[str, Any]) -> None:
        """A log that was written anew begins with ``through``: of what the events up to there owe, all that it
        does not name is done."""
        if "through" in entry:
            self._through = entry["through"]
        else:
            self._before[entry["id"]] = Progress(**entry["progress"])

    def replayed(self, newest: int) -> None:
        """All that the journal owes up to event ``newest`` has been told: what the log said is used up."""
        self._newest = newest
        self._before.clear()

    def owe(self, event: Event, messages: Iterable[Message]) -> None:
        self._newest = event.seq
        for place, message in enumerate(messages):
            self.resume(message, event.at, (event.seq, place))

    def resume(self, message: Message, owed_at: datetime, order: Order) -> None:
        """Takes up a message where the log left it, if there is anything left to do."""
        before = self._before.get(message.id)
        if before.settled if before else order[0] <= self._through:
            return
        progress = before or Progress()
        if progress.started:  # by a process that is gone
            progress = replace(progress, started=False, unknown=True)
        self._put(Waiting(message=message, owed_at=owed_at, order=order, progress=progress))

    def _put(self, one: Waiting) -> None:
        self._waiting[one.message.id] = one
        if one.progress.started:
            return
        not_before = one.not_before
        if not_before is None:
            self._make_ready(one)
        else:
            heapq.heappush(self._later, (not_before, one.order, one.message.id))

    def due(self, now: datetime, limit: int) -> list[Owed]:
        if self._was_set_back(now):
            self._sort_anew(now)
        self._looked = now
        while self._later and self._later[0][0] <= now:
            not_before, _, message_id = heapq.heappop(self._later)
            one = self._waiting.get(message_id)
            if one and not one.progress.started and one.not_before == not_before:
                self._make_ready(one)
        return [_owed(self._waiting[message_id]) for _, message_id in self._ready[:limit]]

    def _was_set_back(self, now: datetime) -> bool:
        """The clock, since the last look or, for all that the first one can tell, before the start."""
        if self._looked is None:
            return any(not_before > now + LONGEST_POSTPONEMENT for not_before, _, _ in self._later)
        return now < self._looked

    def _sort_anew(self, now: datetime) -> None:
        """What was postponed by the wrong clock is due, what was ready by it may not be."""
        self._ready.clear()
        self._later.clear()
        for one in self._waiting.values():
            if _is_overdue(one, now):
                self._make_ready(one)
            else:
                self._put(one)

    async def started(self, message_id: str, at: datetime) -> None:
        """Raises KeyError for a message that is not owed (any more). Started again, without word of how the
        last attempt ended, it is another attempt."""
        one = self._waiting[message_id]
        progress = Progress(attempts=one.progress.attempts + 1, started=True)
        await self._log.add(entry(message_id, progress, at=at), partial(self._moved, message_id, progress))

    async def postponed(self, message_id: str, until: datetime) -> None:
        one = self._waiting.get(message_id)
        if one is None:
            return
        progress = Progress(attempts=one.progress.attempts, until=instant(until))
        await self._log.add(entry(message_id, progress), partial(self._moved, message_id, progress))

    async def finished(self, message_id: str, outcome: str, at: datetime, why: str = "") -> None:
        if message_id not in self._waiting:
            return
        progress = Progress(settled=True)
        line = entry(message_id, progress, at=at, outcome=outcome, why=why)
        await self._log.add(line, partial(self._moved, message_id, progress))

    def _moved(self, message_id: str, progress: Progress) -> None:
        one = self._waiting.get(message_id)
        if one is None:
            return
        self._unready(one)
        if progress.settled:
            del self._waiting[message_id]
        else:
            self._put(replace(one, progress=progress))

    def _make_ready(self, one: Waiting) -> None:
        entry = (one.order, one.message.id)
        place = bisect_left(self._ready, entry)
        if self._ready[place : place + 1] != [entry]:
            self._ready.insert(place, entry)

    def _unready(self, one: Waiting) -> None:
        entry = (one.order, one.message.id)
        place = bisect_left(self._ready, entry)
        if self._ready[place : place + 1] == [entry]:
            del self._ready[place]

    def waiting(self) -> list[Waiting]:
        """In the order they were owed."""
        return list(self._waiting.values())

    def backlog(self) -> Backlog:
        first = next(iter(self._waiting.values()), None)
        return Backlog(depth=len(self._waiting), oldest=first.owed_at if first else None)

    def _live(self) -> Iterable[bytes]:
        first, waiting = through(self._newest), self.waiting()
        return chain((first,), (entry(one.message.id, one.progress) for one in waiting))

    async def usable(self) -> bool:
        return await self._log.usable()

    async def end(self) -> None:
        """Refuses what comes from now on, and waits for what came before."""
        await self._log.end()

    def close(self) -> None:
        self._log.close()


def _is_overdue(one: Waiting, now: datetime) -> bool:
    itself, until = one.message.not_before, one.not_before
    beyond = until is not None and until > now + LONGEST_POSTPONEMENT
    return beyond and not one.progress.started and (itself is None or itself <= now)


def _owed(one: Waiting) -> Owed:
    return Owed(
        message=one.message,
        owed_at=one.owed_at,
        attempts=one.progress.attempts,
        unknown=one.progress.unknown,
    )


def through(newest: int) -> bytes:
    """The line that says: of what the events up to ``newest`` owe, all that is not named from here on is done."""
    return line_of({"through": newest})


def entry(message_id: str, progress: Progress, *, at: datetime | None = None, **said: str) -> bytes:
    kept = {name: value for name, value in asdict(progress).items() if value}
    when = {"at": instant(at)} if at else {}
    return line_of(
        {"id": message_id, "progress": kept, **when, **{name: value for name, value in said.items() if value}}
    )
