"""From an event to the register's entry after it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from bot.domain.channels.events import (
    AdminAppointed,
    AdminRemoved,
    ChannelAmended,
    ChannelClosed,
    ChannelEvent,
    ChannelImported,
    ChannelOpened,
)
from bot.domain.channels.state import ChannelEntry
from bot.domain.channels.terms import ChannelStatus


def entered(channel: str, event: ChannelImported | ChannelOpened, *, at: datetime) -> ChannelEntry:
    """The entry that an import or an approved request brings into being."""
    entry = ChannelEntry(
        id=channel,
        platform=event.platform,
        administration=event.administration,
        texts_ref=event.texts_ref,
        address_key=event.address_key,
        opened_at=at,
    )
    if isinstance(event, ChannelImported):
        return replace(entry, admins=event.admins)
    return replace(entry, opened_by=event.request, starts=event.starts, ends=event.ends)


def apply(entry: ChannelEntry, event: ChannelEvent, *, at: datetime) -> ChannelEntry:
    match event:
        case ChannelImported() | ChannelOpened():
            raise ValueError("a channel is entered once")
        case ChannelClosed():
            entry = _closed(entry, event, at)
        case AdminAppointed():
            entry = replace(
                entry,
                admins=(*entry.admins, event.person),
                contacts=_with_contact(entry, event.person, event.contact_ref),
            )
        case AdminRemoved():
            entry = replace(
                entry,
                admins=tuple(one for one in entry.admins if one != event.person),
                contacts={who: ref for who, ref in entry.contacts.items() if who != event.person},
            )
        case ChannelAmended():
            entry = replace(entry, texts_ref=event.texts_ref, address_key=event.address_key)
        case _:
            assert_never(event)
    return replace(entry, revision=entry.revision + 1)


def _closed(entry: ChannelEntry, event: ChannelClosed, at: datetime) -> ChannelEntry:
    """The role ends with the channel, and with the role the need for contact details."""
    return replace(
        entry,
        status=ChannelStatus.CLOSED,
        closed_by=event.request,
        closed_at=at,
        former_admins=entry.admins,
        admins=(),
        contacts={},
    )


def _with_contact(entry: ChannelEntry, person: str, ref: str) -> Mapping[str, str]:
    return {**entry.contacts, person: ref} if ref else entry.contacts
