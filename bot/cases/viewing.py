"""Opening a case for one person: its texts from the content store, and what that person may do."""

from bot.cases.record import case_from
from bot.channels.names import channel_of
from bot.contents import kept, newest_post, opened, post_of
from bot.domain.cases import Case, Reason, Refusal
from bot.domain.rights import may_see, right_to_decide
from bot.domain.views import CaseView, DecisionTexts, FlagText, Locator, PostText
from bot.services import Services

MOST_FLAGS = 3
"""As many as are shown; a post can be flagged by hundreds, and all of them are in the record."""


async def load_case(services: Services, designation: str) -> Case | None:
    doc = await services.store.get("cases", designation)
    return case_from(doc) if doc else None


async def view_for(services: Services, designation: str, viewer: str) -> CaseView | Refusal:
    """The case as the viewer may see it. An unknown case and a forbidden one are answered alike, so that
    nobody learns which designations exist."""
    case = await load_case(services, designation)
    if case is None or not may_see(case, viewer, services.organisation):
        return Refusal(reason=Reason.UNKNOWN_CASE)
    return await view_of(services, case, viewer)


async def view_of(
    services: Services, case: Case, viewer: str | None, *, snapshot: str | None = None
) -> CaseView:
    """The case with its texts; ``viewer`` None sees it as one who may read but not act. ``snapshot`` is the one to
    show the post in, by default the one that is or was decided on."""
    shown = snapshot or case.shown_snapshot
    place = case.snapshots.index(shown)
    store, organisation = services.store, services.organisation
    earlier = [await kept(store, case, ref, PostText) for ref in case.snapshots[max(0, place - 1) : place]]
    flags = [await kept(store, case, ref, FlagText) for ref in case.flags[-MOST_FLAGS:]]
    decisions = [await kept(store, case, one.made.texts_ref, DecisionTexts) for one in case.decisions]
    forwards = [await kept(store, case, one.texts_ref, DecisionTexts) for one in case.forwards]
    police = await kept(store, case, case.police_ref, DecisionTexts) if case.police_ref else None
    where = await opened(store, case.locator_ref, Locator)
    return CaseView(
        case=case,
        channel=channel_of(services, case.channel),
        organisation=organisation,
        snapshot=shown,
        post=await post_of(store, case, shown),
        later=await newest_post(store, case) if shown != case.snapshots[-1] else None,
        earlier=tuple(one for one in earlier if one is not None),
        locator=where or Locator(post_id="", url=""),
        flags=tuple(one for one in flags if one is not None),
        decisions=tuple(one or DecisionTexts() for one in decisions),
        forwards=tuple(one or DecisionTexts() for one in forwards),
        police_reference=police.police_reference if police else "",
        right=right_to_decide(case, viewer, organisation) if viewer else None,
        clauses=await services.guidelines.clauses(case),
    )
