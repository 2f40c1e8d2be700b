"""Opening a request for one person: its texts from the content store, and what that person may ask of it."""

from dataclasses import replace
from datetime import date

from bot.channels.register import ChannelRegister
from bot.contents import opened
from bot.domain.organisation import Organisation, Person
from bot.domain.request_views import FormChoices, RequestView
from bot.domain.requests import (
    DECIDERS,
    KINDS,
    Awaits,
    Bar,
    ContactTexts,
    FormTexts,
    GiveOpinion,
    Part,
    Reason,
    Refusal,
    Request,
    RequestTexts,
    Surroundings,
    bar_to_decide,
    called_on,
    deputies_there,
    may_be_approved,
    may_see,
    offered,
    parts_of,
    waited_for,
)
from bot.domain.views import Clause
from bot.domain.zone import local_day
from bot.requests.administration_record import TABLE, administration_from
from bot.requests.naming import names_of
from bot.requests.record import request_from
from bot.services import Services

TERMS_CLAUSE = "upphovsratt/p1"


async def load_request(services: Services, designation: str) -> Request | None:
    doc = await services.store.get("requests", designation)
    return request_from(doc) if doc else None


async def surroundings(services: Services) -> Surroundings:
    """Everything a request is judged against, read anew each time: another instance may have changed it."""
    register = await ChannelRegister(services.store, services.pepper).register()
    records = [administration_from(doc) for doc in await services.store.select(TABLE)]
    return Surroundings(
        organisation=services.organisation,
        register=register,
        administrations={one.id: one for one in records},
    )


async def request_for(services: Services, designation: str, viewer: str) -> RequestView | Refusal:
    """An unknown request and a forbidden one are answered alike, so that nobody learns which there are."""
    request = await load_request(services, designation)
    within = await surroundings(services)
    if request is None or not may_see(request, viewer, within):
        return Refusal(reason=Reason.UNKNOWN_REQUEST)
    return await request_view(services, request, viewer, within)


async def request_view(
    services: Services, request: Request, viewer: str | None, within: Surroundings
) -> RequestView:
    """``viewer`` None is whoever reads along in the conversation that communications' cards go to: the inputs are
    shown to all there, and the click is what is checked."""
    store, day = services.store, local_day(services.clock())
    names = await names_of(services, request)
    then = {one: Person(id=one, name=name) for one, name in names.people.items()}
    organisation = replace(services.organisation, people={**services.organisation.people, **then})
    kind = KINDS.get(request.kind)
    contact = await opened(store, request.form.contact_ref, ContactTexts)
    deciding = request.awaits is Awaits.DECISION
    office = organisation.communications.members
    seen_as = viewer if viewer is not None else next(iter(office), "")
    parts = parts_of(request, seen_as, within, day)
    made = request.decision.made if request.decision else None
    conflicts = within.conflicts(kind, request.form, day) if kind and request.awaits else ()
    return RequestView(
        request=request,
        kind=kind,
        organisation=organisation,
        channels={request.form.fact("channel"): names.channel},
        form=await opened(store, request.form.texts_ref, FormTexts),
        contact=contact.contact if contact else "",
        opinions=tuple([await _said(services, one.given.texts_ref) for one in request.opinions]),
        questions=tuple([await _said(services, one.asked.texts_ref) for one in request.questions]),
        answers=tuple([await _said(services, one.answer_ref) for one in request.questions]),
        comments=tuple([await _said(services, one.made.texts_ref) for one in request.comments]),
        decision=await _said(services, made.texts_ref if made else ""),
        withdrawal=await _said(services, request.withdrawal.texts_ref if request.withdrawal else ""),
        clause=await _clause(services, made.passage if made else kind.passage if kind else "", made),
        terms=await _clause(services, TERMS_CLAUSE, None),
        waited_for=waited_for(request, within, day),
        called=called_on(request, within, day) if deciding else None,
        viewer=viewer,
        parts=parts,
        bar=_bar(request, seen_as, parts, within, day),
        may=offered(request, seen_as, within, day)
        if viewer is not None
        else offered(request, seen_as, within, day) & {GiveOpinion},
        deputies=deputies_there(request, seen_as, within, day),
        conflicts=conflicts,
        approvable=may_be_approved(request, conflicts),
        choices=choices_for(organisation, viewer),
    )


def _bar(
    request: Request, person: str, parts: frozenset[Part], within: Surroundings, day: date
) -> Bar | None:
    if parts & DECIDERS and request.awaits is Awaits.DECISION:
        return bar_to_decide(request, person, within, day)
    return request.bar(person) if parts & {*DECIDERS, Part.CONSULTED} else None


async def _said(services: Services, ref: str) -> RequestTexts:
    return await opened(services.store, ref, RequestTexts) or RequestTexts()


async def _clause(services: Services, passage: str, made: object) -> Clause | None:
    """The words as they were when it was decided, else as they are now."""
    version = getattr(made, "guideline", "") or services.policy.guideline.version
    return await services.guidelines.clause(version, passage) if passage else None


def choices_for(organisation: Organisation, person: str | None) -> FormChoices:
    """``own_administration`` is where the person holds an office, if anywhere: a suggestion only."""
    units = organisation.administrations.values()
    own = [one.id for one in units if person in (one.head, *one.deputies, *one.registrars)]
    administered = [one.administration for one in organisation.administered_by(person or "")]
    return FormChoices(
        channels=tuple((one.id, one.name) for one in organisation.channels.values()),
        administrations=tuple((one.id, one.name) for one in units),
        own_administration=next(iter([*own, *administered]), ""),
        people=tuple((one.id, one.name) for one in organisation.people.values() if one.name),
    )
