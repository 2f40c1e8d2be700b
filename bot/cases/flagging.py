"""Flagging in chat: a form on a card, and what is typed there brought in like any other flagged post."""

import hashlib
import hmac
from collections.abc import Mapping

from bot.cases.clicks import typed_in
from bot.cases.flags import FlagProblems, parse_flag
from bot.cases.intake import Intake
from bot.cases.trail import record_refusal
from bot.domain.cases import Reason, Refusal
from bot.domain.organisation import Channel
from bot.domain.posts import FlagSource
from bot.services import Services
from bot.turns import CardAction, CardReply, Reply
from cards.flag_card import flag_form_card, flag_receipt_card
from cards.payload import Flagging
from cards.scene import Scene
from cards.texts import texts


class ChatFlags:
    def __init__(self, services: Services, intake: Intake) -> None:
        self._at = services
        self._intake = intake

    def form(self, activity: str, scene: Scene) -> CardReply:
        """An empty form with an id of its own: however often it is sent in, it is one post."""
        form = hashlib.sha256(activity.encode()).hexdigest()[:32]
        return flag_form_card(self._channels(), form, scene)

    async def bring_in(self, wish: Flagging, turn: CardAction, scene: Scene) -> Reply:
        if self._at.read_only:
            refusal = Refusal(reason=Reason.ROLES_OUT_OF_DATE)
            await record_refusal(self._at, refusal, verb=wish.verb, subject="", by=turn.sender.object_id)
            return self._again(wish, turn, scene, {}, refusal)
        flagged = parse_flag(self._body(wish, turn))
        if isinstance(flagged, FlagProblems):
            problems = {one.field.rpartition(".")[2]: one.problem for one in flagged.problems}
            return self._again(wish, turn, scene, problems)
        done = await self._intake.bring_in(
            flagged,
            keys=(f"form:{turn.sender.object_id}:{wish.form}",),
            by=turn.sender.object_id,
            at=self._at.clock(),
        )
        case = getattr(done, "case", None)
        if case is None:
            return self._again(wish, turn, scene, {"channel": texts(scene.language)("flag.choose_channel")})
        return flag_receipt_card(case, getattr(done, "new", False), scene)

    def _again(
        self,
        wish: Flagging,
        turn: CardAction,
        scene: Scene,
        problems: Mapping[str, str],
        refusal: Refusal | None = None,
    ) -> CardReply:
        typed = typed_in(turn.data)
        return flag_form_card(
            self._channels(), wish.form, scene, typed=typed, problems=problems, refusal=refusal
        )

    def _channels(self) -> tuple[Channel, ...]:
        return tuple(self._at.organisation.channels.values())

    def _body(self, wish: Flagging, turn: CardAction) -> dict[str, object]:
        post: dict[str, object] = {
            "id": self._post_id(wish),
            "kind": wish.kind,
            "text": wish.text,
            "author": wish.author or texts(self._at.organisation.language)("record.unknown_author"),
            "attachments": [],
        }
        if wish.url:
            post["url"] = wish.url
        flag: dict[str, object] = {
            "source": FlagSource.PERSON,
            "by": self._at.organisation.person(turn.sender.object_id).name or turn.sender.name,
        }
        if wish.note:
            flag["note"] = wish.note
        if wish.ground:
            flag["ground"] = wish.ground
        return {"channel": wish.channel, "post": post, "flag": flag}

    def _post_id(self, wish: Flagging) -> str:
        """People paste the address of the post, also for the comments under it: who wrote what tells these apart.

        The id outlives the text, so the digest is keyed: by itself it must not tell who looks what the text was.
        """
        if not wish.url:
            return f"chat:{wish.form}"
        said = hmac.new(self._at.pepper, f"{wish.author}\0{wish.text}".encode(), hashlib.sha256).hexdigest()
        return f"{wish.url[:1900]}#{said[:16]}"
