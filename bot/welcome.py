"""Coming and going: a welcome once per conversation, and the waiting cards for one who was out of reach."""

import logging
import secrets
from collections.abc import Callable

from bot.cases import listing, owing
from bot.cases.trail import on_trail
from bot.cases.viewing import load_case
from bot.domain.cases import Case, Reached
from bot.duties.reaching import DutyReaching
from bot.questions.reaching import QuestionReaching
from bot.services import Services
from bot.turns import CardReply, ConversationKind, Installed, Nothing, Removed, Reply, Turn
from cards.help_card import help_card
from cards.scene import Scene
from storage.store import Message

log = logging.getLogger(__name__)
_WELCOMED = "welcomed"


def help_for(services: Services, turn: Turn, scene: Scene, *, welcome: bool = False) -> CardReply:
    """What this person can do; where others read along, only what everybody can."""
    organisation, person = services.organisation, turn.sender.object_id
    alone = turn.address.kind is ConversationKind.PERSONAL
    return help_card(
        organisation.roles(person) if alone else frozenset(),
        organisation.administered_by(person) if alone else (),
        organisation.name,
        scene,
        welcome=welcome,
        local=services.local,
    )


class Welcomes:
    """Teams tells of an installation up to twice, at the same time and perhaps two instances; one welcome is enough."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def installed(self, turn: Installed, scene: Scene) -> Reply:
        where = turn.address.conversation
        if await self._at.store.document(_WELCOMED, where):
            return Nothing()
        # Before it is noted: a process that dies in between brings it at the next telling, instead of never.
        if turn.address.kind is ConversationKind.PERSONAL:
            await self._bring_waiting(turn.sender.object_id)
        mine = {"at": scene.now.isoformat(), "by": secrets.token_hex(8)}
        if await self._at.store.add_document(_WELCOMED, where, mine) != mine:
            return Nothing()
        return help_for(self._at, turn, scene, welcome=True)

    async def removed(self, turn: Removed) -> None:
        await self._at.store.drop_document(_WELCOMED, turn.address.conversation)

    async def _bring_waiting(self, person: str) -> None:
        """What could not be delivered, or was not owed, while the person had not installed the bot."""
        for designation in await listing.waiting_for(self._at, person):
            await self._bring(designation, person, lambda case: case.recipients, _case_card)
        for item, designation in await listing.waiting_items(self._at, person):
            await self._bring(designation, person, _recipients_of(item), _registration_card(item))
        await DutyReaching(self._at).bring_waiting(person)
        await QuestionReaching(self._at).bring_waiting(person)
        self._at.wake()

    async def _bring(
        self,
        designation: str,
        person: str,
        has_it: Callable[[Case], tuple[str, ...]],
        card: Callable[[Case, str, str], tuple[Message, ...]],
    ) -> None:
        to, case = owing.person(person), await load_case(self._at, designation)
        if case is None or (to in has_it(case) and to not in case.unreachable):
            return
        time = f":{len(case.unreachable)}:{case.round}"
        owes = card(case, to, time)
        others = owing.refreshes(case, cause=f"reached{time}:{to}")
        await on_trail(
            self._at,
            case,
            Reached(to=to),
            at=self._at.clock(),
            key=f"reached:{owes[0].id}",
            owes=(*owes, *(one for one in others if one.to != to)),
        )


def _case_card(case: Case, to: str, time: str) -> tuple[Message, ...]:
    return owing.case_cards(case.designation, (to,), cause="reached", at=time)


def _recipients_of(item: str) -> Callable[[Case], tuple[str, ...]]:
    return lambda case: next((one.recipients for one in case.registrations if one.id == item), ())


def _registration_card(item: str) -> Callable[[Case, str, str], tuple[Message, ...]]:
    return lambda case, to, time: owing.registration_cards(
        item, case.designation, (to,), cause=f":reached{time}"
    )
