"""Somebody new who administers a channel."""

from datetime import date

from bot.domain.channels import Register
from bot.domain.requests.declaring import Effect, Kind, Step, existing_channel
from bot.domain.requests.fields import Fault, Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.kinds.shared import (
    ADMINS,
    CHANNEL,
    CONTACT,
    STAFFING,
    TERMS_READ,
    TYPED_ADMINS,
    admins_effects,
)
from bot.domain.requests.reading import at_least_one


def _effects(designation: str, form: Form) -> tuple[Effect, ...]:
    return admins_effects(form.fact("channel"), form)


def _conflicts(form: Form, register: Register, today: date) -> tuple[Problem, ...]:
    """Nobody is appointed twice."""
    entry = existing_channel(form, register)
    if isinstance(entry, Problem):
        return (entry,)
    there = [one for one in form.admins if one in entry.admins]
    return tuple(Problem(field="admins", fault=Fault.ALREADY_ADMIN, subject=one) for one in there)


APPOINT_ADMIN = Kind(
    id="appoint_admin",
    steps=(Step.DECISION,),
    fields=(CHANNEL, ADMINS, TYPED_ADMINS, CONTACT, STAFFING, TERMS_READ),
    rules=(at_least_one("admins", "typed_admins"),),
    effects=_effects,
    conflicts=_conflicts,
    passage="forvaltningschefens-ansvar/3",
)
