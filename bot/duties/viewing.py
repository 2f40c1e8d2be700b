"""Opening a duty for one person: its names, what was handed in last, and what that person may do."""

from dataclasses import replace

from bot.contents import opened
from bot.domain.channels import Register
from bot.domain.duties import (
    Duty,
    DutyKind,
    DutyTexts,
    EvaluationTexts,
    Reason,
    Refusal,
    may_fulfil,
    may_see,
    responsible,
)
from bot.domain.duty_views import DoneView, DutyView, may_write_on, state_on
from bot.domain.organisation import Organisation
from bot.domain.views import FileText
from bot.domain.zone import local_day
from bot.duties.record import DutyRecord, duty_from
from bot.services import Services


async def load_duty(services: Services, duty: str) -> DutyRecord | None:
    doc = await services.store.get("duties", duty)
    return duty_from(doc) if doc else None


async def duty_for(services: Services, duty: str, viewer: str) -> DutyView | Refusal:
    """The duty as the viewer may see it. An unknown one and a forbidden one are answered alike."""
    record = await load_duty(services, duty)
    register = services.directory.channels().register
    if record is None or not may_see(record.duty, viewer, services.organisation, register):
        return Refusal(reason=Reason.UNKNOWN_DUTY)
    return await duty_view(services, record, viewer)


async def duty_view(services: Services, record: DutyRecord, viewer: str | None) -> DutyView:
    """``viewer`` None sees it as all do who read a unit's Teams channel: what they may is asked of who clicks."""
    duty, organisation = record.duty, services.organisation
    register = services.directory.channels().register
    may = viewer is None or viewer in may_fulfil(duty, organisation, register)
    last = len(duty.fulfilments)
    return DutyView(
        duty=duty,
        name=name_of_duty(services, duty),
        administration=_unit_name(organisation, duty.administration),
        url=_address(services, duty),
        state=state_on(duty, local_day(services.clock())),
        owing=_owing(duty, organisation, register),
        last=await done_view(services, duty, last) if last else None,
        known=await _known(services, duty),
        asked=record.asked,
        may_write=may and may_write_on(duty, local_day(services.clock())),
        may_fulfil=may,
        may_ask=may and duty.kind is DutyKind.SCREENSHOT and duty.is_open,
    )


def _owing(duty: Duty, organisation: Organisation, register: Register) -> tuple[str, ...]:
    return tuple(organisation.person(one).name for one in responsible(duty, organisation, register))


def name_of_duty(services: Services, duty: Duty) -> str:
    """What it is about; a channel whose name is gone goes by its id."""
    if duty.kind is DutyKind.EVALUATION:
        return _unit_name(services.organisation, duty.subject)
    texts = services.directory.channels().texts.get(duty.subject)
    return texts.name if texts else duty.subject


def _address(services: Services, duty: Duty) -> str:
    texts = services.directory.channels().texts.get(duty.subject)
    return texts.address if texts and duty.kind is not DutyKind.EVALUATION else ""


def _unit_name(organisation: Organisation, administration: str) -> str:
    unit = organisation.administrations.get(administration)
    return unit.name if unit else administration


def named_refusal(services: Services, refusal: Refusal) -> Refusal:
    """Who was first by name, for people to read."""
    by = services.organisation.person(refusal.by).name if refusal.by else ""
    return replace(refusal, by=by or None)


async def done_view(services: Services, duty: Duty, number: int) -> DoneView:
    done = duty.fulfilments[number - 1]
    file = await opened(services.store, done.picture.text_ref, FileText) if done.picture else None
    return DoneView(
        number=number,
        by=services.organisation.person(done.by).name,
        at=done.at,
        after_change=done.due is None,
        texts=await _texts(services, duty.kind, done.texts_ref),
        file=file.name if file else "",
        sha256=(file.sha256 or "") if file else "",
        has_document=done.document is not None,
    )


async def _texts(services: Services, kind: DutyKind, ref: str) -> tuple[tuple[str, str], ...]:
    if kind is DutyKind.EVALUATION:
        told = await opened(services.store, ref, EvaluationTexts)
        parts = (
            (("reach", told.reach), ("staffing", told.staffing), ("changes", told.changes)) if told else ()
        )
        return tuple(part for part in parts if part[1])
    texts = await opened(services.store, ref, DutyTexts)
    return (("contacts", texts.text),) if texts and texts.text else ()


async def _known(services: Services, duty: Duty) -> str:
    """The contact details that hold, however often they were confirmed since."""
    if duty.kind is not DutyKind.CONTACT_DETAILS:
        return ""
    refs = (one.texts_ref for one in reversed(duty.fulfilments))
    texts = await opened(services.store, next(filter(None, refs), ""), DutyTexts)
    return texts.text if texts else ""
