"""Requests in chat: what is clicked and written, carried out, and the card as it then is."""

import hashlib
from collections.abc import Mapping
from typing import assert_never

from bot.activity_keys import activity_key
from bot.cases.clicks import typed_in
from bot.cases.trail import record_refused
from bot.domain.request_views import RequestForm, RequestView
from bot.domain.requests import KINDS, Reason, Refusal
from bot.requests.decision_files import DecisionFiles
from bot.requests.desk import RequestDesk, RequestDone, RequestRefused
from bot.requests.following import RequestFollowing
from bot.requests.items import item_for
from bot.requests.trail import note_request_opened
from bot.requests.viewing import TERMS_CLAUSE, choices_for, request_for
from bot.requests.wishes import RequestChange
from bot.services import Services
from bot.turns import CardAction, CardReply, Reply, Sender
from cards.request_card import request_card, request_refusal_card
from cards.request_item_card import request_item_card
from cards.request_payload import (
    Applying,
    AskingForMore,
    Commenting,
    DecidingRequest,
    GivingOpinion,
    HandingOver,
    Reassigning,
    RegisteringRequest,
    Resuming,
    Withdrawing,
)
from cards.request_reading import request_reading_card
from cards.request_start import new_request_card
from cards.scene import Scene


class RequestClicks:
    def __init__(
        self, services: Services, desk: RequestDesk, following: RequestFollowing, files: DecisionFiles
    ) -> None:
        self._at = services
        self._files = files
        self._desk = desk
        self._following = following

    async def change(self, wish: RequestChange, turn: CardAction, scene: Scene) -> Reply:
        """Carried out, with what follows by itself, before the card is made: it shows the state as it then is."""
        person = turn.sender.object_id
        outcome = await self._desk.carry_out(wish, by=turn.sender, activity=activity_key(turn))
        if isinstance(outcome, RequestDone):
            designation = outcome.view.request.designation
            await self._following.after(designation)
            if isinstance(wish, RegisteringRequest):
                return await self.show_item(designation, turn.sender, scene)
            view = await request_for(self._at, designation, person)
            return request_card(outcome.view if isinstance(view, Refusal) else view, scene)
        return await self._refused(wish, outcome, turn, scene)

    async def _refused(
        self, wish: RequestChange, outcome: RequestRefused, turn: CardAction, scene: Scene
    ) -> Reply:
        typed, refusal = typed_in(turn.data), outcome.refusal
        if outcome.view is None:
            if isinstance(wish, Applying) and wish.request is None and wish.kind in KINDS:
                return await self._form(wish.kind, wish.form, turn.sender, scene, typed, refusal)
            return request_refusal_card(refusal, scene, wish.request)
        if isinstance(wish, RegisteringRequest):
            item = await item_for(self._at, outcome.view.request.designation, turn.sender.object_id)
            if not isinstance(item, Refusal):
                return request_item_card(item, scene, typed=typed, refusal=refusal)
        await note_request_opened(self._at, outcome.view.request, turn.sender.object_id)
        form = None if refusal.reason in _NEEDS_FRESH_LOOK else _form_of(wish)
        return request_card(outcome.view, scene, form=form, typed=typed, refusal=refusal)

    async def start(self, kind: str, turn: CardAction, scene: Scene) -> Reply:
        """The form's name is made of the click: a delivery repeated brings the same form."""
        if kind not in KINDS:
            return request_refusal_card(Refusal(reason=Reason.UNKNOWN_KIND), scene, None)
        named = f"request\0{turn.address.conversation}\0{turn.activity}\0{turn.sender.object_id}"
        form = hashlib.sha256(named.encode()).hexdigest()[:32]
        return await self._form(kind, form, turn.sender, scene, {}, None)

    async def _form(
        self,
        kind: str,
        form: str,
        sender: Sender,
        scene: Scene,
        typed: Mapping[str, str],
        refusal: Refusal | None,
    ) -> CardReply:
        guideline = self._at.policy.guideline
        terms = await self._at.guidelines.clause(guideline.version, TERMS_CLAUSE)
        people = [one.subject for one in refusal.problems] if refusal else []
        organisation = await self._at.names.joined(self._at.organisation, people)
        choices = choices_for(organisation, sender.object_id)
        return new_request_card(KINDS[kind], choices, terms, form, scene, typed=typed, refusal=refusal)

    async def show(
        self, designation: str, sender: Sender, scene: Scene, form: RequestForm | None = None
    ) -> Reply:
        view = await self._seen(designation, sender)
        if isinstance(view, Refusal):
            return request_refusal_card(view, scene, designation)
        return request_card(view, scene, form=form)

    async def read(self, designation: str, sender: Sender, scene: Scene, page: int) -> Reply:
        view = await self._seen(designation, sender)
        if isinstance(view, Refusal):
            return request_refusal_card(view, scene, designation)
        return request_reading_card(view, page, scene)

    async def _seen(self, designation: str, sender: Sender) -> RequestView | Refusal:
        view = await request_for(self._at, designation, sender.object_id)
        if isinstance(view, Refusal):
            by = sender.object_id
            await record_refused(self._at, view.reason, verb="request_show", subject=designation, by=by)
        else:
            await note_request_opened(self._at, view.request, sender.object_id)
        return view

    async def offer_document(self, designation: str, turn: CardAction, scene: Scene) -> Reply:
        """The offer comes as a message of its own; the card that was clicked stays as it is."""
        view = await self._seen(designation, turn.sender)
        if isinstance(view, Refusal):
            return request_refusal_card(view, scene, designation)
        if view.request.decision is None:
            return request_card(view, scene, refusal=Refusal(reason=Reason.NOT_DECIDED))
        person = turn.sender.object_id
        await self._files.offer(view.request, person, activity=activity_key(turn))
        return request_card(view, scene)

    async def show_item(self, designation: str, sender: Sender, scene: Scene) -> Reply:
        item = await item_for(self._at, designation, sender.object_id)
        if isinstance(item, Refusal):
            return request_refusal_card(item, scene, designation)
        await note_request_opened(self._at, item.view.request, sender.object_id)
        return request_item_card(item, scene)


_NEEDS_FRESH_LOOK = frozenset(
    {Reason.ALREADY_DECIDED, Reason.WITHDRAWN, Reason.NOT_ALLOWED, Reason.OWN_REQUEST, Reason.OPINION_GIVEN}
)
"""Refusals after which what was typed no longer fits the card."""


def _form_of(wish: RequestChange) -> RequestForm | None:
    match wish:
        case Applying():
            return RequestForm.EDIT
        case GivingOpinion():
            return RequestForm.OPINION
        case DecidingRequest():
            return RequestForm.DECIDE
        case AskingForMore():
            return RequestForm.ASK
        case Withdrawing():
            return RequestForm.WITHDRAW
        case Reassigning():
            return RequestForm.REASSIGN
        case HandingOver():
            return RequestForm.HAND_OVER
        case Commenting():
            return RequestForm.COMMENT
        case Resuming() | RegisteringRequest():
            return None
        case _:
            assert_never(wish)
