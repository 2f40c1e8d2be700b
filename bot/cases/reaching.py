"""What the outbox reports back: the law's clock on delivery, and another way where one is closed."""

from datetime import datetime

from bot.cases import owing
from bot.cases.escalating import escalate
from bot.cases.record import CASE_MESSAGE, REGISTRATION_MESSAGE
from bot.cases.trail import on_trail
from bot.cases.viewing import load_case
from bot.domain.cases import Case, Delivered, Unreachable
from bot.duties.owing import DONE_MESSAGE
from bot.duties.reaching import DutyReaching
from bot.duties.record import DUTY_MESSAGE
from bot.services import Services
from storage.store import Message

_ABOUT_CASES = frozenset({CASE_MESSAGE, owing.REMINDER, owing.REFRESH})
_NEW_CARDS = frozenset({CASE_MESSAGE, owing.REMINDER})
_OF_DUTIES = frozenset({DUTY_MESSAGE, DONE_MESSAGE})


class Reaching:
    def __init__(self, services: Services) -> None:
        self._at = services
        self._duties = DutyReaching(services)

    async def delivered(self, message: Message, at: datetime) -> None:
        case = await load_case(self._at, message.subject)
        if case is not None and message.kind == CASE_MESSAGE:
            await on_trail(
                self._at, case, Delivered(to=message.to), at=at, key=f"delivered:{case.round}:{message.to}"
            )

    async def unreachable(self, message: Message, why: str, *, gone: bool) -> None:
        """A channel's conversation falls back to its admins, admins and registrars to communications, and these from
        their own Teams channel to each of them.

        A new card that does not arrive, whatever the reason, has to reach somebody else; an update that fails
        matters where its recipient is gone.
        """
        if message.kind in _OF_DUTIES:
            await self._duties.unreachable(message, why)
            return
        case = await load_case(self._at, message.subject)
        if case is None:
            return
        if message.kind == REGISTRATION_MESSAGE:
            await self._registrar_is_unreachable(case, message)
        elif message.kind in _ABOUT_CASES and (gone or message.kind in _NEW_CARDS):
            await self._decider_is_unreachable(case, message, why)

    async def _decider_is_unreachable(self, case: Case, message: Message, why: str) -> None:
        now = self._at.clock()
        if message.to not in case.unreachable:
            told = owing.refreshes(case, cause=f"unreachable:{len(case.unreachable)}:{message.to}")
            owes = (*(one for one in told if one.to != message.to), *self._instead(case, message))
            event = Unreachable(to=message.to, why=why)
            await on_trail(self._at, case, event, at=now, key=f"unreachable:{message.id}", owes=owes)
        after = await load_case(self._at, case.designation)
        if after and set(after.recipients) <= set(after.unreachable) and not self._at.local:
            await escalate(self._at, case.designation, why="unreachable", now=now)

    def _instead(self, case: Case, message: Message) -> tuple[Message, ...]:
        organisation = self._at.organisation
        if each := owing.to_each_instead(message, organisation, case.unreachable):
            return each
        channel = organisation.channels.get(case.channel)
        if channel is None or not message.to.startswith("conversation:"):
            return ()
        admins = [owing.person(admin) for admin in channel.admins]
        return owing.case_cards(case.designation, admins, cause="instead", at=f":{case.round}")

    async def _registrar_is_unreachable(self, case: Case, message: Message) -> None:
        item = str(message.data["item"])
        to = owing.communications(self._at.organisation, but={*case.unreachable, message.to})
        await on_trail(
            self._at,
            case,
            Unreachable(to=message.to, why="registrar"),
            at=self._at.clock(),
            key=f"unreachable:{message.id}",
            owes=owing.registration_cards(item, case.designation, to, cause=":instead"),
        )
