"""A new presence on a platform: decided by the head, in consultation with communications before it begins."""

from datetime import date

from bot.domain.channels import Register, channel_id
from bot.domain.organisation import Platform
from bot.domain.requests.declaring import Effect, EffectKind, Kind, Step
from bot.domain.requests.fields import Fault, Field, FieldType, Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.kinds.shared import (
    ADMINS,
    CONTACT,
    STAFFING,
    TERMS_READ,
    TYPED_ADMINS,
    admins_effects,
)
from bot.domain.requests.reading import after, at_least_one


def _effects(designation: str, form: Form) -> tuple[Effect, ...]:
    channel = channel_id(form.fact("platform"), designation)
    return (
        Effect(kind=EffectKind.OPEN_CHANNEL, channel=channel),
        Effect(kind=EffectKind.SCHEDULE_DUTIES, channel=channel),
        *admins_effects(channel, form),
    )


def _conflicts(form: Form, register: Register, today: date) -> tuple[Problem, ...]:
    """The channel is there already, or would have ended before it began."""
    problems = []
    there = register.at_address(form.address_key) if form.address_key else None
    if there is not None:
        problems.append(Problem(field="address", fault=Fault.CHANNEL_EXISTS, subject=there.id))
    ends = form.day("ends")
    if ends is not None and ends <= today:
        problems.append(Problem(field="ends", fault=Fault.NOT_IN_FUTURE))
    return tuple(problems)


OPEN_CHANNEL = Kind(
    id="open_channel",
    steps=(Step.CONSULTATION, Step.DECISION),
    fields=(
        Field(name="platform", type=FieldType.CHOICE, choices=tuple(Platform)),
        Field(name="name", type=FieldType.LINE),
        Field(name="address", type=FieldType.ADDRESS, longest=2000),
        Field(name="purpose", type=FieldType.TEXT, longest=2000),
        Field(name="target_group", type=FieldType.TEXT, longest=1000),
        Field(name="why_not_existing", type=FieldType.TEXT, longest=2000),
        ADMINS,
        TYPED_ADMINS,
        CONTACT,
        STAFFING,
        TERMS_READ,
        Field(name="starts", type=FieldType.DAY, required=False),
        Field(name="ends", type=FieldType.DAY, required=False, future=True),
    ),
    rules=(at_least_one("admins", "typed_admins"), after("ends", "starts")),
    effects=_effects,
    conflicts=_conflicts,
    passage="forvaltningschefens-ansvar/2",
)
