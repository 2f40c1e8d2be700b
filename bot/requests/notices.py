"""What each message about a request looks like when its turn to leave has come: always as it is then."""

from bot.channels.names import channel_name
from bot.contents import opened
from bot.deliveries import Rendered, Update
from bot.domain.channels import ChannelTexts
from bot.domain.organisation import Channel
from bot.domain.request_views import ContactNotice, EndOfRole
from bot.domain.requests import ContactTexts, EffectKind, FormTexts, Request, Surroundings, may_see
from bot.domain.views import Clause
from bot.requests import decision_files
from bot.requests import owing as request_owing
from bot.requests.decision_files import DecisionFiles
from bot.requests.items import item_of
from bot.requests.record import REQUEST_ITEM_MESSAGE, REQUEST_MESSAGE
from bot.requests.viewing import load_request, request_view, surroundings
from bot.scenes import scene_for
from bot.services import Services
from bot.turns import CardReply
from cards.copies import request_copy, request_item_copy
from cards.notice_card import withdrawn_card
from cards.request_card import RequestBanner, request_card
from cards.request_item_card import request_item_card
from cards.request_notices import contact_card, ending_card, former_admin_card, welcome_card
from cards.scene import Scene
from storage.store import Message

_DUTIES = (
    "administratorens-ansvar/1", "administratorens-ansvar/2", "administratorens-ansvar/4",
    "administratorens-ansvar/5/a", "administratorens-ansvar/6",
)  # fmt: skip
"""The clauses that a new administrator is welcomed with: as many as are read."""
_WHILE_WAITED = frozenset({"opinion", "decision", "completion", "overdue", "nobody_may_decide"})
"""Causes of a card that is owed nobody any more once the turn is over."""


class RequestNotices:
    """Renders owed messages; None means that there is nothing left to say."""

    def __init__(self, services: Services, files: DecisionFiles) -> None:
        self._at = services
        self._files = files

    async def render(self, message: Message, *, repeated: bool) -> Rendered | Update | None:
        request = await load_request(self._at, message.subject)
        if request is None:
            return None
        scene, within, person = (
            await scene_for(self._at, message.to),
            await surroundings(self._at),
            _person(message.to),
        )
        if message.kind in _FOLLOW_UPS:
            return await self._follow_up(request, message, scene)
        if person is not None and not may_see(request, person, within):
            return _gone(request, message, scene)
        match message.kind:
            case decision_files.DOCUMENT:
                return await self._files.offered(request, scene)
            case str() if message.kind in {REQUEST_ITEM_MESSAGE, request_owing.REQUEST_ITEM_REFRESH}:
                return await self._item(request, message, scene, within, repeated)
            case request_owing.REQUEST_REFRESH:
                card = request_card(await request_view(self._at, request, person, within), scene)
                copy_of = request_copy(request.designation)
                return Update(card=card.card, summary=card.summary, copy_of=copy_of)
            case str() if message.kind in {REQUEST_MESSAGE, request_owing.REQUEST_REMINDER}:
                banner = _banner(message, request)
                return await self._card(request, message, scene, within, banner, repeated) if banner else None
            case _:
                return None

    async def _card(
        self,
        request: Request,
        message: Message,
        scene: Scene,
        within: Surroundings,
        banner: RequestBanner,
        repeated: bool,
    ) -> Rendered:
        view = await request_view(self._at, request, _person(message.to), within)
        card = request_card(view, scene, banner=RequestBanner.REPEATED if repeated else banner)
        return _rendered(card, request_copy(request.designation))

    async def _item(
        self, request: Request, message: Message, scene: Scene, within: Surroundings, repeated: bool
    ) -> Rendered | Update | None:
        if request.registration is None:
            return None
        item = await item_of(self._at, request, _person(message.to), within)
        card = request_item_card(item, scene, repeated=repeated)
        kind = Rendered if message.kind == REQUEST_ITEM_MESSAGE else Update
        copy_of = request_item_copy(request.designation)
        return kind(card=card.card, summary=card.summary, copy_of=copy_of)

    # What an approval leads to ---------------------------------------------------------------------------

    async def _follow_up(self, request: Request, message: Message, scene: Scene) -> Rendered | None:
        await self._at.directory.refresh()
        channel = str(message.data["channel"])
        known = self._at.organisation.channels.get(channel)
        name = channel_name(self._at, channel)
        texts = self._at.directory.channels().texts.get(channel) or ChannelTexts(name=name, address="")
        match message.kind:
            case request_owing.WELCOME:
                duties = [await self._clause(one) for one in _DUTIES]
                card = welcome_card(name, [one for one in duties if one], request.designation, scene)
            case request_owing.FORMER_ADMIN:
                end = _end_of_role(known, _person(message.to))
                card = former_admin_card(name, request.designation, end, scene)
            case request_owing.ENDING:
                ends = request.form.day("ends")
                if ends is None or known is None:
                    return None
                card = ending_card(name, ends, request.designation, scene)
            case _:
                told = await self._contact(request, channel, texts, known.admins if known else ())
                people = (*told.admins, *told.removed)
                card = contact_card(told, await self._at.names.joined(self._at.organisation, people), scene)
        return _rendered(card, None)

    async def _clause(self, passage: str) -> Clause | None:
        guideline = self._at.policy.guideline
        return await self._at.guidelines.clause(guideline.version, passage)

    async def _contact(
        self, request: Request, channel: str, texts: ChannelTexts, admins: tuple[str, ...]
    ) -> ContactNotice:
        form = await opened(self._at.store, request.form.texts_ref, FormTexts)
        contact = await opened(self._at.store, request.form.contact_ref, ContactTexts)
        return ContactNotice(
            request=request.designation,
            channel=texts,
            admins=admins,
            removed=_removed(request, channel),
            contact=contact.contact if contact else "",
            unknown=form.values.get("typed_admins", "") if form else "",
        )


