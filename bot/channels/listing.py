"""The channels in chat: one's own, one's administration's, or all that are active."""

from collections.abc import Sequence

from bot.channels.record import entry_from
from bot.domain.organisation import Channel, Organisation
from bot.domain.views import ChannelPage, ChannelScope, ChannelSummary
from bot.services import Services

PAGE = 8


def first_scope(organisation: Organisation, person: str) -> ChannelScope:
    """What somebody who names no scope most likely means."""
    return ChannelScope.MINE if organisation.administered_by(person) else ChannelScope.ALL


async def channel_page(services: Services, person: str, scope: ChannelScope, *, page: int) -> ChannelPage:
    """By administration and name. What everybody may see is public but for who administers a channel, which
    everybody who works here may know."""
    organisation = services.organisation
    found = sorted(_within(organisation, person, scope), key=lambda one: (one.administration, one.name))
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, page), pages)
    rows = [await _summary(services, one, organisation) for one in found[(number - 1) * PAGE : number * PAGE]]
    return ChannelPage(scope=scope, rows=tuple(rows), number=number, of=pages, total=len(found))


def _within(organisation: Organisation, person: str, scope: ChannelScope) -> Sequence[Channel]:
    channels = tuple(organisation.channels.values())
    match scope:
        case ChannelScope.MINE:
            return organisation.administered_by(person)
        case ChannelScope.ADMINISTRATION:
            units = _units_of(organisation, person)
            return [one for one in channels if one.administration in units]
        case ChannelScope.ALL:
            return channels


def _units_of(organisation: Organisation, person: str) -> frozenset[str]:
    """Where the person is head, deputy or registrar, or administers a channel."""
    held = {
        unit.id
        for unit in organisation.administrations.values()
        if person in (unit.head, *unit.deputies, *unit.registrars)
    }
    return frozenset(held | {one.administration for one in organisation.administered_by(person)})


async def _summary(services: Services, channel: Channel, organisation: Organisation) -> ChannelSummary:
    doc = await services.store.get("channels", channel.id)
    unit = organisation.administrations.get(channel.administration)
    return ChannelSummary(
        name=channel.name,
        platform=channel.platform,
        administration=unit.name if unit else channel.administration,
        url=channel.url,
        admins=tuple(organisation.person(one).name for one in channel.admins),
        opened_by=entry_from(doc).opened_by if doc else "",
    )
