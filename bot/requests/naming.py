"""What the ids in a request are called: as of when it was decided, so that a decision reads the same ever after."""

from bot.channels.names import channel_name
from bot.contents import Opener, opened
from bot.domain.organisation import Organisation
from bot.domain.requests import FormTexts, NamesTexts, Request
from bot.services import Services


async def names_of(services: Services, request: Request) -> NamesTexts:
    return await names_then(services.store, request) or await names_now(services, request)


async def names_then(store: Opener, request: Request) -> NamesTexts | None:
    """As kept with the decision; None where there is none, or they are destroyed."""
    ref = request.decision.made.names_ref if request.decision else ""
    return await opened(store, ref, NamesTexts)


async def names_now(services: Services, request: Request) -> NamesTexts:
    organisation = await services.names.joined(services.organisation, request.form.people)
    channel = request.form.fact("channel")
    entry = services.directory.channels().register.channels.get(channel)
    if channel:
        platform = entry.platform if entry else ""
        return named(request, organisation, channel=channel_name(services, channel), platform=platform)
    return proposed(request, await opened(services.store, request.form.texts_ref, FormTexts), organisation)


def proposed(request: Request, form: FormTexts | None, organisation: Organisation) -> NamesTexts:
    """Of a channel that is not there yet, or of none."""
    name = form.values.get("name", "") if form else ""
    return named(request, organisation, channel=name, platform=request.form.fact("platform"))


def named(request: Request, organisation: Organisation, *, channel: str, platform: str) -> NamesTexts:
    unit = organisation.administrations.get(request.administration)
    people = {one: organisation.person(one).name for one in request.form.people}
    return NamesTexts(
        organisation=organisation.name,
        administration=unit.name if unit else request.administration,
        channel=channel,
        platform=platform,
        people={one: name for one, name in people.items() if name},
    )
