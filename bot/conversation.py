"""The bot as people meet it: one turn in, one reply out, in the sender's language."""

import logging
from typing import assert_never, get_args

from bot.cases.clicks import CaseClicks
from bot.cases.deciding import CaseDesk
from bot.cases.evidence import Fetching
from bot.cases.flagging import ChatFlags
from bot.cases.intake import Intake
from bot.cases.listing import list_card
from bot.cases.trail import note_opened, record_refusal, touch
from bot.cases.viewing import view_for
from bot.channels.listing import channel_page, first_scope
from bot.commands import Command, Typed, read_command
from bot.domain.cases import Reason, Refusal
from bot.domain.views import CaseView, ChannelScope
from bot.duties.talk import DUTY_READS, DutyTalk
from bot.languages import choose_language, language_by_locale, language_of
from bot.organisation.form import is_object_id
from bot.questions.record import is_question
from bot.questions.talk import QUESTION_READS, QuestionTalk
from bot.readers import note_reader
from bot.requests.record import is_request
from bot.requests.talk import RequestTalk
from bot.services import Services
from bot.turns import (
    CardAction,
    ConversationKind,
    FileConsent,
    Installed,
    Nothing,
    Removed,
    Reply,
    Sender,
    TextMessage,
    TextReply,
    Turn,
)
from bot.welcome import Welcomes, help_for
from cards.case_card import case_card
from cards.channel_list import channel_list_card
from cards.duty_payload import DutyWish
from cards.notice_card import refusal_card
from cards.payload import (
    BadPayload,
    ChoosingLanguage,
    Confirming,
    Deciding,
    Flagging,
    FlaggingForm,
    Forwarding,
    Helping,
    Listing,
    ListingChannels,
    Registering,
    ReportingToPolice,
    SecuringFiles,
    Showing,
    ShowingForm,
    ShowingRegistration,
    SuspectingAbuse,
    Wish,
    unpack,
)
from cards.question_payload import QuestionWish
from cards.request_payload import RequestWish
from cards.scene import Scene
from cards.texts import texts
from storage.store import StoreUnsure, StoreUnwritable

log = logging.getLogger(__name__)


