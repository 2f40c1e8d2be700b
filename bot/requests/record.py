"""Requests between the domain and the store: events to and from their stored form, and the read side they keep.

Read-side tables: ``requests`` (designation -> the request), ``open_requests`` (what somebody is waited for in),
``request_cards`` (who has been owed the card in which turn), ``requests_of/<object id>`` (what a person has asked for), ``owed_effects`` (what
is approved and not yet carried out), ``request_counters`` (year -> last number given); and in ``unregistered``, which
the cases' items share, what is to be registered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.adapters import EventForms, doc_of, read_from
from bot.domain import requests
from bot.domain.requests import Request, RequestEvent, TrailEvent
from bot.erasing import destroyed
from storage.store import Drop, Event, Json, Message, Put, Tables

_EVENTS: Mapping[str, type[RequestEvent | TrailEvent]] = {
    "request_drafted": requests.Drafted,
    "request_saved": requests.DraftSaved,
    "request_submitted": requests.Submitted,
    "request_opinion_given": requests.OpinionGiven,
    "request_consultation_lapsed": requests.ConsultationLapsed,
    "request_more_asked": requests.MoreAsked,
    "request_completed": requests.Completed,
    "request_resumed": requests.Resumed,
    "request_decided": requests.Decided,
    "request_withdrawn": requests.Withdrawn,
    "request_reassigned": requests.Reassigned,
    "request_handed_over": requests.HandedOver,
    "request_commented": requests.Commented,
    "request_registered": requests.Registered,
    "request_delivered": requests.Delivered,
    "request_unreachable": requests.Unreachable,
    "request_reached": requests.Reached,
    "request_opened": requests.Opened,
    "request_reminded": requests.Reminded,
    "request_escalated": requests.Escalated,
    "request_deputies_called": requests.DeputiesCalled,
    "request_document_asked": requests.DocumentAsked,
    "request_effect_carried_out": requests.EffectCarriedOut,
}
"""Kinds of their own: cases have a ``decided`` and a ``registered`` too, and neither is read as the other."""
_FORMS = EventForms(_EVENTS)
request_event, request_happened = _FORMS.stored, _FORMS.happened

REQUEST_MESSAGE = "request"
"""The kind of an owed message that brings a request's card; its recipients are told of every change."""
REQUEST_ITEM_MESSAGE = "request_item"
"""The same for the card of a request's registration item."""


def is_request(designation: str) -> bool:
    return designation.startswith("AN-")


def request_from(doc: Json) -> Request:
    return read_from(doc, Request)


def fold_request(request: Request | None, event: Event) -> Request | None:
    """The request after a stored event of its stream or trail; None before it was drafted."""
    happened = request_happened(event)
    return request if happened is None else _after(request, happened, event)


def _after(request: Request | None, happened: RequestEvent | TrailEvent, event: Event) -> Request:
    if isinstance(happened, requests.Drafted):
        request = requests.drafted(event.stream, happened, at=event.at)
    elif request is None:
        raise ValueError(f"{event.stream}: event {event.seq} comes before the request was drafted")
    else:
        request = requests.apply(request, happened, at=event.at, by=event.actor)
    return _with_recipients(request, event.owes) if event.owes else request


def _with_recipients(request: Request, owes: Iterable[Message]) -> Request:
    """Who is owed a card has one, as far as the record knows."""
    owes = tuple(owes)
    told = _joined(request.recipients, (one.to for one in owes if one.kind == REQUEST_MESSAGE))
    item = request.registration
    if item is not None:
        registrars = (one.to for one in owes if one.kind == REQUEST_ITEM_MESSAGE)
        item = replace(item, recipients=_joined(item.recipients, registrars))
    return replace(request, recipients=told, registration=item)


def _joined(before: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*before, *more)))


def project_request(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is no request's."""
    happened = request_happened(event)
    if happened is None:
        return
    designation = event.stream.partition("/")[0]
    doc = tables.get("requests", designation)
    before = request_from(doc) if doc else None
    request = _after(before, happened, event)
    yield Put(table="requests", key=designation, doc=doc_of(request))
    if isinstance(happened, requests.Drafted):
        _, year, number = designation.split("-")
        yield Put(table="request_counters", key=year, doc={"last": int(number)})
    if before is None or request.requesters != before.requesters:
        for person in request.requesters:
            yield Put(table=f"requests_of/{person}", key=designation, doc={"designation": designation})
    yield from _waits(before, request)
    yield from _told(designation, event, tables)
    yield from _owed(before, request)
    yield from destroyed(requests.freed_contacts(before, request))
    if isinstance(happened, requests.Registered):
        yield Drop(table="unregistered", key=happened.item)


def _waits(before: Request | None, request: Request) -> Iterable[Put | Drop]:
    if request.awaits is not None:
        doc = {
            "designation": request.designation,
            "administration": request.administration,
            "awaits": request.awaits,
            "since": request.since.isoformat(),
        }
        yield Put(table="open_requests", key=request.designation, doc=doc)
    elif before is not None and before.awaits:
        yield Drop(table="open_requests", key=request.designation)


def _told(designation: str, event: Event, tables: Tables) -> Iterable[Put]:
    """By the turn that the message names: all that a commit owes hangs on the first of its events."""
    messages = [one for one in event.owes if one.kind == REQUEST_MESSAGE]
    if messages:
        turn = messages[-1].data["turn"]
        known = told_in(tables.get("request_cards", designation), turn)
        told = _joined(known, (one.to for one in messages if one.data["turn"] == turn))
        yield Put(table="request_cards", key=designation, doc={"turn": turn, "told": list(told)})


def told_in(row: Json | None, turn: int) -> tuple[str, ...]:
    """Who has been owed the card in that turn."""
    return tuple(row["told"]) if row and row["turn"] == turn else ()


def _owed(before: Request | None, request: Request) -> Iterable[Put | Drop]:
    """What a decision leaves to be done: its effects, and a number from the registrar."""
    name, item = request.designation, request.registration
    if request.effects_left:
        yield Put(table="owed_effects", key=name, doc={"designation": name})
    elif before is not None and before.effects_left:
        yield Drop(table="owed_effects", key=name)
    if item is not None and (before is None or before.registration is None):
        doc = {
            "item": item.id,
            "designation": name,
            "administration": item.administration,
            "owed_at": item.owed_at.isoformat(),
        }
        yield Put(table="unregistered", key=item.id, doc=doc)
