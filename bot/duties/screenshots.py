"""Screenshots sent in the personal chat: fetched, checked, kept, and told of which channel they are."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.activity_keys import activity_key
from bot.contents import opened
from bot.desks import recorded
from bot.domain.cases import Reason as CaseReason
from bot.domain.cases import Refusal as CaseRefusal
from bot.domain.duties import (
    SCREENSHOTS,
    Duty,
    DutyKind,
    Refusal,
    may_fulfil,
    responsible,
    screenshot_command,
)
from bot.domain.duty_views import DutyState, PictureChoice, state_on
from bot.domain.pictures import PictureProblem, picture_type
from bot.domain.views import FileText
from bot.domain.zone import local_day
from bot.duties.desk import DutyDesk
from bot.duties.picture_keeping import SealedPicture, same_picture, sealed_picture
from bot.duties.picture_record import ReceivedPicture, picture_from, picture_stream, received_event, used_key
from bot.duties.record import DutyRecord
from bot.duties.viewing import duty_view, load_duty, name_of_duty, named_refusal
from bot.services import Services
from bot.turns import CardAction, Reply, SentFile, TextMessage
from cards.duty_card import DutyBanner, duty_card
from cards.duty_payload import ChoosingChannel
from cards.notice_card import refusal_card
from cards.picture_cards import picture_choice_card, picture_problem_card
from cards.scene import Scene
from storage.store import KeyTaken

_WAITED_FOR = frozenset({DutyState.LATE, DutyState.DUE})


class FetchingSent(Protocol):
    async def fetch(self, file: SentFile) -> bytes | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """A duty that a picture can be of; ``waits`` when one is due or asked for now."""

    record: DutyRecord
    waits: bool


class Screenshots:
    def __init__(self, services: Services, desk: DutyDesk, fetching: FetchingSent) -> None:
        self._at = services
        self._desk = desk
        self._fetching = fetching

    async def concern(self, person: str) -> bool:
        """Whether a picture by this person can be a screenshot at all."""
        return bool(await self._candidates(person))

    async def received(self, turn: TextMessage, scene: Scene) -> Reply:
        """Nothing is fetched for one who administers no channel."""
        person, key = turn.sender.object_id, activity_key(turn) or secrets.token_hex(32)
        candidates = await self._candidates(person)
        if not candidates:
            return picture_problem_card(PictureProblem.NOBODYS, scene)
        if self._at.read_only:
            return refusal_card(CaseRefusal(reason=CaseReason.ROLES_OUT_OF_DATE), scene, None)
        if await recorded(self._at.store, (f"activity:{key}",), person):
            return await self._as_before(key, person, candidates, scene)
        if len(turn.files) > 1:
            return picture_problem_card(PictureProblem.SEVERAL, scene)
        data = await self._fetching.fetch(turn.files[0])
        kind = picture_type(data) if data is not None else None
        if data is None or kind is None:
            problem = PictureProblem.UNREACHABLE if data is None else PictureProblem.WRONG_TYPE
            return picture_problem_card(problem, scene)
        return await self._keep(
            sealed_picture(data, turn.files[0].name, kind), key, person, candidates, scene
        )

    async def _keep(
        self,
        sealed: SealedPicture,
        key: str,
        person: str,
        candidates: Sequence[_Candidate],
        scene: Scene,
    ) -> Reply:
        """Only where a single channel waits for one is it clear what the picture shows."""
        waiting = [one for one in candidates if one.waits]
        if len(waiting) == 1:
            return await self._hand_in(waiting[0].record, sealed, person, (f"activity:{key}",), scene)
        received = key[:32]
        done = await self._at.store.append(
            picture_stream(received),
            [received_event(sealed.picture, by=person)],
            expected_version=None,
            actor=person,
            at=self._at.clock(),
            keys=(f"activity:{key}",),
            contents=sealed.contents,
        )
        if isinstance(done, KeyTaken):
            return await self._as_before(key, person, candidates, scene)
        return picture_choice_card(received, self._choices(candidates), scene)

    async def _hand_in(
        self,
        record: DutyRecord,
        sealed: SealedPicture,
        person: str,
        keys: Sequence[str],
        scene: Scene,
        *,
        used: Sequence[str] = (),
    ) -> Reply:
        duty = record.duty
        done = await self._desk.carry_out(
            duty.id,
            screenshot_command(duty, sealed.picture, local_day(self._at.clock())),
            by=person,
            keys=keys,
            once=(same_picture(self._at.pepper, duty.subject, sealed.sha256), *used),
            contents=sealed.contents,
        )
        return await self._answer(duty.id, done, person, scene)

    async def _as_before(
        self, key: str, person: str, candidates: Sequence[_Candidate], scene: Scene
    ) -> Reply:
        """A delivery that came again gets the answer that the first one got."""
        doc = await self._at.store.get("received_pictures", key[:32])
        if doc is not None:
            return picture_choice_card(picture_from(doc).id, self._choices(candidates), scene)
        event = await self._at.store.taken(f"activity:{key}")
        duty = event.stream.partition("/")[2] if event and event.stream.startswith("duty/") else ""
        record = await load_duty(self._at, duty) if duty else None
        if record is None:
            return picture_problem_card(PictureProblem.GONE, scene)
        return await self._answer(duty, record, person, scene)

    async def choose(self, wish: ChoosingChannel, turn: CardAction, scene: Scene) -> Reply:
        """What the picture shows is told by the one who sent it, and by nobody else."""
        person, key = turn.sender.object_id, activity_key(turn)
        keys = (f"activity:{key}",) if key else ()
        candidates = await self._candidates(person)
        chosen = next((one.record for one in candidates if one.record.duty.subject == wish.channel), None)
        if chosen is not None and await recorded(self._at.store, keys, person):
            return await self._answer(chosen.duty.id, chosen, person, scene)
        doc = await self._at.store.get("received_pictures", wish.picture)
        received = picture_from(doc) if doc else None
        if received is None or received.by != person:
            return picture_problem_card(PictureProblem.GONE, scene)
        if chosen is None:
            return picture_choice_card(wish.picture, self._choices(candidates), scene, lacking=True)
        return await self._use(received, chosen, person, keys, scene)

    async def _use(
        self, received: ReceivedPicture, record: DutyRecord, person: str, keys: Sequence[str], scene: Scene
    ) -> Reply:
        text = await opened(self._at.store, received.picture.text_ref, FileText)
        if text is None or not text.sha256:
            return picture_problem_card(PictureProblem.GONE, scene)
        sealed = SealedPicture(picture=received.picture, contents=(), sha256=text.sha256)
        used = (used_key(received.id),)
        return await self._hand_in(record, sealed, person, keys, scene, used=used)

    async def _answer(self, duty: str, done: DutyRecord | Refusal, person: str, scene: Scene) -> Reply:
        record = await load_duty(self._at, duty) if isinstance(done, Refusal) else done
        if record is None:
            return picture_problem_card(PictureProblem.NOBODYS, scene)
        view = await duty_view(self._at, record, person)
        if isinstance(done, Refusal):
            return duty_card(view, scene, refusal=named_refusal(self._at, done))
        return duty_card(view, scene, banner=DutyBanner.SAVED)

    async def _candidates(self, person: str) -> list[_Candidate]:
        """Those that the person owes, due first; for communications those that nobody owes, else all."""
        records = [
            record
            for row in await self._at.store.select("open_duties")
            if row["kind"] in SCREENSHOTS and (record := await load_duty(self._at, row["duty"]))
        ]
        found = [one for one in records if self._owes(one.duty, person)] or [
            one for one in records if self._may(one.duty, person)
        ]
        made = [_Candidate(record=one, waits=self._waits(one)) for one in found]
        return sorted(made, key=lambda one: (not one.waits, one.record.duty.due, one.record.duty.subject))

    def _owes(self, duty: Duty, person: str) -> bool:
        register = self._at.directory.channels().register
        owing = responsible(duty, self._at.organisation, register)
        return person in (owing or self._at.organisation.communications.members)

    def _may(self, duty: Duty, person: str) -> bool:
        register = self._at.directory.channels().register
        return person in may_fulfil(duty, self._at.organisation, register)

    def _waits(self, record: DutyRecord) -> bool:
        last = record.duty.kind is DutyKind.LAST_SCREENSHOT
        return last or record.asked or state_on(record.duty, local_day(self._at.clock())) in _WAITED_FOR

    def _choices(self, candidates: Sequence[_Candidate]) -> tuple[PictureChoice, ...]:
        return tuple(
            PictureChoice(
                channel=one.record.duty.subject,
                name=name_of_duty(self._at, one.record.duty),
                due=one.record.duty.due if one.waits else None,
            )
            for one in candidates
        )
