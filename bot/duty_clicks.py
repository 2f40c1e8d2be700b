"""Clicks on a duty's card: the wish carried out, and the card as it then is."""

from bot.activity_keys import activity_key
from bot.domain.duties import Duty, Reason, Refusal
from bot.duty_desk import DutyDesk
from bot.duty_record import DutyRecord
from bot.duty_viewing import done_view, duty_for, duty_view, load_duty, named_refusal
from bot.file_links import FileLinks
from bot.services import Services
from bot.turns import CardAction, Reply
from cards.done_card import done_card
from cards.duty_card import DutyBanner, duty_card, duty_refusal_card
from cards.payload import AskingForScreenshot, OpeningFile
from cards.scene import Scene


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
        return self._links.link(done.picture.text_ref, done.picture.data_ref) if done.picture else ""

    async def answer(
        self, duty: str, done: DutyRecord | Refusal, person: str, scene: Scene, banner: DutyBanner
    ) -> Reply:
        """The card as it is after the command, or with why it was refused."""
        if not isinstance(done, Refusal):
            return duty_card(await duty_view(self._at, done, person), scene, banner=banner)
        view = await duty_for(self._at, duty, person)
        if isinstance(view, Refusal):
            return duty_refusal_card(view, scene)
        return duty_card(view, scene, refusal=named_refusal(self._at, done))


def keys_of(turn: CardAction) -> tuple[str, ...]:
    key = activity_key(turn)
    return (f"activity:{key}",) if key else ()
