"""The register of channels: which there are, whose, who administers them, and by which decision.

A channel is active or closed. ``decide`` turns a command into events or a typed refusal, ``apply`` folds an event into the
channel's entry. Name, address and contact details never come here: a ``*_ref`` names an entry of the erasable
content store.
"""

from bot.domain.channels.commands import (
    Amend,
    Appoint,
    Close,
    Command,
    Import,
    Open,
    Remove,
)
from bot.domain.channels.comparing import (
    Difference,
    DifferenceKind,
    channels_in_force,
    differences,
    is_to_be_imported,
)
from bot.domain.channels.deciding import decide, may_amend
from bot.domain.channels.events import (
    AdminAppointed,
    AdminRemoved,
    ChannelAmended,
    ChannelClosed,
    ChannelEvent,
    ChannelImported,
    ChannelOpened,
)
from bot.domain.channels.folding import apply, entered
from bot.domain.channels.state import ChannelEntry, Register, channel_id, freed_contacts, stream_of
from bot.domain.channels.terms import ChannelStatus, ChannelTexts, Reason, Refusal

__all__ = [
    "AdminAppointed",
    "AdminRemoved",
    "Amend",
    "Appoint",
    "ChannelAmended",
    "ChannelClosed",
    "ChannelEntry",
    "ChannelEvent",
    "ChannelImported",
    "ChannelOpened",
    "ChannelStatus",
    "ChannelTexts",
    "Close",
    "Command",
    "Difference",
    "DifferenceKind",
    "Import",
    "Open",
    "Reason",
    "Refusal",
    "Register",
    "Remove",
    "apply",
    "channel_id",
    "channels_in_force",
    "decide",
    "differences",
    "entered",
    "freed_contacts",
    "is_to_be_imported",
    "may_amend",
    "stream_of",
]
