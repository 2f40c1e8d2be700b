"""Carrying out what a click asks for: right and state checked here, durable before it is acknowledged."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot import owing
from bot.clauses import clause_of, clause_of_answer_by_another
from bot.contents import sealed
from bot.domain import cases
from bot.domain.cases import (
    Actor,
    Case,
    CaseEvent,
    Command,
    DecisionKind,
    ForwardPurpose,
    Reason,
    Refusal,
    decide,
)
from bot.domain.organisation import Organisation
from bot.domain.rights import may_see, right_to_decide, right_to_register
from bot.domain.views import CaseView, DecisionTexts
from bot.policy.guideline import Guideline
from bot.record import store_form
from bot.services import Services
from bot.trail import record_refusal, touch
from bot.turns import Sender
from bot.viewing import load_case, view_of
from cards.payload import Confirming, Deciding, Forwarding, Registering, ReportingToPolice, SuspectingAbuse
from storage.store import Appended, Content, KeyTaken, Message

log = logging.getLogger(__name__)

CaseWish = Deciding | Forwarding | Confirming | SuspectingAbuse | ReportingToPolice | Registering


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was asked for stands on record, now or since an earlier delivery of the same click."""

    view: CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing changed; ``view`` is None when the person may not even see the case."""

    refusal: Refusal
    view: CaseView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """A wish as the domain's command, with the texts it brings."""

    command: Command
    contents: tuple[Content, ...]


class CaseDesk:
    """Where commands on cases are carried out, one version one decision."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def carry_out(self, wish: CaseWish, *, by: Sender, activity: str) -> Done | Refused:
        """``activity`` identifies the delivery: a repeated one gets the answer that the first one got."""
        keys = (f"activity:{activity}", *_command_keys(wish, by))
        while True:
            case = await load_case(self._at, wish.case)
            if case is None or not may_see(case, by.object_id, self._at.organisation):
                return await self._refused(None, Reason.UNKNOWN_CASE, wish, by)
            if await self._recorded(keys, by.object_id):
                # By another instance perhaps, and since the case was read.
                return await self._done(case, by)
            prepared = self._prepare(wish, case)
            if isinstance(prepared, Refusal):
                return await self._refused(case, prepared, wish, by)
            actor = self._actor(case, wish, by)
            events = decide(case, prepared.command, by=actor, at=self._at.clock())
            if isinstance(events, Refusal):
                return await self._refused(case, events, wish, by)
            if await self._append(case, events, prepared.contents, by.object_id, keys):
                self._at.wake()
                return await self._done(case, by)

    async def _done(self, case: Case, by: Sender) -> Done:
        after = await load_case(self._at, case.designation)
        return Done(view=await view_of(self._at, after or case, by.object_id))

    async def _recorded(self, keys: Sequence[str], by: str) -> bool:
        """Whether one of the keys was taken by this very person: a key is never another person's answer."""
        events = [await self._at.store.taken(key) for key in keys]
        return any(event is not None and event.actor == by for event in events)

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
    ) -> bool:
        """False when somebody else was quicker: look at the case anew."""
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
            owes=_owed(case, after, events, self._at.organisation),
        )
        if not isinstance(done, Appended):
            return isinstance(done, KeyTaken) and done.event.actor == by
        for event in events:
            if isinstance(event, cases.CopyDestroyed):
                await self._at.store.dispose(event.refs)
        log.info("a command was carried out", extra={"case": case.designation, "actor": by})
        return True

    async def _refused(
        self, case: Case | None, refusal: Refusal | Reason, wish: CaseWish, by: Sender
    ) -> Refused:
        if isinstance(refusal, Reason):
            refusal = Refusal(reason=refusal)
        if refusal.reason in _RECORDED:
            await record_refusal(self._at, refusal, verb=wish.verb, subject=wish.case, by=by.object_id)
        elif case is not None and right_to_decide(case, by.object_id, self._at.organisation):
            await touch(self._at, case, by.object_id)
        view = await view_of(self._at, case, by.object_id) if case else None
        return Refused(refusal=refusal, view=view)

    def _prepare(self, wish: CaseWish, case: Case) -> _Prepared | Refusal:
        guideline = self._at.policy.guideline
        match wish:
            case Deciding():
                return _deciding(wish, guideline)
            case Forwarding():
                return self._forwarding(wish, case, guideline)
            case Confirming(verb="applied"):
                return _Prepared(command=cases.ConfirmApplied(), contents=())
            case Confirming():
                return _Prepared(command=cases.ConfirmVerified(), contents=())
            case SuspectingAbuse():
                texts = sealed(DecisionTexts(reason=self._at.law.abuse_reason))
                command: Command = cases.SuspectAbuse(
                    seen=wish.version,
                    texts_ref=texts.ref,
                    passage=clause_of(DecisionKind.DELETE, guideline),
                    guideline=guideline.version,
                )
                return _Prepared(command=command, contents=(texts,))
            case ReportingToPolice():
                if wish.police_date is None:
                    return Refusal(reason=Reason.POLICE_DATE_WRONG, field="police_date")
                texts = sealed(DecisionTexts(police_reference=wish.police_reference))
                command = cases.ReportToPolice(
                    reference_ref=texts.ref,
                    reported=wish.police_date,
                    has_reference=bool(wish.police_reference),
                )
                return _Prepared(command=command, contents=(texts,))
            case Registering():
                return _Prepared(command=cases.Register(item=wish.item, number=wish.number), contents=())

    def _forwarding(self, wish: Forwarding, case: Case, guideline: Guideline) -> _Prepared:
        receivers = _receivers(wish.to, case, self._at.organisation)
        texts = sealed(DecisionTexts(note=wish.note))
        answer = wish.purpose is ForwardPurpose.ANSWER
        passage = (
            clause_of_answer_by_another(guideline) if answer else clause_of(DecisionKind.FORWARD, guideline)
        )
        command = cases.Forward(
            seen=wish.version,
            to=wish.to,
            purpose=wish.purpose,
            administration=receivers.administration,
            people=receivers.people,
            texts_ref=texts.ref,
            passage=passage,
            guideline=guideline.version,
        )
        return _Prepared(command=command, contents=(texts,))


