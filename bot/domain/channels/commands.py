"""What can be asked of the register. ``request`` is the designation of the decision behind it.

``texts_ref`` holds the channel's name and address, ``contact_ref`` an administrator's contact details, both in the
erasable content store. ``address_key`` is the caller's keyed digest of ``normal_address``: it tells that two
channels are the same place, and nobody can guess an address from it.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.organisation import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """From the organisation file, once; from then on the record rules."""

    channel: str
    platform: Platform
    administration: str
    texts_ref: str
    address_key: str
    admins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    channel: str
    platform: Platform
    administration: str
    request: str
    texts_ref: str
    address_key: str
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    channel: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appoint:
    channel: str
    person: str
    request: str
    contact_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    channel: str
    person: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """Another name or address of the same channel."""

    channel: str
    texts_ref: str
    address_key: str


Command = Import | Open | Close | Appoint | Remove | Amend
