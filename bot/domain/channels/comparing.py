"""The record beside the organisation file: what is imported, what holds, and where the two differ.

The file is imported once and never again: a channel that is written into it later is a difference to be shown, since
only a head's decision opens one. Where a channel's cards go stays the file's, and so do admins that an Entra group
gives: they come beside those that the record names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.channels.state import ChannelEntry, Register
from bot.domain.channels.terms import ChannelTexts
from bot.domain.organisation import Channel


class DifferenceKind(StrEnum):
    ONLY_IN_FILE = "only_in_file"
    ONLY_IN_RECORD = "only_in_record"
    CLOSED_IN_RECORD = "closed_in_record"
    ADMINS = "admins"
    ADMINISTRATION = "administration"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    channel: str
    kind: DifferenceKind


def is_to_be_imported(register: Register) -> bool:
    return not register.channels


def differences(register: Register, file: Mapping[str, Channel]) -> tuple[Difference, ...]:
    """In the file's order, then the record's; empty when both say the same."""
    told = [
        Difference(channel=channel, kind=kind)
        for channel, listed in file.items()
        for kind in _of_one(listed, register.channels.get(channel))
    ]
    told += [
        Difference(channel=one.id, kind=DifferenceKind.ONLY_IN_RECORD)
        for one in register.active()
        if one.id not in file
    ]
    return tuple(told)


def _of_one(listed: Channel, entry: ChannelEntry | None) -> tuple[DifferenceKind, ...]:
    if entry is None:
        return (DifferenceKind.ONLY_IN_FILE,)
    if not entry.is_active:
        return (DifferenceKind.CLOSED_IN_RECORD,)
    differs = {
        DifferenceKind.ADMINS: not listed.admins_from_group and set(listed.admins) != set(entry.admins),
        DifferenceKind.ADMINISTRATION: listed.administration != entry.administration,
        DifferenceKind.PLATFORM: listed.platform is not entry.platform,
    }
    return tuple(kind for kind, so in differs.items() if so)


def channels_in_force(
    register: Register, texts: Mapping[str, ChannelTexts], file: Mapping[str, Channel]
) -> Mapping[str, Channel]:
    """The active channels as the rest of the bot knows them: to stand in the organisation in the place of the
    file's. ``texts`` is by channel; one whose texts are gone goes by its id."""
    return {one.id: _in_force(one, texts.get(one.id), file.get(one.id)) for one in register.active()}


def _in_force(entry: ChannelEntry, texts: ChannelTexts | None, listed: Channel | None) -> Channel:
    grouped = listed.admins if listed and listed.admins_from_group else ()
    return Channel(
        id=entry.id,
        name=texts.name if texts else entry.id,
        platform=entry.platform,
        url=texts.address if texts else "",
        administration=entry.administration,
        admins=tuple(dict.fromkeys((*entry.admins, *grouped))),
        admins_from_group=bool(listed and listed.admins_from_group),
        cards_to=listed.cards_to if listed else None,
        starts=entry.starts,
    )
