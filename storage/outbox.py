"""How far each owed message has come: what the journal owes, less what the outbox log says is done."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from storage.lines import instant, moment
from storage.logs import KeyedLog
from storage.store import Message, Owed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    message: Message
    owed_at: datetime
    attempts: int = 0
    unknown: bool = False
    under_way: bool = False
    not_before: datetime | None = None


class Outbox:
    """Only messages that are still to be sent are kept in memory, in the order they were owed."""

    def __init__(self, path: Path) -> None:
        self._log = KeyedLog(path)
        self._waiting: dict[str, _Waiting] = {}
        self._known: set[str] = set()

    def owe(self, messages: Iterable[Message], at: datetime) -> None:
        """A message that was owed before is the same message."""
        for message in messages:
            if message.id in self._known:
                continue
            self._known.add(message.id)
            waiting = self._resumed(message, at)
            if waiting is not None:
                self._waiting[message.id] = waiting

    def _resumed(self, message: Message, at: datetime) -> _Waiting | None:
        doc = self._log.docs.get(message.id)
        fresh = _Waiting(message=message, owed_at=at, not_before=message.not_before)
        if doc is None:
            return fresh
        if doc["state"] in {"sent", "given_up"}:
            return None
        attempts = int(doc["attempts"])
        if doc["state"] == "postponed":
            return replace(fresh, attempts=attempts, not_before=moment(doc["until"]))
        return replace(fresh, attempts=attempts, unknown=True)

    def due(self, now: datetime, limit: int) -> list[Owed]:
        found: list[Owed] = []
        for one in self._waiting.values():
            if len(found) == limit:
                break
            if not one.under_way and (one.not_before is None or one.not_before <= now):
                found.append(
                    Owed(
                        message=one.message,
                        owed_at=one.owed_at,
                        attempts=one.attempts,
                        unknown=one.unknown,
                    )
                )
        return found

    async def started(self, message_id: str, at: datetime) -> None:
        one = self._waiting[message_id]
        one = replace(one, attempts=one.attempts + 1, under_way=True, unknown=False)
        self._waiting[message_id] = one
        await self._log.put(message_id, {"state": "started", "at": instant(at), "attempts": one.attempts})

    async def postponed(self, message_id: str, until: datetime) -> None:
        one = self._waiting[message_id]
        await self._log.put(
            message_id, {"state": "postponed", "until": instant(until), "attempts": one.attempts}
        )
        self._waiting[message_id] = replace(one, under_way=False, not_before=until)

    async def finished(self, message_id: str, state: str, at: datetime, why: str = "") -> None:
        doc = {"state": state, "at": instant(at)}
        await self._log.put(message_id, {**doc, "why": why} if why else doc)
        self._waiting.pop(message_id, None)

    def close(self) -> None:
        self._log.close()
