"""Carrying out what is asked of a duty: right and state checked here, durable before it is acknowledged."""

import logging
from collections.abc import Sequence
from typing import assert_never

from bot.cases import owing
from bot.desks import recorded
from bot.domain import duties
from bot.domain.duties import (
    AUTOMATION,
    ChangeDocumented,
    Duty,
    DutyEvent,
    DutyFulfilled,
    Fulfil,
    Reason,
    Refusal,
    ask_for_change,
    decide,
    may_see,
    stream_of,
    trail_of,
)
from bot.domain.zone import local_day
from bot.duties.owing import done_messages, duty_cards, duty_refreshes, recipients
from bot.duties.record import DutyRecord, duty_event
from bot.duties.viewing import load_duty
from bot.services import Services
from storage.store import Appended, Content, KeyTaken, Message, VersionConflict

log = logging.getLogger(__name__)


class DutyDesk:
    """Where commands on duties are carried out, one turn one fulfilment."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def carry_out(
        self,
        duty: str,
        command: duties.Command,
        *,
        by: str,
        keys: Sequence[str],
        once: Sequence[str] = (),
        contents: Sequence[Content] = (),
    ) -> DutyRecord | Refusal:
        """The duty after it, now or since an earlier delivery, which ``keys`` identify. What ``once`` names is
        a picture: accepted once and refused after that, whoever brings it."""
        while True:
            record = await self._seen(duty, by)
            if record is None:
                return Refusal(reason=Reason.UNKNOWN_DUTY)
            if await recorded(self._at.store, keys, by):
                return record
            for before in [await self._at.store.taken(key) for key in once]:
                if before is not None:
                    return Refusal(reason=Reason.SAME_PICTURE, by=before.actor, at=before.at)
            events = self._decided(record.duty, command, by)
            if isinstance(events, Refusal):
                return record if _is_own_repeat(record.duty, command, events, by) else events
            done = await self._append(record, events, by, (*keys, *once), contents)
            if isinstance(done, Appended):
                self._at.wake()
                log.info("a duty was done", extra={"duty": duty, "actor": by})
                return await self._seen(duty, by) or record

    async def ask(self, duty: str, *, by: str, keys: Sequence[str]) -> DutyRecord | Refusal:
        """A screenshot is asked for now; those who owe it get the card again."""
        while True:
            record = await self._seen(duty, by)
            if record is None:
                return Refusal(reason=Reason.UNKNOWN_DUTY)
            register = self._at.directory.channels().register
            event = ask_for_change(record.duty, by=by, organisation=self._at.organisation, register=register)
            if isinstance(event, Refusal) or record.asked:
                return event if isinstance(event, Refusal) else record
            told = recipients(record.duty, self._at.organisation, register, unreachable=record.unreachable)
            others = [one for one in told if one != owing.person(by)]
            done = await self._at.store.append(
                trail_of(duty),
                [duty_event(event)],
                expected_version=record.trail,
                actor=by,
                at=self._at.clock(),
                keys=keys,
                owes=duty_cards(record.duty, others, cause=f"change:{record.trail}"),
            )
            if not isinstance(done, VersionConflict):
                self._at.wake()
                return await self._seen(duty, by) or record

    async def _seen(self, duty: str, by: str) -> DutyRecord | None:
        record = await load_duty(self._at, duty)
        register = self._at.directory.channels().register
        if record is None or by == AUTOMATION:
            return record
        return record if may_see(record.duty, by, self._at.organisation, register) else None

    def _decided(self, duty: Duty, command: duties.Command, by: str) -> Sequence[DutyEvent] | Refusal:
        return decide(
            duty,
            command,
            by=by,
            today=local_day(self._at.clock()),
            organisation=self._at.organisation,
            register=self._at.directory.channels().register,
        )

    async def _append(
        self,
        record: DutyRecord,
        events: Sequence[DutyEvent],
        by: str,
        keys: Sequence[str],
        contents: Sequence[Content],
    ) -> Appended | VersionConflict | KeyTaken:
        return await self._at.store.append(
            stream_of(record.duty.id),
            [duty_event(event) for event in events],
            expected_version=record.duty.revision,
            actor=by,
            at=self._at.clock(),
            keys=keys,
            contents=contents,
            owes=self._owed(record, events, by),
        )

    def _owed(self, record: DutyRecord, events: Sequence[DutyEvent], by: str) -> tuple[Message, ...]:
        """All copies follow, and communications, to whom the guideline has it sent, get what was handed in."""
        owed = duty_refreshes(record, revision=record.duty.revision + len(events))
        if any(_brings_something(event) for event in events):
            number = len(record.duty.fulfilments) + 1
            sent = done_messages(record.duty, number, self._at.organisation)
            owed += tuple(one for one in sent if one.to != owing.person(by))
        return owed


def _brings_something(event: DutyEvent) -> bool:
    match event:
        case ChangeDocumented():
            return True
        case DutyFulfilled():
            return bool(event.picture or event.texts_ref)
        case (
            duties.DutyScheduled()
            | duties.DutyReminded()
            | duties.DutyEscalated()
            | duties.DutyRenewed()
            | duties.DutyCancelled()
        ):
            return False
        case _:
            assert_never(event)


def _is_own_repeat(duty: Duty, command: duties.Command, refusal: Refusal, by: str) -> bool:
    """The same person pressed the same card twice: the first answer is the answer. Another picture is another
    wish."""
    last = duty.last
    return (
        refusal.reason is Reason.ALREADY_FULFILLED
        and isinstance(command, Fulfil)
        and command.picture is None
        and last is not None
        and (last.by, last.due) == (by, command.due)
    )
