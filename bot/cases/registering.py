"""Registration items (diarieföring) as the registrar sees them, with what the law asks of a register."""

from datetime import datetime

from bot.calendar import next_working_day
from bot.cases.viewing import load_case, view_of
from bot.channels.names import channel_name
from bot.domain.cases import Case, DecisionKind, Reason, Refusal, Registration
from bot.domain.organisation import Organisation
from bot.domain.rights import may_see, right_to_register
from bot.domain.views import CaseView, RegistrationView
from bot.domain.zone import local_day
from bot.policy.grounds import Law
from bot.services import Services
from cards.texts import texts


def is_late(owed_at: datetime, now: datetime) -> bool:
    """Practice is registration by the next working day: after that day the item is late."""
    due = next_working_day(local_day(owed_at))
    return local_day(now) > due


async def registration_for(
    services: Services, designation: str, item_id: str, viewer: str
) -> RegistrationView | Refusal:
    case = await load_case(services, designation)
    if case is None or not may_see(case, viewer, services.organisation):
        return Refusal(reason=Reason.UNKNOWN_CASE)
    item = next((one for one in case.registrations if one.id == item_id), None)
    if item is None:
        return Refusal(reason=Reason.UNKNOWN_ITEM)
    return await registration_of(services, case, item, viewer)


async def waiting_registration(
    services: Services, designation: str, viewer: str
) -> RegistrationView | Refusal:
    """The case's first item that the viewer may still register, or else its newest one as it is."""
    case = await load_case(services, designation)
    if case is None or not may_see(case, viewer, services.organisation):
        return Refusal(reason=Reason.UNKNOWN_CASE)
    if not case.registrations:
        return Refusal(reason=Reason.UNKNOWN_ITEM)
    mine = (
        one
        for one in case.registrations
        if one.number is None and right_to_register(one, viewer, services.organisation) is not None
    )
    return await registration_of(services, case, next(mine, case.registrations[-1]), viewer)


async def registration_of(
    services: Services, case: Case, item: Registration, viewer: str | None
) -> RegistrationView:
    decided = case.decisions[item.decision - 1].made.snapshot_ref
    view = await view_of(services, case, viewer, snapshot=decided)
    may = viewer is not None and right_to_register(item, viewer, services.organisation) is not None
    return RegistrationView(
        item=item,
        case=view,
        public=public_wording(
            case, item, services.organisation, services.law, where=channel_name(services, case.channel)
        ),
        protected=_protected(view),
        from_whom=view.post.author if view.post else "",
        to_whom=services.organisation.name,
        may_register=may and item.number is None,
        may_correct=may and item.number is not None,
        late=item.number is None and is_late(item.owed_at, services.clock()),
    )


def public_wording(
    case: Case, item: Registration, organisation: Organisation, law: Law, *, where: str
) -> str:
    """What the register itself may say: kind of post, channel and ground, never a name or a word of it."""
    say = texts(organisation.language)
    made = case.decisions[item.decision - 1].made
    what = say(f"record.post.{case.post_kind}")
    if made.kind is DecisionKind.HAND_OVER:
        return say("record.public.handed_over", channel=where)
    if made.kind is DecisionKind.FORWARD:
        return say(
            "record.public.forwarded", what=what, channel=where, purpose=say(f"record.purpose.{made.purpose}")
        )
    ground = law.ground(made.ground).name(organisation.language) if made.ground else ""
    done = say(f"record.removed.{made.kind}")
    return say("record.public.removed", done=done, what=what, channel=where, ground=ground)


def _protected(view: CaseView) -> str:
    """The post's own words, kept apart from the register's public line; empty once the copy is destroyed."""
    return view.post.text if view.post else ""
