"""What a form can ask for, field by field, and what can be wrong with an answer."""

from dataclasses import dataclass
from enum import StrEnum


class FieldType(StrEnum):
    """How a field is asked for, checked and kept.

    Facts (choices, ids, days, ticks) stand in events; texts lie in the erasable content store, contact details
    under a reference of their own, since they go when the administrator goes.
    """

    LINE = "line"
    TEXT = "text"
    ADDRESS = "address"
    CONTACT = "contact"
    TYPED_PEOPLE = "typed_people"
    """Names, for those whom the people picker doesn't find; who is known by that name for sure becomes a picked person."""
    CHOICE = "choice"
    CHANNEL = "channel"
    PEOPLE = "people"
    DAY = "day"
    TICK = "tick"


FACTS = frozenset({FieldType.CHOICE, FieldType.CHANNEL, FieldType.PEOPLE, FieldType.DAY, FieldType.TICK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """``longest`` counts characters, ``most`` people; a tick that is ``required`` must be set.

    ``stands_for`` of a field of typed people names the field of picked people that it is the fallback of.
    """

    name: str
    type: FieldType
    required: bool = True
    longest: int = 200
    most: int = 10
    choices: tuple[str, ...] = ()
    future: bool = False
    stands_for: str = ""

    @property
    def is_fact(self) -> bool:
        return self.type in FACTS

    @property
    def label(self) -> str:
        """The key of its label in the catalogues; ``hint`` that of the line below it."""
        return f"request.field.{self.name}"

    @property
    def hint(self) -> str:
        return f"request.field.{self.name}.hint"


class Fault(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    NOT_AN_ADDRESS = "not_an_address"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_PERSON = "not_a_person"
    NOT_A_DAY = "not_a_day"
    NOT_IN_FUTURE = "not_in_future"
    BEFORE_START = "before_start"
    NOT_TICKED = "not_ticked"
    UNKNOWN_CHANNEL = "unknown_channel"
    CHANNEL_CLOSED = "channel_closed"
    CHANNEL_EXISTS = "channel_exists"
    ALREADY_ADMIN = "already_admin"
    NOT_AN_ADMIN = "not_an_admin"
    ADMIN_BY_GROUP = "admin_by_group"
    """Administers the channel by an Entra group, which no decision changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field, never what stood there.

    ``limit`` is the most there may be; ``subject`` the id of the channel or person that is in the way.
    """

    field: str
    fault: Fault
    limit: int | None = None
    subject: str = ""
