"""Clicks on a duty's card: the wish carried out, and the card as it then is."""

from collections.abc import Mapping
from dataclasses import replace

from bot.activity_keys import activity_key
from bot.cases.clicks import typed_in
from bot.contents import sealed
from bot.domain.duties import Duty, DutyTexts, EvaluationTexts, Fulfil, Reason, Refusal
from bot.duties.desk import DutyDesk
from bot.duties.evaluation_paper import evaluation_document
from bot.duties.record import DutyRecord
from bot.duties.viewing import done_view, duty_for, duty_view, load_duty, named_refusal
from bot.file_links import FileLinks
from bot.services import Services
from bot.turns import CardAction, Reply
from cards.done_card import done_card
from cards.duty_card import DutyBanner, duty_card, duty_refusal_card
from cards.duty_payload import AskingForScreenshot, ConfirmingContacts, Evaluating, OpeningFile
from cards.scene import Scene
from storage.store import Content


class DutyClicks:
    def __init__(self, services: Services, desk: DutyDesk) -> None:
        self._at = services
        self._desk = desk
        self._links = FileLinks(services)

    async def show(self, duty: str, person: str, scene: Scene) -> Reply:
        view = await duty_for(self._at, duty, person)
        return duty_refusal_card(view, scene) if isinstance(view, Refusal) else duty_card(view, scene)

    async def ask(self, wish: AskingForScreenshot, turn: CardAction, scene: Scene) -> Reply:
        person = turn.sender.object_id
        done = await self._desk.ask(wish.duty, by=person, keys=keys_of(turn))
        return await self.answer(wish.duty, done, person, scene, DutyBanner.CHANGE)

    async def open_file(self, wish: OpeningFile, turn: CardAction, scene: Scene) -> Reply:
        """The link is made for one who may see the duty, at this moment, and for some minutes."""
        person = turn.sender.object_id
        view = await duty_for(self._at, wish.duty, person)
        record = await load_duty(self._at, wish.duty)
        if isinstance(view, Refusal) or record is None or wish.number > len(record.duty.fulfilments):
            return duty_refusal_card(Refusal(reason=Reason.UNKNOWN_DUTY), scene)
        done = await done_view(self._at, record.duty, wish.number)
        return done_card(view, done, scene, link=self._link(record.duty, wish.number))

    def _link(self, duty: Duty, number: int) -> str:
        done = duty.fulfilments[number - 1]
        kept = done.picture or done.document
        return self._links.link(kept.text_ref, kept.data_ref) if kept else ""

    async def confirm(self, wish: ConfirmingContacts, turn: CardAction, scene: Scene) -> Reply:
        text = "" if wish.verb == "contacts_same" else wish.contacts
        contents = (sealed(DutyTexts(text=text)),) if text else ()
        command = Fulfil(
            due=wish.due,
            texts_ref=contents[0].ref if contents else "",
            has_text=bool(text),
            unchanged=wish.verb == "contacts_same",
        )
        banner = DutyBanner.SAVED if text else DutyBanner.CONFIRMED
        return await self._fulfil(wish.duty, command, contents, turn, scene, banner)

    async def evaluate(self, wish: Evaluating, turn: CardAction, scene: Scene) -> Reply:
        """The document is made for one who may hand it in now, and for nobody else."""
        told = EvaluationTexts(reach=wish.reach, staffing=wish.staffing, changes=wish.changes)
        whole = bool(told.reach and told.staffing)
        command, contents = Fulfil(due=wish.due, has_text=whole), tuple[Content, ...]()
        view = await duty_for(self._at, wish.duty, turn.sender.object_id)
        if whole and not isinstance(view, Refusal) and view.may_write and view.duty.due == wish.due:
            by = self._at.organisation.person(turn.sender.object_id).name or turn.sender.name
            document, made = await evaluation_document(self._at, view.duty, told, by=by, at=self._at.clock())
            text = sealed(told)
            command = replace(command, texts_ref=text.ref, document=document)
            contents = (text, *made)
        return await self._fulfil(wish.duty, command, contents, turn, scene, DutyBanner.SAVED)

    async def _fulfil(
        self,
        duty: str,
        command: Fulfil,
        contents: tuple[Content, ...],
        turn: CardAction,
        scene: Scene,
        banner: DutyBanner,
    ) -> Reply:
        person = turn.sender.object_id
        done = await self._desk.carry_out(duty, command, by=person, keys=keys_of(turn), contents=contents)
        return await self.answer(duty, done, person, scene, banner, typed=typed_in(turn.data))

    async def answer(
        self,
        duty: str,
        done: DutyRecord | Refusal,
        person: str,
        scene: Scene,
        banner: DutyBanner,
        *,
        typed: Mapping[str, str] | None = None,
    ) -> Reply:
        """The card as it is after the command, or with why it was refused."""
        if not isinstance(done, Refusal):
            return duty_card(await duty_view(self._at, done, person), scene, banner=banner)
        view = await duty_for(self._at, duty, person)
        if isinstance(view, Refusal):
            return duty_refusal_card(view, scene)
        return duty_card(view, scene, refusal=named_refusal(self._at, done), typed=typed)


def keys_of(turn: CardAction) -> tuple[str, ...]:
    key = activity_key(turn)
    return (f"activity:{key}",) if key else ()
