"""What a channel's place in the register is told in."""

from dataclasses import dataclass
from enum import StrEnum


class ChannelStatus(StrEnum):
    ACTIVE = "active"
    """On the public list."""
    CLOSED = "closed"
    """Off it, nobody administers it, the records stay."""


class Reason(StrEnum):
    """Why a command was refused."""

    CHANNEL_EXISTS = "channel_exists"
    UNKNOWN_CHANNEL = "unknown_channel"
    CHANNEL_CLOSED = "channel_closed"
    ALREADY_ADMIN = "already_admin"
    NOT_AN_ADMIN = "not_an_admin"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected no. ``channel`` is the one that is in the way; ``request`` the decision that was first, if any."""

    reason: Reason
    channel: str
    request: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTexts:
    """A channel's name and address as people read them: kept among the erasable texts."""

    name: str
    address: str
