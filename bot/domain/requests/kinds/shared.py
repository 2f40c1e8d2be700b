"""Fields that more than one kind of request asks for, asked for in the same words."""

from bot.domain.requests.declaring import Effect, EffectKind
from bot.domain.requests.fields import Field, FieldType
from bot.domain.requests.forms import Form

CHANNEL = Field(name="channel", type=FieldType.CHANNEL)
ADMINS = Field(name="admins", type=FieldType.PEOPLE, required=False)
TYPED_ADMINS = Field(
    name="typed_admins", type=FieldType.TYPED_PEOPLE, required=False, longest=100, stands_for="admins"
)
CONTACT = Field(name="contact", type=FieldType.CONTACT, longest=1000)
STAFFING = Field(name="staffing", type=FieldType.TEXT, longest=2000)
TERMS_READ = Field(name="terms_read", type=FieldType.TICK)
WHY = Field(name="why", type=FieldType.TEXT, longest=2000)


def admins_effects(channel: str, form: Form) -> tuple[Effect, ...]:
    """The role at once, contact details to communications, a welcome to each; unknown names are asked about."""
    effects = [Effect(kind=EffectKind.APPOINT_ADMIN, channel=channel, person=one) for one in form.admins]
    if form.unknown_people:
        effects.append(Effect(kind=EffectKind.NAME_ADMIN, channel=channel))
    effects.append(Effect(kind=EffectKind.SEND_CONTACT_DETAILS, channel=channel))
    effects += [Effect(kind=EffectKind.WELCOME_ADMIN, channel=channel, person=one) for one in form.admins]
    return tuple(effects)
