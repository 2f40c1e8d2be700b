"""What becomes of an owed message: attempts until one tells, then the outbox, the hooks and the counts."""

import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, assert_never

from bot.teams.addresses import AddressBook
from bot.teams.courier import (
    NOT_HERE_YET,
    Bring,
    Brought,
    Later,
    NothingToSend,
    Outcome,
    Undeliverable,
    Unsure,
)
from bot.teams.gate import Sleep
from bot.teams.ledger import Ledger
from storage.store import LONGEST_POSTPONEMENT, Message, Owed, StoreUnwritable

OnDelivered = Callable[[Message, datetime], Awaitable[None]]


class OnUnreachable(Protocol):
    """Told of a message that will not arrive: ``gone`` if that is because its recipient can't be reached."""

    async def __call__(self, message: Message, why: str, *, gone: bool) -> None: ...


_FIRST_WAIT = 0.3
_GROWTH = 1.5
"""Doubling would leave the unluckiest of a thousand cards waiting as long as all the others took."""
_LONGEST_WAIT = 300.0
_GROWN = 20
"""Attempts after which the wait is at its longest anyway, and beyond which a power would overflow."""
_AFTER_FAULT = 60.0
_SHORTEST_WAIT_IN_A_FAULT = 10.0
_LONGEST_WAIT_IN_A_FAULT = 1800.0
_GIVE_UP_AFTER = timedelta(days=3)
_SPREAD_OF_RETRY_AFTER = 0.2

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """Since the start. ``unknown`` counts lost answers, ``repeated`` what was then sent a second time."""

    sent: int = 0
    updated: int = 0
    coalesced: int = 0
    postponed: int = 0
    unknown: int = 0
    repeated: int = 0
    unreachable: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """``updated_at`` is set when a card that was there was updated."""

    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """``recipient``: it was not this message's fault, and the next for the same one should wait as well."""

    until: datetime
    recipient: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settler:
    ledger: Ledger
    bring: Bring
    addresses: AddressBook
    on_delivered: OnDelivered
    on_unreachable: OnUnreachable
    clock: Callable[[], datetime]
    sleep: Sleep
    rng: random.Random
    counts: Counts
    local: bool = False

    async def settle(self, owed: Owed) -> Settled | Postponed:
        message = owed.message
        lost = await self.ledger.lost(owed)
        while isinstance(outcome := await self._attempt(message, lost), Unsure):
            lost += 1
            self.counts.unknown += 1
            log.warning("An answer was lost", extra={"message_id": message.id, "reason": outcome.why})
            await self.ledger.unsure(message, lost)
            await self.sleep(self._backoff(lost))
        match outcome:
            case Brought():
                await self._brought(message, outcome, lost)
            case NothingToSend():
                await self.ledger.given_up(message, "nothing_to_send")
            case Undeliverable():
                await self._undeliverable(message, outcome)
            case Later():
                if outcome.doubtful:
                    lost = max(lost, 1)
                    self.counts.unknown += 1
                if not self._expired(owed):
                    return await self._later(owed, outcome, lost)
                await self._undeliverable(message, Undeliverable(why="expired", unreachable=False))
            case _:
                assert_never(outcome)
        await self.ledger.done(message, lost=lost)
        return Settled(updated_at=outcome.at if isinstance(outcome, Brought) and outcome.updated else None)

    async def settle_along(self, owed: Owed, at: datetime) -> None:
        """The same update reached its recipient for another message, rendered after this one was owed."""
        await self._tell(lambda: self.on_delivered(owed.message, at), owed.message)
        await self.ledger.sent(owed.message, at)
        await self.ledger.done(owed.message, lost=owed.attempts)
        self.counts.coalesced += 1

    async def postpone(self, owed: Owed, until: datetime) -> None:
        """Its recipient has to wait; the message itself was not tried."""
        await self.ledger.lost(owed)  # kept in the ledger before the store forgets that it is unknown
        await self.ledger.postponed(owed.message, until)

    async def _attempt(self, message: Message, lost: int) -> Outcome:
        try:
            return await self.bring(message, lost=lost)
        except Exception:
            if self.ledger.stopping:
                raise
            log.exception("An attempt broke off", extra={"message_id": message.id})
        if self.ledger.has_started(message):
            return Unsure(why="fault")
        return Later(why="fault", after=_AFTER_FAULT, fault=True)

    async def _brought(self, message: Message, outcome: Brought, lost: int) -> None:
        if outcome.updated:
            self.counts.updated += 1
        elif not outcome.before:
            self.counts.sent += 1
            self.counts.repeated += 1 if lost else 0
        # Told before it is settled: a crash in between tells again instead of never.
        await self._tell(lambda: self.on_delivered(message, outcome.at), message)
        await self.ledger.sent(message, outcome.at)
        await self.ledger.insist(lambda: self.addresses.reached(message.to))

    async def _undeliverable(self, message: Message, outcome: Undeliverable) -> None:
        # On one's own machine everybody is away until somebody plays them: nothing to warn of.
        expected = self.local and outcome.why == NOT_HERE_YET
        log.log(
            logging.INFO if expected else logging.WARNING,
            "A message will not arrive",
            extra={"message_id": message.id, "reason": outcome.why},
        )
        self.counts.given_up += 1
        if outcome.unreachable:
            self.counts.unreachable += 1
            await self.ledger.insist(lambda: self.addresses.unreachable(message.to, self.clock()))
        await self._tell(lambda: self.on_unreachable(message, outcome.why, gone=outcome.unreachable), message)
        await self.ledger.given_up(message, outcome.why)

    async def _later(self, owed: Owed, outcome: Later, lost: int) -> Postponed:
        if lost:
            await self.ledger.unsure(owed.message, lost)
        wait = self._wait_in_a_fault(owed) if outcome.fault else self._backoff(owed.attempts + 1)
        if outcome.after is not None:
            wait = outcome.after + self.rng.uniform(0, _SPREAD_OF_RETRY_AFTER)
        until = self.clock() + min(timedelta(seconds=wait), LONGEST_POSTPONEMENT)
        self.counts.postponed += 1
        log.info("A message was postponed", extra={"message_id": owed.message.id, "reason": outcome.why})
        await self.ledger.postponed(owed.message, until)
        return Postponed(until=until, recipient=not outcome.fault)

    def _expired(self, owed: Owed) -> bool:
        return self._age(owed) > _GIVE_UP_AFTER

    def _age(self, owed: Owed) -> timedelta:
        return self.clock() - max(owed.owed_at, owed.message.not_before or owed.owed_at)

    def _wait_in_a_fault(self, owed: Owed) -> float:
        """About as long again as it has been owed: each attempt may be one copy more, and each may be the one."""
        longest = min(self._age(owed).total_seconds(), _LONGEST_WAIT_IN_A_FAULT)
        return max(longest, _SHORTEST_WAIT_IN_A_FAULT) * self.rng.uniform(0.5, 1)

    async def _tell(self, hook: Callable[[], Awaitable[None]], message: Message) -> None:
        """What became of it must be on record before it is settled; a fault of ours holds up nobody."""
        try:
            await self.ledger.insist(hook)
        except (StoreUnwritable, OSError):
            raise
        except Exception:
            log.exception("What became of a message was not recorded", extra={"message_id": message.id})

    def _backoff(self, attempt: int) -> float:
        """Full jitter, so that those refused together don't come back together."""
        return self.rng.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * _GROWTH ** min(attempt, _GROWN)))
