"""What happened to a channel's place in the register; the stream is the channel's own."""

from dataclasses import dataclass
from datetime import date

from bot.domain.organisation import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelImported:
    platform: Platform
    administration: str
    texts_ref: str
    address_key: str
    admins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened:
    """By an approved request; who administers it is appointed by events of their own."""

    platform: Platform
    administration: str
    request: str
    texts_ref: str
    address_key: str
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClosed:
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminAppointed:
    person: str
    request: str
    contact_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminRemoved:
    person: str
    request: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAmended:
    texts_ref: str
    address_key: str


ChannelEvent = (
    ChannelImported | ChannelOpened | ChannelClosed | AdminAppointed | AdminRemoved | ChannelAmended
)
