"""How an administration's staff may use social media in working hours: a standing decision."""

from datetime import date

from bot.domain.channels import Register
from bot.domain.requests.declaring import Effect, EffectKind, Kind, Step
from bot.domain.requests.fields import Fault, Field, FieldType, Problem
from bot.domain.requests.forms import Form
from bot.domain.requests.kinds.shared import WHY
from bot.domain.requests.reading import after


def _effects(designation: str, form: Form) -> tuple[Effect, ...]:
    return (Effect(kind=EffectKind.RECORD_STANDING_DECISION),)


def _conflicts(form: Form, register: Register, today: date) -> tuple[Problem, ...]:
    ends = form.day("ends")
    past = ends is not None and ends <= today
    return (Problem(field="ends", fault=Fault.NOT_IN_FUTURE),) if past else ()


WORKING_HOURS_USE = Kind(
    id="working_hours_use",
    steps=(Step.DECISION,),
    fields=(
        Field(name="rule", type=FieldType.TEXT, longest=4000),
        WHY,
        Field(name="starts", type=FieldType.DAY, required=False),
        Field(name="ends", type=FieldType.DAY, required=False, future=True),
    ),
    rules=(after("ends", "starts"),),
    effects=_effects,
    conflicts=_conflicts,
    passage="forvaltningschefens-ansvar/5",
)