_FOLLOW_UPS = frozenset(
    {request_owing.WELCOME, request_owing.CONTACT, request_owing.FORMER_ADMIN, request_owing.ENDING}
)


def _removed(request: Request, channel: str) -> tuple[str, ...]:
    effects = request.decision.made.effects if request.decision else ()
    return tuple(
        one.person for one in effects if one.kind is EffectKind.REMOVE_ADMIN and one.channel == channel
    )


def _end_of_role(channel: Channel | None, person: str | None) -> EndOfRole:
    """``channel`` is None for one that is closed."""
    if channel is None:
        return EndOfRole.CLOSED
    return EndOfRole.ONLY_IN_REGISTER if person in channel.admins else EndOfRole.REMOVED


def _banner(message: Message, request: Request) -> RequestBanner | None:
    """None where the turn that the card was owed in is over."""
    over = request.turn != message.data.get("turn") or request.awaits is None
    if message.kind == request_owing.REQUEST_REMINDER:
        return None if over else RequestBanner.REMINDER
    cause = str(message.data.get("cause", ""))
    return None if over and cause in _WHILE_WAITED else RequestBanner(cause)


def _gone(request: Request, message: Message, scene: Scene) -> Update | None:
    """Who may no longer see the request gets nothing new of it, and what is there loses its words."""
    match message.kind:
        case request_owing.REQUEST_REFRESH:
            copy_of = request_copy(request.designation)
        case request_owing.REQUEST_ITEM_REFRESH:
            copy_of = request_item_copy(request.designation)
        case _:
            return None
    card = withdrawn_card(request.designation, scene)
    return Update(card=card.card, summary=card.summary, copy_of=copy_of)


def _rendered(card: CardReply, copy_of: str | None) -> Rendered:
    return Rendered(card=card.card, summary=card.summary, copy_of=copy_of)


def _person(to: str) -> str | None:
    kind, _, one = to.partition(":")
    return one if kind == "person" else None
