"""Carrying out what a click asks for: right and state checked here, durable before it is acknowledged."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cases import owing
from bot.cases.evidence import FetchedFiles
from bot.cases.record import store_form
from bot.cases.trail import record_refusal, touch
from bot.cases.viewing import load_case, view_of
from bot.cases.wishes import CaseWish, prepare
from bot.desks import recorded
from bot.domain import cases
from bot.domain.cases import (
    Actor,
    Case,
    CaseEvent,
    Reason,
    Refusal,
    decide,
)
from bot.domain.organisation import Organisation
from bot.domain.rights import may_see, right_to_decide, right_to_register
from bot.domain.views import CaseView
from bot.erasing import erase
from bot.readers import list_readers
from bot.services import Services
from bot.turns import Sender
from cards.payload import Confirming, Deciding, Forwarding, Registering, ReportingToPolice, SuspectingAbuse
from storage.store import Appended, Content, KeyTaken, Message, VersionConflict

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was asked for stands on record, now or since an earlier delivery of the same click."""

    view: CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing changed; ``view`` is None when the person may not even see the case."""

    refusal: Refusal
    view: CaseView | None


class CaseDesk:
    """Where commands on cases are carried out, one version one decision."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def carry_out(self, wish: CaseWish, *, by: Sender, activity: str | None) -> Done | Refused:
        """``activity`` identifies the delivery: a repeated one gets the answer that the first one got."""
        keys = (*((f"activity:{activity}",) if activity else ()), *_command_keys(wish, by))
        while True:
            case = await load_case(self._at, wish.case)
            if case is None or not may_see(case, by.object_id, self._at.organisation):
                return await self._refused(None, Reason.UNKNOWN_CASE, wish, by)
            if await recorded(self._at.store, keys, by.object_id):
                # By another instance perhaps, and since the case was read.
                return await self._done(case, by)
            if self._at.read_only:
                return await self._refused(case, Reason.ROLES_OUT_OF_DATE, wish, by)
            prepared = prepare(wish, case, self._at)
            if isinstance(prepared, Refusal):
                return await self._refused(case, prepared, wish, by)
            actor = self._actor(case, wish, by)
            events = decide(case, prepared.command, by=actor, at=self._at.clock())
            if isinstance(events, Refusal):
                return await self._refused(case, events, wish, by)
            done = await self._append(case, events, prepared.contents, by.object_id, keys)
            if isinstance(done, KeyTaken) and done.event.actor != by.object_id:
                return await self._refused(case, Reason.BAD_PAYLOAD, wish, by)
            if not isinstance(done, VersionConflict):
                self._at.wake()
                return await self._done(case, by)

    async def _done(self, case: Case, by: Sender) -> Done:
        after = await load_case(self._at, case.designation)
        return Done(view=await view_of(self._at, after or case, by.object_id))

    def _actor(self, case: Case, wish: CaseWish, by: Sender) -> Actor:
        organisation = self._at.organisation
        right = right_to_decide(case, by.object_id, organisation)
        if isinstance(wish, Registering):
            item = next((one for one in case.registrations if one.id == wish.item), None)
            right = right_to_register(item, by.object_id, organisation) if item else right
        known = organisation.person(by.object_id).name
        return Actor(id=by.object_id, name=known or by.name, right=right)

    async def _append(
        self,
        case: Case,
        events: Sequence[CaseEvent],
        contents: Sequence[Content],
        by: str,
        keys: Sequence[str],
    ) -> Appended | VersionConflict | KeyTaken:
        """After a conflict somebody else was quicker: the case has to be looked at anew."""
        at = self._at.clock()
        after = case
        for event in events:
            after = cases.apply(after, event, at=at, by=by)
        done = await self._at.store.append(
            case.designation,
            [store_form(event) for event in events],
            expected_version=case.revision,
            actor=by,
            at=at,
            keys=keys,
            contents=contents,
            owes=await self._owed(case, after, events),
        )
        if not isinstance(done, Appended):
            return done
        for event in events:
            if isinstance(event, cases.Decided):
                self._at.measures.decided(event.kind)
            if isinstance(event, cases.CopyDestroyed):
                self._at.forget_answers()
                await erase(self._at.store, event.refs)
        log.info("a command was carried out", extra={"case": case.designation, "actor": by})
        return done

    async def _owed(self, before: Case, after: Case, events: Sequence[CaseEvent]) -> tuple[Message, ...]:
        owes = _owed(before, after, events, self._at.organisation)
        if any(isinstance(event, cases.CopyDestroyed) for event in events):
            owes += owing.list_refreshes(after, await list_readers(self._at.store))
        return owes

    async def _refused(
        self, case: Case | None, refusal: Refusal | Reason, wish: CaseWish, by: Sender
    ) -> Refused:
        if isinstance(refusal, Reason):
            refusal = Refusal(reason=refusal)
        if refusal.reason in _RECORDED:
            await record_refusal(self._at, refusal, verb=wish.verb, subject=wish.case, by=by.object_id)
        else:
            self._at.measures.refused(refusal.reason)
            if case is not None and right_to_decide(case, by.object_id, self._at.organisation):
                await touch(self._at, case, by.object_id)
        view = await view_of(self._at, case, by.object_id) if case else None
        return Refused(refusal=refusal, view=view)


_RECORDED = frozenset(
    {
        Reason.NOT_ALLOWED,
        Reason.UNKNOWN_CASE,
        Reason.UNKNOWN_ITEM,
        Reason.WRONG_FOR_KIND,
        Reason.BAD_PAYLOAD,
        Reason.ROLES_OUT_OF_DATE,
    }
)


def _command_keys(wish: CaseWish, by: Sender) -> tuple[str, ...]:
    """The same card, person, verb and version: a second accepted click is the first one.

    A police report has no version of its own and may be corrected on the same day, so only the delivery
    itself is recognised there; and its reference is a text, which has no place in a key.
    """
    match wish:
        case Deciding():
            what = f"{wish.case}:{wish.verb}.{wish.kind}:{wish.version}"
        case Forwarding():
            what = f"{wish.case}:{wish.verb}.{wish.purpose}.{wish.to}:{wish.version}"
        case Confirming() | SuspectingAbuse():
            what = f"{wish.case}:{wish.verb}:{wish.version}"
        case Registering():
            number = hashlib.sha256(wish.number.encode()).hexdigest()[:16]
            what = f"{wish.item}:{wish.verb}:{number}:{wish.seen}"
        case ReportingToPolice() | FetchedFiles():
            return ()
    return (f"command:{by.object_id}:{what}",)


def _owed(
    before: Case, after: Case, events: Sequence[CaseEvent], organisation: Organisation
) -> tuple[Message, ...]:
    """Updates for all who have a card, and cards for those who are to have one now."""
    cause = str(after.revision)
    owes = [*owing.refreshes(before, cause=cause)]
    known = {item.id for item in before.registrations}
    for item in after.registrations:
        if item.id in known:
            owes += owing.registration_refreshes(item, after, cause=cause)
        else:
            registrars = owing.registrars_of(item.administration, organisation)
            owes += owing.registration_cards(item.id, after.designation, registrars)
    # A new card also for those who have one: an update far up in the chat tells nobody that it is their turn.
    people = [
        one for event in events if isinstance(event, cases.Assigned | cases.Decided) for one in event.people
    ]
    to = [owing.person(one) for one in people]
    owes += owing.case_cards(after.designation, to, cause="forwarded", at=f":{after.version}")
    return tuple(owes)
