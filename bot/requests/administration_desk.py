"""An administration's own stream as use cases meet it: absences of its deciders, and its standing decisions."""

import logging
from collections.abc import Callable
from datetime import date, datetime

from bot.contents import opened
from bot.domain import administrations
from bot.domain.administrations import (
    AdministrationRecord,
    Command,
    EndAbsence,
    RecordStandingDecision,
    Refusal,
    SetAbsence,
    StandingDecisionRecorded,
    stream_of,
)
from bot.domain.request_views import RuleInForce
from bot.domain.requests import FormTexts
from bot.domain.zone import local_day
from bot.requests.administration_record import TABLE, administration_event, administration_from
from bot.services import Services
from storage.store import Appended, KeyTaken

log = logging.getLogger(__name__)


class AdministrationDesk:
    def __init__(self, services: Services) -> None:
        self._at = services

    async def set_absence(self, person: str, until: date, *, key: str) -> tuple[str, ...] | Refusal:
        """From today, in every administration where the person is head or deputy: their ids."""
        today = local_day(self._at.clock())
        command = SetAbsence(starts=today, until=until)
        return await self._everywhere(person, lambda unit: command, key)

    async def end_absence(self, person: str, *, key: str) -> tuple[str, ...] | Refusal:
        return await self._everywhere(person, lambda unit: EndAbsence(), key)

    async def _everywhere(
        self, person: str, command: Callable[[str], Command], key: str
    ) -> tuple[str, ...] | Refusal:
        """One who is not absent in one of several is refused there alone; refused everywhere, it is told."""
        units = self._at.organisation.administrations.values()
        held = [one.id for one in units if person in (one.head, *one.deputies)]
        refused = Refusal(reason=administrations.Reason.NOT_ALLOWED)
        done = []
        for unit in held:
            outcome = await self._carry_out(unit, command(unit), by=person, key=f"{key}:{unit}")
            if isinstance(outcome, Refusal):
                refused = outcome
            else:
                done.append(unit)
        return tuple(done) if done else refused

    async def record_standing(
        self, administration: str, decision: StandingDecisionRecorded, *, at: datetime
    ) -> bool:
        """False when it stands already."""
        command = RecordStandingDecision(decision=decision)
        key = f"standing:{decision.request}"
        return await self._carry_out(administration, command, by=decision.by, key=key) is None

    async def _carry_out(self, administration: str, command: Command, *, by: str, key: str) -> Refusal | None:
        """None once it stands on record. Somebody else's change in between is looked at first."""
        while True:
            record = await self._record(administration)
            events = administrations.decide(
                record, command, by=by, today=local_day(self._at.clock()), organisation=self._at.organisation
            )
            if isinstance(events, Refusal):
                return events
            done = await self._at.store.append(
                stream_of(administration),
                [administration_event(one) for one in events],
                expected_version=record.revision,
                actor=by,
                at=self._at.clock(),
                keys=(key,),
            )
            if isinstance(done, Appended | KeyTaken):
                log.info("an administration's stream was changed", extra={"actor": by})
                return None

    async def _record(self, administration: str) -> AdministrationRecord:
        doc = await self._at.store.get(TABLE, administration)
        return administration_from(doc) if doc else AdministrationRecord(id=administration)

    async def rules(self) -> tuple[RuleInForce, ...]:
        """What stands decided about working hours, administration by administration."""
        today = local_day(self._at.clock())
        made = []
        for unit in self._at.organisation.administrations:
            holding = (await self._record(unit)).holding(today)
            form = await opened(self._at.store, holding.made.texts_ref, FormTexts) if holding else None
            rule = form.values.get("rule", "") if form else ""
            made.append(RuleInForce(administration=unit, decision=holding, rule=rule))
        return tuple(made)
