"""The door between the conversation and all that is about requests: clicks, commands, absences."""

from datetime import date
from typing import assert_never

from bot.activity_keys import activity_key
from bot.commands import Command, Typed
from bot.days import read_day
from bot.domain import administrations
from bot.domain.request_views import Absence
from bot.domain.requests import Reason, Refusal
from bot.domain.zone import local_day
from bot.requests.administration_desk import AdministrationDesk
from bot.requests.clicks import RequestClicks
from bot.requests.decision_files import DecisionFiles
from bot.requests.desk import RequestDesk
from bot.requests.following import RequestFollowing
from bot.requests.listing import RequestList, request_list
from bot.services import Services
from bot.turns import CardAction, FileConsent, Reply, Sender, TextMessage
from cards.request_card import request_refusal_card
from cards.request_notices import absence_card, absence_refused_card, rules_card
from cards.request_payload import (
    Applying,
    AskingForDocument,
    AskingForMore,
    ChoosingKind,
    Commenting,
    DecidingRequest,
    EndingAbsence,
    GivingOpinion,
    HandingOver,
    ListingRequests,
    ReadingRequest,
    Reassigning,
    RegisteringRequest,
    RequestWish,
    Resuming,
    ShowingRequest,
    ShowingRequestForm,
    ShowingRequestItem,
    ShowingRules,
    StartingRequest,
    Withdrawing,
)
from cards.request_start import kinds_card
from cards.scene import Scene


class RequestTalk:
    def __init__(
        self, services: Services, desk: RequestDesk, following: RequestFollowing, files: DecisionFiles
    ) -> None:
        self._at = services
        self._files = files
        self._clicks = RequestClicks(services, desk, following, files)
        self._following = following
        self._administrations = AdministrationDesk(services)

    async def clicked(self, wish: RequestWish, turn: CardAction, scene: Scene) -> Reply:
        match wish:
            case ChoosingKind():
                return kinds_card(scene)
            case StartingRequest():
                return await self._clicks.start(wish.kind, turn, scene)
            case ShowingRequest():
                return await self._clicks.show(wish.request, turn.sender, scene)
            case ReadingRequest():
                return await self._clicks.read(wish.request, turn.sender, scene, wish.page)
            case ShowingRules():
                return await self._rules(wish.page, scene)
            case ShowingRequestForm():
                return await self._clicks.show(wish.request, turn.sender, scene, wish.show)
            case ShowingRequestItem():
                return await self._clicks.show_item(wish.request, turn.sender, scene)
            case AskingForDocument():
                return await self._clicks.offer_document(wish.request, turn, scene)
            case ListingRequests():
                return await self._list(wish.what, turn.sender, wish.page, scene)
            case EndingAbsence():
                return await self._absence(turn.sender, None, activity_key(turn), scene)
            case (
                Applying()
                | GivingOpinion()
                | DecidingRequest()
                | AskingForMore()
                | Resuming()
                | Withdrawing()
                | Reassigning()
                | HandingOver()
                | Commenting()
                | RegisteringRequest()
            ):
                return await self._clicks.change(wish, turn, scene)
            case _:
                assert_never(wish)

    async def said(self, typed: Typed, turn: TextMessage, scene: Scene) -> Reply:
        """One of the commands that are about requests."""
        page = int(typed.argument) if typed.argument.isdecimal() else 1
        match typed.command:
            case Command.APPLY:
                return kinds_card(scene)
            case Command.MY_REQUESTS:
                return await self._list("my_requests", turn.sender, page, scene)
            case Command.REQUESTS:
                return await self._list("requests", turn.sender, page, scene)
            case Command.ABSENT:
                day = read_day(typed.argument, local_day(self._at.clock()))
                if day is None:
                    return absence_refused_card(None, scene, today=local_day(self._at.clock()))
                return await self._absence(turn.sender, day, turn.activity, scene)
            case Command.BACK:
                return await self._absence(turn.sender, None, turn.activity, scene)
            case Command.RULES:
                return await self._rules(page, scene)
            case _:
                return await self._clicks.show(typed.argument, turn.sender, scene)

    async def consented(self, turn: FileConsent) -> Reply:
        return await self._files.consented(turn)

    async def arrived(self, sender: Sender) -> None:
        await self._following.arrived(sender.object_id)

    async def _list(self, what: RequestList, sender: Sender, page: int, scene: Scene) -> Reply:
        return await request_list(self._at, what, sender.object_id, page=page, scene=scene)

    async def _rules(self, page: int, scene: Scene) -> Reply:
        return rules_card(await self._administrations.rules(), self._at.organisation, page, scene)

    async def _absence(self, sender: Sender, until: date | None, activity: str | None, scene: Scene) -> Reply:
        """From today until the day; None ends it. Who gets the cards of requests under way shifts at once."""
        if self._at.read_only:
            return request_refusal_card(Refusal(reason=Reason.ROLES_OUT_OF_DATE), scene, None)
        person, key = sender.object_id, f"absence:{sender.object_id}:{activity}"
        if until is None:
            done = await self._administrations.end_absence(person, key=key)
        else:
            done = await self._administrations.set_absence(person, until, key=key)
        if isinstance(done, administrations.Refusal):
            return absence_refused_card(done, scene, today=local_day(self._at.clock()))
        await self._follow(done)
        units = [self._at.organisation.administrations[one] for one in done]
        deputies = dict.fromkeys(one for unit in units for one in unit.deputies if one != person)
        told = Absence(until=until, administrations=done, deputies=tuple(deputies))
        return absence_card(told, self._at.organisation, scene)

    async def _follow(self, units: tuple[str, ...]) -> None:
        for row in await self._at.store.select("open_requests"):
            if row["administration"] in units:
                await self._following.after(row["designation"])
