"""The registration item of a decided request as the registrar sees it."""

from bot.cases.registering import is_late
from bot.domain.request_views import RequestItemView
from bot.domain.requests import Part, Reason, Refusal, Request, Surroundings, may_see
from bot.requests.naming import names_of
from bot.requests.registering import protected_wording, public_wording
from bot.requests.viewing import load_request, request_view, surroundings
from bot.services import Services


async def item_for(services: Services, designation: str, viewer: str) -> RequestItemView | Refusal:
    request = await load_request(services, designation)
    within = await surroundings(services)
    if request is None or not may_see(request, viewer, within):
        return Refusal(reason=Reason.UNKNOWN_REQUEST)
    if request.registration is None:
        return Refusal(reason=Reason.NOT_DECIDED)
    return await item_of(services, request, viewer, within)


async def item_of(
    services: Services, request: Request, viewer: str | None, within: Surroundings
) -> RequestItemView:
    view = await request_view(services, request, viewer, within)
    item, names, language = (
        request.registration,
        await names_of(services, request),
        services.organisation.language,
    )
    may = viewer is not None and Part.REGISTRAR in view.parts
    owed = item is not None and item.number is None
    return RequestItemView(
        view=view,
        public=public_wording(request, names, language),
        protected=protected_wording(request, view.form, names, language),
        may_register=may and owed,
        may_correct=may and not owed,
        late=item is not None and owed and is_late(item.owed_at, services.clock()),
    )
