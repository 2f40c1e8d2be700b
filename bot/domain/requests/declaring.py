"""What a kind of request is: one declaration of fields, steps, effects and texts, which the engine carries out.

A new kind is one module in ``kinds`` that makes a ``Kind``, and its line in the list there; nothing else knows
kinds by name. Effects are recorded with the approval, so a declaration that changes later changes no old one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.channels import ChannelEntry, Register
from bot.domain.organisation import Organisation
from bot.domain.requests.fields import Fault, Field, FieldType, Problem
from bot.domain.requests.forms import Form, Reading
from bot.domain.requests.reading import Rule, read
from bot.domain.requests.saying import Raw


class Step(StrEnum):
    """What a request goes through once it is submitted."""

    CONSULTATION = "consultation"
    DECISION = "decision"


class EffectKind(StrEnum):
    """What follows from an approval by itself. Each must be safe to carry out twice."""

    OPEN_CHANNEL = "open_channel"
    CLOSE_CHANNEL = "close_channel"
    APPOINT_ADMIN = "appoint_admin"
    REMOVE_ADMIN = "remove_admin"
    NAME_ADMIN = "name_admin"
    """Names were typed that the bot can't tell the people of: communications are asked who they are."""
    SEND_CONTACT_DETAILS = "send_contact_details"
    WELCOME_ADMIN = "welcome_admin"
    TELL_FORMER_ADMIN = "tell_former_admin"
    """Of a person, or without one all who administered the channel when it was closed."""
    SCHEDULE_DUTIES = "schedule_duties"
    CANCEL_DUTIES = "cancel_duties"
    ASK_LAST_SCREENSHOT = "ask_last_screenshot"
    RECORD_STANDING_DECISION = "record_standing_decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    kind: EffectKind
    channel: str = ""
    person: str = ""

    @property
    def key(self) -> str:
        """Tells it from the request's other effects."""
        return ":".join((self.kind, self.channel, self.person)).rstrip(":")


Effects = Callable[[str, Form], tuple[Effect, ...]]
"""From the request's designation and form to its effects, in the order in which they are carried out."""
Conflicts = Callable[[Form, Register, date], tuple[Problem, ...]]
"""What in the register, as it is on that day, stands against approving the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``passage`` is the guideline's clause that the decision rests on."""

    id: str
    steps: tuple[Step, ...]
    fields: tuple[Field, ...]
    effects: Effects
    conflicts: Conflicts
    passage: str
    rules: tuple[Rule, ...] = ()

    @property
    def consults(self) -> bool:
        return Step.CONSULTATION in self.steps

    @property
    def channel_field(self) -> str:
        """The field that says which channel it is about; empty for a kind that is about none yet."""
        return next((one.name for one in self.fields if one.type is FieldType.CHANNEL), "")

    def read(self, raw: Raw, *, today: date, organisation: Organisation) -> Reading:
        return read(self.fields, self.rules, raw, today=today, organisation=organisation)

    def text(self, name: str) -> str:
        """The key in the catalogues of one of the kind's own texts, which ``TEXTS`` names."""
        return f"request.kind.{self.id}.{name}"

    @property
    def keys(self) -> tuple[str, ...]:
        """All that the catalogues must have for it."""
        asked = (key for one in self.fields for key in (one.label, one.hint))
        return (*map(self.text, TEXTS), *asked)

    def administration(self, form: Form, asked: str, register: Register) -> str:
        """Whose head decides: the channel's, or the one that was asked for where there is no channel yet."""
        entry = register.channels.get(form.fact(self.channel_field))
        return entry.administration if entry else asked


TEXTS = ("title", "about", "approved", "rejected")
"""The texts of its own that each kind has: what it is called, what it asks for, and what each verdict says."""


def existing_channel(form: Form, register: Register) -> ChannelEntry | Problem:
    """The active channel that the form is about, or what is wrong with it."""
    entry = register.channels.get(form.fact("channel"))
    if entry is None:
        return Problem(field="channel", fault=Fault.UNKNOWN_CHANNEL)
    if not entry.is_active:
        return Problem(field="channel", fault=Fault.CHANNEL_CLOSED, subject=entry.id)
    return entry
