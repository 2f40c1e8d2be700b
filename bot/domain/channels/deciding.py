"""What the register takes in, and what it refuses because it is there already, or no longer.

Who may ask for it is settled where the request was decided; ``may_amend`` tells it of what needs no decision.
"""

from collections.abc import Sequence
from typing import assert_never

from bot.domain.channels.commands import (
    Amend,
    Appoint,
    Close,
    Command,
    Import,
    Open,
    Remove,
)
from bot.domain.channels.events import (
    AdminAppointed,
    AdminRemoved,
    ChannelAmended,
    ChannelClosed,
    ChannelEvent,
    ChannelImported,
    ChannelOpened,
)
from bot.domain.channels.state import ChannelEntry, Register
from bot.domain.channels.terms import Reason, Refusal
from bot.domain.organisation import Organisation, Role


def decide(register: Register, command: Command) -> Sequence[ChannelEvent] | Refusal:
    """Events for the stream of ``command.channel``, or why not."""
    entry = register.channels.get(command.channel)
    match command:
        case Import() | Open():
            return _enter(register, entry, command)
        case _ if entry is None:
            return Refusal(reason=Reason.UNKNOWN_CHANNEL, channel=command.channel)
        case _ if not entry.is_active:
            return Refusal(reason=Reason.CHANNEL_CLOSED, channel=entry.id, request=entry.closed_by)
        case _:
            return _change(register, entry, command)


def _enter(
    register: Register, entry: ChannelEntry | None, command: Import | Open
) -> Sequence[ChannelEvent] | Refusal:
    there = entry or register.at_address(command.address_key)
    if there is not None:
        return Refusal(reason=Reason.CHANNEL_EXISTS, channel=there.id, request=there.opened_by)
    if isinstance(command, Import):
        return [
            ChannelImported(
                platform=command.platform,
                administration=command.administration,
                texts_ref=command.texts_ref,
                address_key=command.address_key,
                admins=tuple(dict.fromkeys(command.admins)),
            )
        ]
    return [
        ChannelOpened(
            platform=command.platform,
            administration=command.administration,
            request=command.request,
            texts_ref=command.texts_ref,
            address_key=command.address_key,
            starts=command.starts,
            ends=command.ends,
        )
    ]


def _change(
    register: Register, entry: ChannelEntry, command: Close | Appoint | Remove | Amend
) -> Sequence[ChannelEvent] | Refusal:
    match command:
        case Close():
            return [ChannelClosed(request=command.request)]
        case Appoint():
            if command.person in entry.admins:
                return Refusal(reason=Reason.ALREADY_ADMIN, channel=entry.id)
            return [
                AdminAppointed(
                    person=command.person, request=command.request, contact_ref=command.contact_ref
                )
            ]
        case Remove() if command.person not in entry.admins:
            return Refusal(reason=Reason.NOT_AN_ADMIN, channel=entry.id)
        case Remove():
            return [AdminRemoved(person=command.person, request=command.request)]
        case Amend():
            return _amend(register, entry, command)
        case _:
            assert_never(command)


def _amend(register: Register, entry: ChannelEntry, command: Amend) -> Sequence[ChannelEvent] | Refusal:
    there = register.at_address(command.address_key)
    if there is not None and there.id != entry.id:
        return Refusal(reason=Reason.CHANNEL_EXISTS, channel=there.id, request=there.opened_by)
    if command.texts_ref == entry.texts_ref:
        return Refusal(reason=Reason.NOTHING_NEW, channel=entry.id)
    return [ChannelAmended(texts_ref=command.texts_ref, address_key=command.address_key)]


def may_amend(entry: ChannelEntry, person: str, organisation: Organisation) -> Role | None:
    """Who may correct a channel's name, address and contact details without a decision by the head."""
    if person in organisation.communications.members:
        return Role.COMMUNICATIONS
    return Role.CHANNEL_ADMIN if entry.is_active and person in entry.admins else None
