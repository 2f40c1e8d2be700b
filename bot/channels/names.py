"""Channels by name, the closed ones too: what is on record about one outlives it."""

from bot.domain.organisation import Channel
from bot.services import Services


def channel_name(services: Services, channel: str) -> str:
    """The id where the register doesn't know it, or its texts are destroyed."""
    texts = services.directory.channels().texts.get(channel)
    return texts.name if texts else channel


def channel_of(services: Services, channel: str) -> Channel | None:
    """As it is in force; one that is closed has nobody who administers it."""
    in_force = services.organisation.channels.get(channel)
    entry = services.directory.channels().register.channels.get(channel)
    if in_force is not None or entry is None:
        return in_force
    return Channel(
        id=channel,
        name=channel_name(services, channel),
        platform=entry.platform,
        url="",
        administration=entry.administration,
        admins=(),
    )
