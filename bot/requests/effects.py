"""What follows from an approval by itself: carried out after the decision is durable, each exactly once.

What is still owed stands in the read side, so a process that dies between decision and effect leaves it to the next
look. An effect that was carried out but not yet noted is met again, and found to be so already.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.cases import owing
from bot.channels.register import ChannelRegister
from bot.contents import opened, sealed
from bot.domain.channels import ChannelTexts
from bot.domain.requests import (
    ON_REGISTER,
    Effect,
    EffectCarriedOut,
    EffectKind,
    FormTexts,
    Outcome,
    Request,
    after_refusal,
    register_command,
    standing_decision,
)
from bot.requests import owing as request_owing
from bot.requests.administration_desk import AdministrationDesk
from bot.requests.trail import on_request_trail
from bot.requests.viewing import load_request
from bot.services import Services
from storage.store import Content, Message

log = logging.getLogger(__name__)

Carrier = Callable[[Effect, Request], Awaitable[EffectCarriedOut]]
"""Carries out an effect that belongs to another part of the bot; safe to be asked twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    noted: EffectCarriedOut
    owes: tuple[Message, ...] = ()


class RequestEffects:
    """``others`` carry out what is theirs; an effect that nobody carries out yet stays owed."""

    def __init__(self, services: Services, others: Mapping[EffectKind, Carrier] | None = None) -> None:
        self._at = services
        self._register = ChannelRegister(services.store, services.pepper)
        self._administrations = AdministrationDesk(services)
        self._others = others or {}

    async def look(self) -> None:
        """What fails now is tried at the next look, and keeps no other request waiting."""
        for row in await self._at.store.select("owed_effects"):
            try:
                await self.carry_out(row["designation"])
            except Exception:
                log.exception("An effect was not carried out", extra={"request": row["designation"]})

    async def carry_out(self, designation: str) -> None:
        """All that the request still owes, in order."""
        request = await load_request(self._at, designation)
        if request is None:
            return
        for effect in request.effects_left:
            done = await self._one(effect, request)
            if done is not None:
                await self._note(request, effect, done)
        await self._at.directory.refresh()  # who asks next asks the register as it is now

    async def _note(self, request: Request, effect: Effect, done: _Done) -> None:
        owes = done.owes
        if done.noted.outcome is Outcome.IMPOSSIBLE:
            told = owing.communications(self._at.organisation)
            owes = (*owes, *request_owing.cards(request, told, cause="impossible"))
        updates = request_owing.refreshes(request, cause=f"effect:{effect.key}", but=[m.to for m in owes])
        key = f"effect:{effect.key}"
        others = await self._others_on(request, effect)
        await on_request_trail(self._at, request, done.noted, key=key, owes=(*owes, *updates, *others))

    async def _others_on(self, request: Request, effect: Effect) -> tuple[Message, ...]:
        """What waits for a decision on the same channel may be decided otherwise now, so its cards say so."""
        if effect.kind not in ON_REGISTER:
            return ()
        rows = await self._at.store.select("open_requests")
        waiting = [await load_request(self._at, row["designation"]) for row in rows]
        cause = f"effect:{request.designation}:{effect.key}"
        return tuple(
            message
            for one in waiting
            if one is not None and one.form.fact("channel") == effect.channel
            for message in request_owing.refreshes(one, cause=cause)
        )

    async def _one(self, effect: Effect, request: Request) -> _Done | None:
        """None for what nobody carries out yet."""
        if effect.kind in ON_REGISTER:
            return _Done(noted=await self._on_register(effect, request))
        match effect.kind:
            case EffectKind.RECORD_STANDING_DECISION:
                return _Done(noted=await self._stand(effect, request))
            case EffectKind.NAME_ADMIN | EffectKind.SEND_CONTACT_DETAILS:
                return await self._tell_communications(effect, request)
            case EffectKind.WELCOME_ADMIN:
                return await self._welcome(effect, request)
            case EffectKind.TELL_FORMER_ADMIN:
                return await self._tell_former(effect, request)
            case _:
                carrier = self._others.get(effect.kind)
                return _Done(noted=await carrier(effect, request)) if carrier else None

    async def _on_register(self, effect: Effect, request: Request) -> EffectCarriedOut:
        contents: tuple[Content, ...] = ()
        if effect.kind is EffectKind.OPEN_CHANNEL:
            form = await opened(self._at.store, request.form.texts_ref, FormTexts)
            said = form.values if form else {}
            contents = (sealed(ChannelTexts(name=said.get("name", ""), address=said.get("address", ""))),)
        command = register_command(effect, request, texts_ref=contents[0].ref if contents else "")
        by = request.decision.made.by if request.decision else ""
        refusal = await self._register.carry_out(command, by=by, at=self._at.clock(), contents=contents)
        return after_refusal(effect, refusal, request) if refusal else EffectCarriedOut(effect=effect.key)

    async def _stand(self, effect: Effect, request: Request) -> EffectCarriedOut:
        new = await self._administrations.record_standing(
            request.administration, standing_decision(request), at=self._at.clock()
        )
        outcome = Outcome.DONE if new else Outcome.NEEDLESS
        return EffectCarriedOut(effect=effect.key, outcome=outcome)

    async def _is_admin(self, effect: Effect) -> bool:
        entry = (await self._register.register()).channels.get(effect.channel)
        return entry is not None and entry.is_active and (not effect.person or effect.person in entry.admins)

    async def _tell_communications(self, effect: Effect, request: Request) -> _Done:
        """Of a channel that could not be opened nobody needs to be told who administers it."""
        if not await self._is_admin(effect):
            return _impossible(effect)
        to = owing.communications(self._at.organisation)
        if (
            effect.kind is EffectKind.NAME_ADMIN
        ):  # the contact details that follow name them, on the same card
            return _Done(noted=EffectCarriedOut(effect=effect.key))
        return _told(effect, request, request_owing.CONTACT, to)

    async def _tell_former(self, effect: Effect, request: Request) -> _Done:
        people: tuple[str, ...] = (effect.person,)
        if not effect.person:
            entry = (await self._register.register()).channels.get(effect.channel)
            closed = entry is not None and entry.closed_by == request.designation
            people = entry.former_admins if entry and closed else ()
        return _told(effect, request, request_owing.FORMER_ADMIN, [owing.person(one) for one in people])

    async def _welcome(self, effect: Effect, request: Request) -> _Done:
        if not await self._is_admin(effect):
            return _impossible(effect)
        return _told(effect, request, request_owing.WELCOME, [owing.person(effect.person)])


def _impossible(effect: Effect) -> _Done:
    return _Done(noted=EffectCarriedOut(effect=effect.key, outcome=Outcome.IMPOSSIBLE, why="not_an_admin"))


def _told(effect: Effect, request: Request, kind: str, to: list[str] | tuple[str, ...]) -> _Done:
    owes = tuple(
        request_owing.notice(kind, request, one, channel=effect.channel, person=effect.person) for one in to
    )
    return _Done(noted=EffectCarriedOut(effect=effect.key), owes=owes)
