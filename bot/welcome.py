"""Coming and going: a welcome once per conversation, and the waiting cards for one who was out of reach."""

import logging

from bot import listing, owing
from bot.domain.cases import Reached, trail_of
from bot.record import case_from, store_form
from bot.services import Services
from bot.turns import ConversationKind, Installed, Nothing, Removed, Reply
from cards.help_card import help_card
from cards.scene import Scene

log = logging.getLogger(__name__)
_WELCOMED = "welcomed"


class Welcomes:
    """Teams tells of an installation up to twice, at the same time; one welcome is enough."""

    def __init__(self, services: Services) -> None:
        self._at = services
        self._underway: set[str] = set()

    async def installed(self, turn: Installed, scene: Scene) -> Reply:
        where = turn.address.conversation
        if where in self._underway or await self._at.store.document(_WELCOMED, where):
            return Nothing()
        self._underway.add(where)
        try:
            await self._at.store.put_document(_WELCOMED, where, {"at": scene.now.isoformat()})
        finally:
            self._underway.discard(where)
        if turn.address.kind is ConversationKind.PERSONAL:
            await self._bring_waiting(turn.sender.object_id)
        return help_card(
            self._at.organisation.roles(turn.sender.object_id),
            self._at.organisation.administered_by(turn.sender.object_id),
            self._at.organisation.name,
            scene,
            welcome=True,
            local=self._at.local,
        )

    async def removed(self, turn: Removed) -> None:
        await self._at.store.drop_document(_WELCOMED, turn.address.conversation)

    async def _bring_waiting(self, person: str) -> None:
        """The cards that could not be delivered while the person had not installed the bot."""
        to = owing.person(person)
        for designation in await listing.waiting_for(self._at, person):
            doc = await self._at.store.get("cases", designation)
            case = case_from(doc) if doc else None
            if case is None or (to in case.recipients and to not in case.unreachable):
                continue
            await self._at.store.append(
                trail_of(designation),
                [store_form(Reached(to=to))],
                expected_version=None,
                actor=person,
                at=self._at.clock(),
                keys=(f"reached:{designation}:{person}:{len(case.unreachable)}",),
                owes=owing.case_cards(designation, (to,), cause="reached"),
            )
        self._at.wake()