_RECORDED = frozenset(
    {Reason.NOT_ALLOWED, Reason.UNKNOWN_CASE, Reason.UNKNOWN_ITEM, Reason.WRONG_FOR_KIND, Reason.BAD_PAYLOAD}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Receivers:
    people: tuple[str, ...]
    administration: str


def _receivers(to: str, case: Case, organisation: Organisation) -> _Receivers:
    """Who a forwarded case goes to: a unit's registrars take it in, a person gets it themselves."""
    unit = organisation.administrations.get(to)
    if unit is not None:
        return _Receivers(people=unit.registrars, administration=unit.id)
    person = to.lower()
    if person not in organisation.people:
        return _Receivers(people=(), administration=case.administration)
    own = next(
        (one.id for one in organisation.administrations.values() if person in (one.head, *one.deputies)),
        case.administration,
    )
    return _Receivers(people=(person,), administration=own)


def _deciding(wish: Deciding, guideline: Guideline) -> _Prepared:
    texts = sealed(
        DecisionTexts(
            reason=wish.reason, law=wish.law, reply=wish.reply, police_reference=wish.police_reference
        )
    )
    command = cases.Decide(
        kind=wish.kind,
        seen=wish.version,
        texts_ref=texts.ref,
        has_reason=bool(wish.reason),
        has_law=bool(wish.law),
        has_reply=bool(wish.reply),
        ground=wish.ground,
        obvious=wish.obvious,
        police=wish.police,
        has_police_reference=bool(wish.police_reference),
        police_date=wish.police_date,
        passage=clause_of(wish.kind, guideline),
        guideline=guideline.version,
    )
    if wish.verb == "reverse":
        return _Prepared(command=cases.Reverse(decision=command), contents=(texts,))
    return _Prepared(command=command, contents=(texts,))


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
            what = f"{wish.item}:{wish.verb}"
        case ReportingToPolice():
            return ()
    return (f"command:{by.object_id}:{what}",)


def _owed(
    before: Case, after: Case, events: Sequence[CaseEvent], organisation: Organisation
) -> tuple[Message, ...]:
    owes: list[Message] = list(owing.refreshes(before, revision=after.revision))
    known = {item.id for item in before.registrations}
    for item in after.registrations:
        registrars = organisation.registrars_of(item.administration)
        if item.id not in known:
            owes += owing.registration_cards(item.id, after.designation, registrars)
        else:
            owes += owing.registration_refreshes(
                item.id, after.designation, registrars, revision=after.revision
            )
    newcomers = [one for one in after.assignees if owing.person(one) not in before.recipients]
    if any(isinstance(event, cases.Assigned | cases.Decided) for event in events):
        owes += owing.case_cards(
            after.designation,
            [owing.person(one) for one in newcomers],
            cause="forwarded",
        )
    return tuple(owes)
