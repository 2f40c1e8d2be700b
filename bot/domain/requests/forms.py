"""A filled form, as it is read and as the record holds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.requests.fields import Problem

Digest = Callable[[str], str]
"""A keyed digest of a text: tells that two are the same, and nobody can guess the text from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTexts:
    """The free texts of a form by field, as they lie in the content store."""

    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactTexts:
    """Contact details of the administrators that a form names, as they lie in the content store."""

    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTexts:
    """What is said around a request: of an opinion or a decision, of questions, a comment, a withdrawal.

    ``consultation`` tells how the consultation took place when no opinion came in time.
    """

    reason: str = ""
    consultation: str = ""
    questions: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamesTexts:
    """What the ids in a request were called when it was decided, as it lies in the content store: ``channel`` by name,
    the proposed one too, with the code of its ``platform``; ``people`` those that the form names, by object id."""

    organisation: str = ""
    administration: str = ""
    channel: str = ""
    platform: str = ""
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What events hold of a form. ``facts`` are ids, choices, days (ISO 8601) and ticks by field; ``people`` all
    object ids that the form names or may mean by a typed name, ``unknown_people`` how many names more; ``address_key`` is the digest of
    ``normal_address``; ``contact_ref`` holds the contact details, ``texts_ref`` all other texts."""

    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    unknown_people: int = 0
    texts_ref: str = ""
    contact_ref: str = ""
    address_key: str = ""

    def fact(self, name: str) -> str:
        """The field's only or first value; empty where nothing was said."""
        values = self.facts.get(name, ())
        return values[0] if values else ""

    @property
    def admins(self) -> tuple[str, ...]:
        """Those of ``people`` who are meant for sure: to be appointed or removed."""
        return self.facts.get("admins", ())

    def day(self, name: str) -> date | None:
        said = self.fact(name)
        return date.fromisoformat(said) if said else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that could be read of a form, and everything that is wrong with it. A draft may have problems."""

    facts: Mapping[str, tuple[str, ...]]
    people: tuple[str, ...]
    unknown_people: int
    texts: FormTexts
    contact: str = ""
    address: str = ""
    problems: tuple[Problem, ...] = ()

    def form(self, digest: Digest, *, texts_ref: str = "", contact_ref: str = "") -> Form:
        """For the record; the refs are those under which ``texts`` and ``contact`` were sealed, if there are any."""
        return Form(
            facts=self.facts,
            people=self.people,
            unknown_people=self.unknown_people,
            texts_ref=texts_ref,
            contact_ref=contact_ref,
            address_key=digest(self.address) if self.address else "",
        )
