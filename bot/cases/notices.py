"""What each owed message looks like when its turn to leave has come: always the state as it is then."""

from dataclasses import replace

from bot.cases import owing
from bot.cases.listing import list_card
from bot.cases.record import CASE_MESSAGE, REGISTRATION_MESSAGE
from bot.cases.registering import registration_of
from bot.cases.viewing import load_case, view_of
from bot.deliveries import Rendered, Update
from bot.domain.cases import Awaits, Case
from bot.domain.organisation import Role
from bot.domain.rights import may_see
from bot.domain.views import CaseView
from bot.duties.notices import DutyNotices
from bot.duties.owing import KINDS as ABOUT_DUTIES
from bot.scenes import scene_for
from bot.services import Services
from bot.turns import CardReply
from cards.case_card import Banner, case_card
from cards.copies import case_copy, list_copy, registration_copy
from cards.notice_card import withdrawn_card
from cards.registration_card import registration_card
from cards.scene import Scene
from storage.store import Message

_BANNERS = {
    "forwarded": Banner.FORWARDED,
    "escalated": Banner.ESCALATED,
    "no_admin": Banner.NO_ADMIN,
    "new_snapshot": Banner.NEW_SNAPSHOT,
    "seen_again": Banner.SEEN_AGAIN,
    "not_removed": Banner.NOT_REMOVED,
}
_REMINDERS = {
    Awaits.DECISION: Banner.REMINDER,
    Awaits.REMOVAL: Banner.REMOVAL_REMINDER,
    None: None,
}
_ONLY_WHILE_OPEN = frozenset({"flagged", "escalated", "no_admin", "reached", "new_snapshot"})


class Notices:
    """Renders owed messages; None means that there is nothing left to say."""

    def __init__(self, services: Services) -> None:
        self._at = services
        self._duties = DutyNotices(services)

    async def render(self, message: Message, *, repeated: bool) -> Rendered | Update | None:
        if message.kind in ABOUT_DUTIES:
            scene, person = await scene_for(self._at, message.to), _person(message.to)
            return await self._duties.render(message, person, scene, repeated=repeated)
        case = await load_case(self._at, message.subject)
        if case is None:
            return None
        scene = await scene_for(self._at, message.to)
        person = _person(message.to)
        if person and message.kind != owing.LIST_REFRESH and not may_see(case, person, self._at.organisation):
            return _withdrawn(case, message, scene)
        match message.kind:
            case str() if message.kind in {REGISTRATION_MESSAGE, owing.REGISTRATION_REFRESH}:
                return await self._registration(case, message, scene, repeated)
            case owing.REFRESH:
                banner = Banner.REPEATED if repeated else None
                card = case_card(await self._view(case, message.to), scene, banner=banner)
                return Update(card=card.card, summary=card.summary, copy_of=case_copy(case.designation))
            case owing.LIST_REFRESH:
                what, person = str(message.data["what"]), _person(message.to) or ""
                listed = await list_card(self._at, what, person, page=1, scene=scene)
                return Update(card=listed.card, summary=listed.summary, copy_of=list_copy(what))
            case owing.REMINDER:
                banner = (
                    _REMINDERS[case.awaits] if case.awaits == message.data.get("of", case.awaits) else None
                )
                return await self._case(case, message, scene, banner, repeated) if banner else None
            case str() if message.kind == CASE_MESSAGE:
                cause = str(message.data.get("cause", ""))
                if cause in _ONLY_WHILE_OPEN and not case.is_open:
                    return None
                if cause == "not_removed" and case.awaits is not Awaits.REMOVAL:
                    return None
                return await self._case(case, message, scene, _BANNERS.get(cause), repeated)
            case _:
                return None

    async def _case(
        self, case: Case, message: Message, scene: Scene, banner: Banner | None, repeated: bool
    ) -> Rendered:
        view = await self._view(case, message.to)
        card = case_card(view, scene, banner=Banner.REPEATED if repeated else banner)
        return Rendered(card=card.card, summary=card.summary, copy_of=case_copy(case.designation))

    async def _registration(
        self, case: Case, message: Message, scene: Scene, repeated: bool
    ) -> Rendered | Update | None:
        item = next((one for one in case.registrations if one.id == message.data["item"]), None)
        if item is None:
            return None
        view = await registration_of(self._at, case, item, _person(message.to))
        card: CardReply = registration_card(view, scene, banner=Banner.REPEATED if repeated else None)
        kind = Rendered if message.kind == REGISTRATION_MESSAGE else Update
        return kind(card=card.card, summary=card.summary, copy_of=registration_copy(item.id))

    async def _view(self, case: Case, to: str) -> CaseView:
        """A card in a channel's conversation shows the inputs to all there; the click is what is checked."""
        person = _person(to)
        view = await view_of(self._at, case, person)
        return view if person else replace(view, right=Role.CHANNEL_ADMIN)


def _withdrawn(case: Case, message: Message, scene: Scene) -> Update | None:
    """Who may no longer see the case gets nothing new of it, and what is there loses its words."""
    match message.kind:
        case owing.REFRESH:
            copy_of = case_copy(case.designation)
        case owing.REGISTRATION_REFRESH:
            copy_of = registration_copy(str(message.data["item"]))
        case _:
            return None
    card = withdrawn_card(case.designation, scene)
    return Update(card=card.card, summary=card.summary, copy_of=copy_of)


def _person(to: str) -> str | None:
    kind, _, one = to.partition(":")
    return one if kind == "person" else None
