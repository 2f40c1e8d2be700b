"""Somebody who no longer administers a channel; its last one too, then its cards go to communications."""

from datetime import date

from bot.domain.channels import Register
from bot.domain.requests.declaring import Effect, EffectKind, Kind, Step, existing_channel
from bot.domain.requests.fields import Fault, Field, FieldType, Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.kinds.shared import CHANNEL, WHY


def _effects(designation: str, form: Form) -> tuple[Effect, ...]:
    channel = form.fact("channel")
    removed = [Effect(kind=EffectKind.REMOVE_ADMIN, channel=channel, person=one) for one in form.admins]
    told = [Effect(kind=EffectKind.TELL_FORMER_ADMIN, channel=channel, person=one) for one in form.admins]
    return (*removed, Effect(kind=EffectKind.SEND_CONTACT_DETAILS, channel=channel), *told)


def _conflicts(form: Form, register: Register, today: date) -> tuple[Problem, ...]:
    entry = existing_channel(form, register)
    if isinstance(entry, Problem):
        return (entry,)
    strangers = [one for one in form.admins if one not in entry.admins]
    return tuple(Problem(field="admins", fault=Fault.NOT_AN_ADMIN, subject=one) for one in strangers)


REMOVE_ADMIN = Kind(
    id="remove_admin",
    steps=(Step.DECISION,),
    fields=(CHANNEL, Field(name="admins", type=FieldType.PEOPLE), WHY),
    effects=_effects,
    conflicts=_conflicts,
    passage="forvaltningschefens-ansvar/3",
)
