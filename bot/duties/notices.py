"""What an owed message about a duty looks like when its turn to leave has come: always the state as it is then."""

from bot.deliveries import Rendered, Update
from bot.domain.duties import may_see
from bot.duties.owing import DONE_MESSAGE, DUTY_REFRESH
from bot.duties.record import DUTY_MESSAGE, DutyRecord
from bot.duties.viewing import done_view, duty_view, load_duty
from bot.services import Services
from cards.copies import duty_copy
from cards.done_card import done_card
from cards.duty_card import DutyBanner, duty_card, duty_withdrawn_card
from cards.scene import Scene
from storage.store import Message


class DutyNotices:
    """Renders owed messages about duties; None means that there is nothing left to say."""

    def __init__(self, services: Services) -> None:
        self._at = services

    async def render(
        self, message: Message, person: str | None, scene: Scene, *, repeated: bool
    ) -> Rendered | Update | None:
        record = await load_duty(self._at, message.subject)
        if record is None:
            return None
        if person and not self._may_see(record, person):
            return _withdrawn(message, scene)
        match message.kind:
            case str() if message.kind == DUTY_MESSAGE:
                return await self._reminder(record, message, person, scene, repeated)
            case str() if message.kind == DUTY_REFRESH:
                banner = DutyBanner.REPEATED if repeated else None
                card = duty_card(await duty_view(self._at, record, person), scene, banner=banner)
                return Update(card=card.card, summary=card.summary, copy_of=duty_copy(record.duty.id))
            case str() if message.kind == DONE_MESSAGE:
                view = await duty_view(self._at, record, person)
                done = await done_view(self._at, record.duty, int(message.data["number"]))
                card = done_card(view, done, scene, repeated=repeated)
                return Rendered(card=card.card, summary=card.summary)
            case _:
                return None

    async def _reminder(
        self, record: DutyRecord, message: Message, person: str | None, scene: Scene, repeated: bool
    ) -> Rendered | None:
        """Nothing about a turn that is over: it was done, or its channel closed, while the message waited."""
        if not record.duty.is_open or message.data["due"] != record.duty.due.isoformat():
            return None
        banner = DutyBanner.REPEATED if repeated else DutyBanner(str(message.data["cause"]).partition(":")[0])
        card = duty_card(await duty_view(self._at, record, person), scene, banner=banner)
        return Rendered(card=card.card, summary=card.summary, copy_of=duty_copy(record.duty.id))

    def _may_see(self, record: DutyRecord, person: str) -> bool:
        register = self._at.directory.channels().register
        return may_see(record.duty, person, self._at.organisation, register)


def _withdrawn(message: Message, scene: Scene) -> Update | None:
    """Who may no longer see the duty gets nothing new of it, and what is there loses its words."""
    if message.kind != DUTY_REFRESH:
        return None
    card = duty_withdrawn_card(scene)
    return Update(card=card.card, summary=card.summary, copy_of=duty_copy(message.subject))
