"""The door between the conversation and all that is about yearly duties: pictures, clicks, commands."""

from typing import assert_never

from bot.commands import Command, Typed
from bot.domain.duty_views import DutyScope
from bot.duties.clicks import DutyClicks
from bot.duties.desk import DutyDesk
from bot.duties.listing import duty_page, first_duty_scope, subject_called
from bot.duties.screenshots import FetchingSent, Screenshots
from bot.overviews import overview
from bot.services import Services
from bot.turns import CardAction, ConversationKind, Reply, Sender, TextMessage
from cards.duty_list import duty_list_card
from cards.duty_payload import (
    AskingForScreenshot,
    ChoosingChannel,
    ConfirmingContacts,
    DutyWish,
    Evaluating,
    ListingDuties,
    OpeningFile,
    ShowingDuty,
    ShowingOverview,
)
from cards.overview_card import no_overview_card, overview_card
from cards.scene import Scene

DUTY_READS = (ListingDuties, ShowingOverview, ShowingDuty, OpeningFile)
"""These change nothing, and so are answered also while roles are out of date."""


class DutyTalk:
    def __init__(self, services: Services, sent_files: FetchingSent) -> None:
        """``sent_files`` gets what people send the bot."""
        self._at = services
        desk = DutyDesk(services)
        self._screenshots = Screenshots(services, desk, sent_files)
        self._clicks = DutyClicks(services, desk)

    async def concerned(self, turn: TextMessage) -> bool:
        """A file alone, or one by somebody whose screenshot it can be; beside another's question it is an example."""
        if not turn.files or turn.address.kind is not ConversationKind.PERSONAL:
            return False
        return not turn.text.strip() or await self._screenshots.concern(turn.sender.object_id)

    async def received(self, turn: TextMessage, scene: Scene) -> Reply:
        return await self._screenshots.received(turn, scene)

    async def said(self, typed: Typed, turn: TextMessage, scene: Scene) -> Reply:
        """One of the commands that are about duties."""
        if typed.command is Command.OVERVIEW:
            return await self._overview(turn.sender, scene)
        person, said = turn.sender.object_id, typed.argument
        widest = first_duty_scope(self._at.organisation, person)
        if not said or said.isdecimal():
            return await self._list(widest, turn.sender, int(said or 1), scene)
        whole = await duty_page(self._at, person, widest, page=1)
        about = subject_called(whole, said)
        if about is None:
            return duty_list_card(whole, scene, unknown=True)
        return await self._list(widest, turn.sender, 1, scene, about)

    async def clicked(self, wish: DutyWish, turn: CardAction, scene: Scene) -> Reply:
        match wish:
            case ListingDuties():
                return await self._list(wish.scope, turn.sender, wish.page, scene, wish.about)
            case ShowingOverview():
                return await self._overview(turn.sender, scene)
            case ShowingDuty():
                return await self._clicks.show(wish.duty, turn.sender.object_id, scene)
            case AskingForScreenshot():
                return await self._clicks.ask(wish, turn, scene)
            case ConfirmingContacts():
                return await self._clicks.confirm(wish, turn, scene)
            case Evaluating():
                return await self._clicks.evaluate(wish, turn, scene)
            case ChoosingChannel():
                return await self._screenshots.choose(wish, turn, scene)
            case OpeningFile():
                return await self._clicks.open_file(wish, turn, scene)
            case _:
                assert_never(wish)

    async def _list(
        self, scope: DutyScope, sender: Sender, page: int, scene: Scene, about: str = ""
    ) -> Reply:
        found = await duty_page(self._at, sender.object_id, scope, page=page, about=about)
        return duty_list_card(found, scene)

    async def _overview(self, sender: Sender, scene: Scene) -> Reply:
        view = await overview(self._at, sender.object_id)
        return no_overview_card(scene) if view is None else overview_card(view, scene)
