"""Carrying out what is asked of a request: right and state checked here, durable before it is acknowledged."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.cases.trail import record_refused
from bot.desks import next_designation, recorded
from bot.domain import requests
from bot.domain.organisation import SYSTEM, Person
from bot.domain.request_views import RequestView
from bot.domain.requests import (
    KINDS,
    Begin,
    Command,
    Complete,
    NamesTexts,
    Reason,
    Refusal,
    Request,
    RequestEvent,
    RequestStatus,
    SaveDraft,
    Submit,
    Surroundings,
    may_see,
)
from bot.domain.zone import local_day
from bot.requests import owing as request_owing
from bot.requests.naming import names_now
from bot.requests.record import request_event, told_in
from bot.requests.viewing import load_request, request_view, surroundings
from bot.requests.wishes import (
    FilledForm,
    RequestChange,
    command_keys,
    consultation_due,
    fill,
    prepare_request,
)
from bot.services import Services
from bot.turns import Sender
from cards.request_payload import Applying, DecidingRequest
from storage.store import Appended, Content, KeyTaken, VersionConflict

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDone:
    """What was asked for stands on record, now or since an earlier delivery of the same click."""

    view: RequestView


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused:
    """Nothing changed; ``view`` is None where there is no request yet, or none that the person may see."""

    refusal: Refusal
    view: RequestView | None = None


class RequestDesk:
    """Where commands on requests are carried out, one version one decision."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def carry_out(
        self, wish: RequestChange, *, by: Sender, activity: str | None
    ) -> RequestDone | RequestRefused:
        """``activity`` identifies the delivery: a repeated one gets the answer that the first one got."""
        delivered = (f"activity:{activity}",) if activity else ()
        keys = (*delivered, *command_keys(wish, by.object_id, self._at.pepper))
        if isinstance(wish, Applying) and wish.request is None:
            return await self._begin(wish, by, keys, delivered)
        return await self._change(wish, by, keys)

    async def _change(
        self, wish: RequestChange, by: Sender, keys: Sequence[str]
    ) -> RequestDone | RequestRefused:
        while True:
            request = await load_request(self._at, wish.request or "")
            within = await surroundings(self._at)
            if request is None or not may_see(request, by.object_id, within):
                return await self._refused(None, Reason.UNKNOWN_REQUEST, wish, by, within)
            if await recorded(self._at.store, keys, by.object_id):
                return await self._done(request.designation, by.object_id)
            if self._at.read_only:
                return await self._refused(request, Reason.ROLES_OUT_OF_DATE, wish, by, within)
            names = await names_now(self._at, request) if isinstance(wish, DecidingRequest) else NamesTexts()
            prepared = prepare_request(wish, request, self._at, names)
            if isinstance(prepared, Refusal):
                return await self._refused(request, prepared, wish, by, within)
            if isinstance(prepared.command, SaveDraft | Submit | Complete):
                await self._at.names.find(prepared.command.form.people, within.organisation)
            person = self._person(by)
            events = requests.decide(request, prepared.command, by=person, at=self._at.clock(), within=within)
            if isinstance(events, Refusal):
                return await self._refused(request, events, wish, by, within)
            done = await self._append(request, events, prepared.contents, person.id, keys, within)
            if isinstance(done, KeyTaken) and done.event.actor != by.object_id:
                return await self._refused(request, Reason.BAD_PAYLOAD, wish, by, within)
            if not isinstance(done, VersionConflict):
                return await self._done(request.designation, by.object_id)

    async def by_itself(self, designation: str, command: Command) -> bool:
        """What a day that has come leads to; whether anything changed."""
        while True:
            request = await load_request(self._at, designation)
            within = await surroundings(self._at)
            if request is None:
                return False
            bot = Person(id=SYSTEM, name="")
            events = requests.decide(request, command, by=bot, at=self._at.clock(), within=within)
            if isinstance(events, Refusal):
                return False
            keys = (f"by_itself:{designation}:{type(command).__name__.lower()}:{request.turn}",)
            done = await self._append(request, events, (), SYSTEM, keys, within)
            if not isinstance(done, VersionConflict):
                return isinstance(done, Appended)

    # A request that is none yet --------------------------------------------------------------------------

    async def _again(
        self, stream: str, wish: Applying, by: Sender, delivered: Sequence[str]
    ) -> RequestDone | RequestRefused:
        """The form made a request before. A draft is sent in by this press too, as the form that was pressed says it:
        only the same delivery, and a second press of what was done, change nothing."""
        request = await load_request(self._at, stream)
        same = await recorded(self._at.store, delivered, by.object_id) is not None
        draft = request is not None and request.status is RequestStatus.DRAFT
        if same or not draft or wish.verb != "request_submit":
            return await self._done(stream, by.object_id)
        sent = wish.model_copy(update={"request": stream})
        return await self._change(sent, by, (*delivered, *command_keys(sent, by.object_id, self._at.pepper)))

    async def _begin(
        self, wish: Applying, by: Sender, keys: Sequence[str], delivered: Sequence[str]
    ) -> RequestDone | RequestRefused:
        """Kept as a draft or sent in, in one commit; a form that is refused leaves nothing behind."""
        within = await surroundings(self._at)
        kind = KINDS.get(wish.kind)
        if kind is None or wish.verb == "request_complete":
            return await self._refused(None, Reason.BAD_PAYLOAD, wish, by, within)
        while True:
            earlier = await recorded(self._at.store, keys, by.object_id)
            if earlier is not None:
                return await self._again(earlier.stream, wish, by, delivered)
            if self._at.read_only:
                return await self._refused(None, Reason.ROLES_OUT_OF_DATE, wish, by, within)
            filled = fill(wish, kind, self._at)
            await self._at.names.find(filled.form.people, within.organisation)
            events = await self._beginning(wish, filled, by, within)
            if isinstance(events, Refusal):
                return await self._refused(None, events, wish, by, within)
            today = local_day(self._at.clock())
            designation = await next_designation(self._at.store, "AN", "request_counters", today)
            person = self._person(by)
            request = requests.drafted(designation, events[0], at=self._at.clock())
            done = await self._append(
                request, events[1:], filled.contents, person.id, keys, within, drafted=events[0]
            )
            if isinstance(done, KeyTaken) and done.event.actor != by.object_id:
                return await self._refused(None, Reason.BAD_PAYLOAD, wish, by, within)
            if isinstance(done, Appended):
                return await self._done(designation, by.object_id)

    async def _beginning(
        self, wish: Applying, filled: FilledForm, by: Sender, within: Surroundings
    ) -> tuple[requests.Drafted, *tuple[RequestEvent, ...]] | Refusal:
        person, at = self._person(by), self._at.clock()
        command = Begin(kind=wish.kind, form=filled.form, administration=wish.administration)
        drafted = requests.begin(command, by=person, within=within)
        if isinstance(drafted, Refusal) or wish.verb == "request_save":
            return drafted if isinstance(drafted, Refusal) else (drafted,)
        submit = Submit(
            form=filled.form,
            administration=wish.administration,
            consultation_due=consultation_due(local_day(at)),
            problems=filled.reading.problems,
        )
        draft = requests.drafted("", drafted, at=at)
        sent = requests.decide(draft, submit, by=person, at=at, within=within)
        return sent if isinstance(sent, Refusal) else (drafted, *sent)

    # What all share --------------------------------------------------------------------------------------

    async def _append(
        self,
        request: Request,
        events: Sequence[RequestEvent],
        contents: Sequence[Content],
        by: str,
        keys: Sequence[str],
        within: Surroundings,
        drafted: requests.Drafted | None = None,
    ) -> Appended | VersionConflict | KeyTaken:
        """``drafted`` is the event that makes the request, when it is none yet."""
        at, after = self._at.clock(), request
        for event in events:
            after = requests.apply(after, event, at=at, by=by)
        row = await self._at.store.get("request_cards", request.designation)
        owes = request_owing.owed(
            None if drafted else request,
            after,
            events,
            told=told_in(row, after.turn),
            within=within,
            day=local_day(at),
        )
        all_events = [*([drafted] if drafted else []), *events]
        done = await self._at.store.append(
            request.designation,
            [request_event(event) for event in all_events],
            expected_version=0 if drafted else request.revision,
            actor=by,
            at=at,
            keys=keys,
            contents=contents,
            owes=owes,
        )
        if isinstance(done, Appended):
            log.info("a request was changed", extra={"request": request.designation, "actor": by})
            self._at.wake()
        return done

    async def _done(self, designation: str, by: str) -> RequestDone:
        request = await load_request(self._at, designation)
        if request is None:
            raise LookupError(f"{designation} is on record but not in the read side")
        return RequestDone(view=await request_view(self._at, request, by, await surroundings(self._at)))

    def _person(self, by: Sender) -> Person:
        known = self._at.organisation.person(by.object_id).name
        return Person(id=by.object_id, name=known or by.name)

    async def _refused(
        self,
        request: Request | None,
        refusal: Refusal | Reason,
        wish: RequestChange,
        by: Sender,
        within: Surroundings,
    ) -> RequestRefused:
        if isinstance(refusal, Reason):
            refusal = Refusal(reason=refusal)
        if refusal.reason in _RECORDED:
            subject = wish.request or ""
            await record_refused(self._at, refusal.reason, verb=wish.verb, subject=subject, by=by.object_id)
        else:
            self._at.measures.refused(refusal.reason)
        view = await request_view(self._at, request, by.object_id, within) if request else None
        return RequestRefused(refusal=refusal, view=view)


_RECORDED = frozenset(
    {
        Reason.NOT_ALLOWED,
        Reason.OWN_REQUEST,
        Reason.NAMED_IN_REQUEST,
        Reason.GAVE_THE_OPINION,
        Reason.REQUESTER_IS_THERE,
        Reason.UNKNOWN_REQUEST,
        Reason.UNKNOWN_ITEM,
        Reason.BAD_PAYLOAD,
        Reason.ROLES_OUT_OF_DATE,
    }
)
