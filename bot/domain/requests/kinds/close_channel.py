"""The end of a presence: decided by the head, in consultation with communications."""

from datetime import date

from bot.domain.channels import Register
from bot.domain.requests.declaring import Effect, EffectKind, Kind, Step, existing_channel
from bot.domain.requests.fields import Field, FieldType, Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.kinds.shared import CHANNEL, WHY


def _effects(designation: str, form: Form) -> tuple[Effect, ...]:
    channel = form.fact("channel")
    return (
        Effect(kind=EffectKind.CLOSE_CHANNEL, channel=channel),
        Effect(kind=EffectKind.TELL_FORMER_ADMIN, channel=channel),
        Effect(kind=EffectKind.CANCEL_DUTIES, channel=channel),
        Effect(kind=EffectKind.ASK_LAST_SCREENSHOT, channel=channel),
    )


def _conflicts(form: Form, register: Register, today: date) -> tuple[Problem, ...]:
    entry = existing_channel(form, register)
    return (entry,) if isinstance(entry, Problem) else ()


CLOSE_CHANNEL = Kind(
    id="close_channel",
    steps=(Step.CONSULTATION, Step.DECISION),
    fields=(
        CHANNEL,
        WHY,
        Field(name="followers_told", type=FieldType.TEXT, longest=1000, required=False),
    ),
    effects=_effects,
    conflicts=_conflicts,
    passage="forvaltningschefens-ansvar/6",
)
