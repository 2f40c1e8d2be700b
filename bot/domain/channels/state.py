"""The register of channels as its events have made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.domain.channels.terms import ChannelStatus
from bot.domain.organisation import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEntry:
    """One channel. ``opened_by`` and ``closed_by`` are requests' designations; an imported channel has no first one.

    ``former_admins`` are those who administered it when it was closed: they are asked for its last screenshot.
    """

    id: str
    platform: Platform
    administration: str
    texts_ref: str
    address_key: str
    opened_at: datetime
    status: ChannelStatus = ChannelStatus.ACTIVE
    opened_by: str = ""
    admins: tuple[str, ...] = ()
    former_admins: tuple[str, ...] = ()
    contacts: Mapping[str, str] = field(default_factory=dict)
    """Person to the reference of the contact details."""
    starts: date | None = None
    ends: date | None = None
    closed_by: str = ""
    closed_at: datetime | None = None
    revision: int = 1

    @property
    def is_active(self) -> bool:
        return self.status is ChannelStatus.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All channels there are or were, by id."""

    channels: Mapping[str, ChannelEntry] = field(default_factory=dict)

    def active(self) -> tuple[ChannelEntry, ...]:
        """What the public list holds."""
        return tuple(one for one in self.channels.values() if one.is_active)

    def of(self, administration: str) -> tuple[ChannelEntry, ...]:
        return tuple(one for one in self.active() if one.administration == administration)

    def administered_by(self, person: str) -> tuple[ChannelEntry, ...]:
        return tuple(one for one in self.active() if person in one.admins)

    def at_address(self, address_key: str) -> ChannelEntry | None:
        """The active channel at that address; a closed one may be opened anew."""
        return next((one for one in self.active() if one.address_key == address_key), None)


def stream_of(channel: str) -> str:
    return f"channel/{channel}"


def channel_id(platform: str, designation: str) -> str:
    """The id of the channel that the request opens.

    Made of the platform and the designation, not of the channel's name: so it is there once however often the
    approval is carried out, and no typed word gets into the journal.
    """
    return f"{platform}-{designation.lower()}"


def freed_contacts(before: ChannelEntry, after: ChannelEntry) -> tuple[str, ...]:
    """References of contact details that nothing needs any longer: they are to be erased."""
    kept = {*after.contacts.values(), ""}
    return tuple(dict.fromkeys(ref for ref in before.contacts.values() if ref not in kept))
