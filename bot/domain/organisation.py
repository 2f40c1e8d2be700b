"""The municipality as the organisation file describes it: people, roles, administrations, channels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SYSTEM = "system"
"""Stands in the place of a person's id for what happens by itself."""


class Role(StrEnum):
    STAFF = "staff"
    CHANNEL_ADMIN = "channel_admin"
    HEAD = "head"
    COMMUNICATIONS = "communications"
    REGISTRAR = "registrar"


class Platform(StrEnum):
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    LINKEDIN = "linkedin"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    X = "x"
    BLOG = "blog"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """``id`` is the Entra object id, in lower case."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """A förvaltning; all people are object ids."""

    id: str
    name: str
    head: str
    deputies: tuple[str, ...] = ()
    registrars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A social media channel; ``cards_to`` is a Teams conversation id when cards go there instead of to each admin.

    ``admins_from_group``: an Entra group says who administers it, so they are appointed and removed there. Before
    ``starts`` the public is not told of it.
    """

    id: str
    name: str
    platform: Platform
    url: str
    administration: str
    admins: tuple[str, ...] = ()
    cards_to: str | None = None
    admins_from_group: bool = False
    starts: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Communications:
    name: str
    members: tuple[str, ...]
    cards_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """Working hours from the flag until the admins are reminded and until communications are told."""

    remind_after: float = 4.0
    escalate_after: float = 8.0
    day_starts: float = 8.0
    day_ends: float = 17.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTemplate:
    """A ready reply an admin can start from; ``for_parties`` marks the one for "Hänvisa till partierna"."""

    id: str
    name: str
    text: str
    for_parties: bool = False


class DisposalScope(StrEnum):
    """What a disposal mandate covers; direct messages and forwarded cases never fall under any of these."""

    OTHER_POSTS = "other_posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalMandate:
    """A ``paragraph`` of the document management plan; ``after_days`` are counted from the case's last decision."""

    id: str
    paragraph: str
    applies_to: DisposalScope
    after_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A page to read on, for answers from a section or passage of the guideline: ``about`` is its id."""

    about: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Everyone and everything the bot knows by name; look-ups take ids and never raise for an unknown one."""

    name: str
    tenant: str | None
    website: str
    people: Mapping[str, Person]
    administrations: Mapping[str, Administration]
    channels: Mapping[str, Channel]
    communications: Communications
    reminders: Reminders
    templates: Sequence[ReplyTemplate]
    language: str = "sv"
    disposal_mandates: Sequence[DisposalMandate] = ()
    topics: Sequence[Topic] = ()

    def person(self, person_id: str) -> Person:
        return self.people.get(person_id) or Person(id=person_id, name="")

    def roles(self, person_id: str) -> frozenset[Role]:
        """All roles the person holds anywhere; everyone is at least staff."""
        held = {Role.STAFF}
        if any(person_id in channel.admins for channel in self.channels.values()):
            held.add(Role.CHANNEL_ADMIN)
        if person_id in self.communications.members:
            held.add(Role.COMMUNICATIONS)
        for unit in self.administrations.values():
            if person_id == unit.head or person_id in unit.deputies:
                held.add(Role.HEAD)
            if person_id in unit.registrars:
                held.add(Role.REGISTRAR)
        return frozenset(held)

    def topics_of(self, passage: str) -> tuple[Topic, ...]:
        """The pages for that passage itself first, then those for what it stands in."""
        found = (one for one in self.topics if f"{passage}/".startswith(f"{one.about}/"))
        return tuple(sorted(found, key=lambda one: -len(one.about)))

    def administered_by(self, person_id: str) -> tuple[Channel, ...]:
        return tuple(channel for channel in self.channels.values() if person_id in channel.admins)

    def registrars_of(self, administration: str) -> tuple[str, ...]:
        unit = self.administrations.get(administration)
        return unit.registrars if unit else ()