class Conversation:
    """Handles every turn; the rights behind each answer are resolved from the sender's object id."""

    def __init__(
        self,
        services: Services,
        intake: Intake,
        fetching: Fetching,
        duties: DutyTalk,
        requests: RequestTalk,
        questions: QuestionTalk,
    ) -> None:
        """``fetching`` gets what posts link to."""
        self._at = services
        self._duties = duties
        self._requests = requests
        self._questions = questions
        self._clicks = CaseClicks(services, CaseDesk(services), fetching)
        self._flags = ChatFlags(services, intake)
        self._welcomes = Welcomes(services)

    async def handle(self, turn: Turn) -> Reply:
        scene = self._scene_without_store()
        try:
            await self._learn(turn.sender)
            await self._at.directory.refresh()
            scene = await self._scene(turn.sender)
            return await self._answer(turn, scene)
        except StoreUnwritable as error:
            log.exception("the store cannot be written", extra={"activity": turn.activity})
            reason = Reason.STORE_UNSURE if isinstance(error, StoreUnsure) else Reason.STORE_UNWRITABLE
            self._at.measures.refused(reason)
            return refusal_card(Refusal(reason=reason), scene, None)

    async def _learn(self, sender: Sender) -> None:
        if is_object_id(sender.object_id) and not self._at.organisation.person(sender.object_id).name:
            await self._at.names.learn(sender.object_id, sender.name)

    def failure(self, turn: Turn) -> str:
        # By the locale alone: the store, where choices of language lie, may be what failed.
        return texts(language_by_locale(self._at, turn.sender.locale))("say.failure")

    def _scene_without_store(self) -> Scene:
        return Scene(language=self._at.organisation.language, now=self._at.clock(), law=self._at.law)

    async def _scene(self, sender: Sender) -> Scene:
        language = await language_of(self._at, sender.object_id, sender.locale)
        return Scene(language=language, now=self._at.clock(), law=self._at.law)

    async def _answer(self, turn: Turn, scene: Scene) -> Reply:
        match turn:
            case TextMessage():
                return await self._said(turn, scene)
            case CardAction():
                return await self._clicked(turn, scene)
            case Installed():
                if turn.address.kind is ConversationKind.PERSONAL:
                    await self._requests.arrived(turn.sender)
                return await self._welcomes.installed(turn, scene)
            case FileConsent():
                return await self._requests.consented(turn)
            case Removed():
                await self._welcomes.removed(turn)
                return Nothing()
            case _:
                assert_never(turn)

    # What is written ------------------------------------------------------------------------------------

    async def _said(self, turn: TextMessage, scene: Scene) -> Reply:
        typed = read_command(turn.text)
        if typed is None and await self._duties.concerned(turn):
            return await self._duties.received(turn, scene)
        if typed is None:
            return await self._questions.asked(turn, scene)
        if typed.command not in _ANYWHERE and turn.address.kind is not ConversationKind.PERSONAL:
            return TextReply(text=texts(scene.language)("say.personal_only"))
        return await self._commanded(typed, turn, scene)

    async def _commanded(self, typed: Typed, turn: TextMessage, scene: Scene) -> Reply:
        match typed.command:
            case Command.QUEUE | Command.MY_DECISIONS | Command.UNREGISTERED:
                return await self._list(typed.command, turn.sender, int(typed.argument or 1), scene)
            case Command.CHANNELS:
                scope = first_scope(self._at.organisation, turn.sender.object_id)
                return await self._channels(scope, turn.sender, int(typed.argument or 1), scene)
            case Command.DUTIES | Command.OVERVIEW:
                return await self._duties.said(typed, turn, scene)
            case Command.SHOW if is_request(typed.argument):
                return await self._requests.said(typed, turn, scene)
            case Command.SHOW if is_question(typed.argument):
                return await self._questions.said(typed, turn, scene)
            case Command.UNANSWERED | Command.LEARNED:
                return await self._questions.said(typed, turn, scene)
            case Command.SHOW:
                return await self._show(typed.argument, turn.sender, scene)
            case (
                Command.APPLY
                | Command.MY_REQUESTS
                | Command.REQUESTS
                | Command.RULES
                | Command.ABSENT
                | Command.BACK
            ):
                return await self._requests.said(typed, turn, scene)
            case Command.FLAG:
                return self._flags.form(turn.activity, scene)
            case Command.HELP:
                return help_for(self._at, turn, scene)
            case Command.LANGUAGE:
                return await self._language(typed.argument, turn, scene)
            case _:
                assert_never(typed.command)

    async def _list(self, what: str, sender: Sender, page: int, scene: Scene) -> Reply:
        await note_reader(self._at.store, what, sender.object_id)
        return await list_card(self._at, what, sender.object_id, page=page, scene=scene)

    async def _channels(self, scope: ChannelScope, sender: Sender, page: int, scene: Scene) -> Reply:
        return channel_list_card(await channel_page(self._at, sender.object_id, scope, page=page), scene)

    async def _show(self, designation: str, sender: Sender, scene: Scene) -> Reply:
        view = await view_for(self._at, designation, sender.object_id)
        if isinstance(view, Refusal):
            await record_refusal(self._at, view, verb="show", subject=designation, by=sender.object_id)
            return refusal_card(view, scene, designation)
        await self._note_opened(view, sender)
        return case_card(view, scene)

    async def _note_opened(self, view: CaseView, sender: Sender) -> None:
        await note_opened(self._at, view.case, sender.object_id)
        if view.right is not None and view.case.is_open:
            await touch(self._at, view.case, sender.object_id)

    async def _language(self, language: str, turn: Turn, scene: Scene) -> Reply:
        await choose_language(self._at, turn.sender.object_id, language)
        return help_for(self._at, turn, Scene(language=language, now=scene.now, law=scene.law))

    # What is clicked ------------------------------------------------------------------------------------

    async def _clicked(self, turn: CardAction, scene: Scene) -> Reply:
        if turn.submitted and turn.address.kind is not ConversationKind.PERSONAL:
            return TextReply(
                text=texts(scene.language)("say.personal_only")
            )  # the answer would be seen by all
        wish = unpack(turn.verb, turn.data)
        if isinstance(wish, BadPayload):
            refusal = Refusal(reason=Reason.BAD_PAYLOAD, field=", ".join(wish.fields))
            await record_refusal(self._at, refusal, verb=wish.verb, subject="", by=turn.sender.object_id)
            return refusal_card(refusal, scene, None)
        return await self._wished(wish, turn, scene)

    async def _wished(self, wish: Wish, turn: CardAction, scene: Scene) -> Reply:
        if self._at.read_only and not isinstance(wish, _READS_OR_ANSWERS_FOR_ITSELF):
            refusal = Refusal(reason=Reason.ROLES_OUT_OF_DATE)
            await record_refusal(self._at, refusal, verb=wish.verb, subject="", by=turn.sender.object_id)
            return refusal_card(refusal, scene, None)
        match wish:
            case Deciding() | Forwarding() | Confirming() | SuspectingAbuse() | ReportingToPolice():
                return await self._clicks.on_case(wish, turn, scene)
            case Registering():
                return await self._clicks.register(wish, turn, scene)
            case SecuringFiles():
                return await self._clicks.secure(wish, turn, scene)
            case ShowingRegistration():
                return await self._clicks.show_registration(wish, turn, scene)
            case ShowingForm():
                return await self._clicks.show_form(wish, turn, scene)
            case Showing():
                return await self._show(wish.case, turn.sender, scene)
            case Listing():
                return await self._list(wish.what, turn.sender, wish.page, scene)
            case ListingChannels():
                return await self._channels(wish.scope, turn.sender, wish.page, scene)
            case FlaggingForm():
                return self._flags.form(turn.activity, scene)
            case Flagging():
                return await self._flags.bring_in(wish, turn, scene)
            case Helping():
                return help_for(self._at, turn, scene)
            case ChoosingLanguage():
                return await self._language(wish.language, turn, scene)
            case _ if isinstance(wish, DutyWish):
                return await self._duties.clicked(wish, turn, scene)
            case _ if isinstance(wish, QuestionWish):
                return await self._questions.clicked(wish, turn, scene)
            case _:
                return await self._requests.clicked(wish, turn, scene)


_ANYWHERE = frozenset({Command.HELP, Command.LANGUAGE})
_READS = (
    ShowingForm,
    Showing,
    ShowingRegistration,
    Listing,
    ListingChannels,
    FlaggingForm,
    Helping,
    ChoosingLanguage,
)
_CHANGES = (
    Deciding,
    Forwarding,
    Confirming,
    SuspectingAbuse,
    SecuringFiles,
    ReportingToPolice,
    Registering,
    Flagging,
)
"""Refused beside what was typed, by the use case itself, while roles are out of date."""
_READS_OR_ANSWERS_FOR_ITSELF = (*_READS, *_CHANGES, *DUTY_READS, *QUESTION_READS, *get_args(RequestWish))
"""A wish that is in neither is refused then: a new one must be put in its place to get through."""
