"""Clicks on a case's and a registration's card: the wish carried out, and the card as it then is."""

from collections.abc import Mapping
from typing import Any

from bot.activity_keys import activity_key
from bot.cases.deciding import CaseDesk, Done, Refused
from bot.cases.evidence import FetchedFiles, Fetching, fetch_files
from bot.cases.registering import registration_for, waiting_registration
from bot.cases.trail import note_opened, touch
from bot.cases.viewing import view_for
from bot.domain.cases import REMOVALS, DecisionKind, Reason, Refusal
from bot.domain.views import CaseForm
from bot.services import Services
from bot.turns import CardAction, Reply
from cards.case_card import case_card
from cards.notice_card import refusal_card
from cards.payload import (
    Confirming,
    Deciding,
    Forwarding,
    Registering,
    ReportingToPolice,
    SecuringFiles,
    ShowingForm,
    ShowingRegistration,
    SuspectingAbuse,
)
from cards.registration_card import registration_card
from cards.scene import Scene

CaseClick = Deciding | Forwarding | Confirming | SuspectingAbuse | FetchedFiles | ReportingToPolice

_FORMS: Mapping[DecisionKind, CaseForm] = {
    **dict.fromkeys(REMOVALS, CaseForm.REMOVAL),
    DecisionKind.ANSWER: CaseForm.ANSWER,
    DecisionKind.REFER_TO_PARTIES: CaseForm.PARTIES,
    DecisionKind.FORWARD: CaseForm.FORWARD,
    DecisionKind.HAND_OVER: CaseForm.HAND_OVER,
}


class CaseClicks:
    def __init__(self, services: Services, desk: CaseDesk, fetching: Fetching) -> None:
        self._at = services
        self._desk = desk
        self._fetching = fetching

    async def secure(self, wish: SecuringFiles, turn: CardAction, scene: Scene) -> Reply:
        """Only for one who may decide now is anything fetched; all else is refused as every command is."""
        view = await view_for(self._at, wish.case, turn.sender.object_id)
        if isinstance(view, Refusal):
            return refusal_card(view, scene, wish.case)
        nothing = FetchedFiles(case=wish.case, snapshot=view.snapshot, files=(), contents=())
        may = view.right and not self._at.read_only
        return await self.on_case(await fetch_files(view, self._fetching) if may else nothing, turn, scene)

    async def on_case(self, wish: CaseClick, turn: CardAction, scene: Scene) -> Reply:
        outcome = await self._desk.carry_out(wish, by=turn.sender, activity=activity_key(turn))
        match outcome:
            case Done(view=view):
                return case_card(view, scene)
            case Refused(refusal=refusal, view=None):
                return refusal_card(refusal, scene, wish.case)
            case Refused(refusal=refusal, view=view) if view is not None:
                form = None if refusal.reason in _NEEDS_FRESH_LOOK else _form_of(wish)
                return case_card(view, scene, form=form, typed=typed_in(turn.data), refusal=refusal)
        raise AssertionError("every outcome is handled above")

    async def register(self, wish: Registering, turn: CardAction, scene: Scene) -> Reply:
        outcome = await self._desk.carry_out(wish, by=turn.sender, activity=activity_key(turn))
        view = await registration_for(self._at, wish.case, wish.item, turn.sender.object_id)
        if isinstance(view, Refusal):
            return refusal_card(view, scene, wish.case)
        refusal = outcome.refusal if isinstance(outcome, Refused) else None
        return registration_card(view, scene, typed=typed_in(turn.data), refusal=refusal)

    async def show_registration(self, wish: ShowingRegistration, turn: CardAction, scene: Scene) -> Reply:
        view = await waiting_registration(self._at, wish.case, turn.sender.object_id)
        if isinstance(view, Refusal):
            return refusal_card(view, scene, wish.case)
        await note_opened(self._at, view.case.case, turn.sender.object_id)
        return registration_card(view, scene)

    async def show_form(self, wish: ShowingForm, turn: CardAction, scene: Scene) -> Reply:
        view = await view_for(self._at, wish.case, turn.sender.object_id)
        if isinstance(view, Refusal):
            return refusal_card(view, scene, wish.case)
        if view.right is not None and view.case.is_open:
            await touch(self._at, view.case, turn.sender.object_id)
        return case_card(view, scene, form=wish.form)


_NEEDS_FRESH_LOOK = frozenset({Reason.ALREADY_DECIDED, Reason.NOT_ALLOWED, Reason.NOTHING_KEPT})
"""Refusals after which what was typed no longer fits the card."""


def _form_of(wish: CaseClick) -> CaseForm | None:
    match wish:
        case Deciding(verb="reverse"):
            return CaseForm.REVERSAL
        case Deciding():
            return _FORMS.get(wish.kind)
        case Forwarding():
            return CaseForm.FORWARD
        case ReportingToPolice():
            return CaseForm.POLICE
        case Confirming() | SuspectingAbuse() | FetchedFiles():
            return None


def typed_in(data: Mapping[str, Any]) -> Mapping[str, str]:
    """What the person had typed, to be shown again after a refusal."""
    return {name: str(value) for name, value in data.items() if isinstance(value, str | int | bool)}
