"""Bringing in a flagged post: frozen as it was, one case a post, durable before anybody is told."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Sequence
from datetime import datetime

from bot.cases import owing
from bot.cases.flags import BroughtIn, UnknownChannel
from bot.cases.record import case_from, designation_of, store_form
from bot.contents import flag_text, locator, opened, post_text, sealed
from bot.desks import next_designation
from bot.domain.cases import (
    GONE,
    Actor,
    AddSnapshot,
    Case,
    CaseEvent,
    DisposalState,
    Flagged,
    Refusal,
    SnapshotAdded,
    apply,
    decide,
)
from bot.domain.organisation import Channel, Role
from bot.domain.posts import FlaggedPost
from bot.domain.views import FlagText, PostText
from bot.domain.zone import local_day
from bot.services import Services
from storage.store import Appended, Content, KeyTaken, Message

log = logging.getLogger(__name__)


class Intake:
    """The one way in for flagged posts, whether signed over HTTP, from a file or from the chat."""

    def __init__(self, services: Services) -> None:
        self._at = services
        self._store = services.store
        # Numbers are given without gaps, so two at once would get the same one and one of them try again.
        self._one_at_a_time = asyncio.Lock()

    async def bring_in(
        self, flagged: FlaggedPost, *, keys: Sequence[str], by: str, at: datetime
    ) -> BroughtIn | UnknownChannel:
        """The post's case, made now or before; ``keys`` are the delivery's own idempotency keys."""
        await self._at.directory.refresh()
        channel = self._at.organisation.channels.get(flagged.channel)
        if channel is None:
            return UnknownChannel(channel=flagged.channel)
        same_post = self._post_key(flagged)
        async with self._one_at_a_time:
            return await self._bring_in(channel, flagged, keys, same_post, by, at)

    async def _bring_in(
        self,
        channel: Channel,
        flagged: FlaggedPost,
        keys: Sequence[str],
        same_post: str,
        by: str,
        at: datetime,
    ) -> BroughtIn:
        while True:
            earlier = await self._seen_before((*keys, same_post))
            if earlier and earlier.key != same_post:
                return BroughtIn(case=designation_of(earlier.event.stream), new=False)
            if earlier:
                done = await self._flag_again(designation_of(earlier.event.stream), flagged, keys, by, at)
            else:
                done = await self._open(channel, flagged, (*keys, same_post), by, at)
            if done is not None:
                self._at.wake()
                return done

    async def _seen_before(self, keys: Sequence[str]) -> KeyTaken | None:
        for key in keys:
            event = await self._store.taken(key)
            if event is not None:
                return KeyTaken(key=key, event=event)
        return None

    async def _open(
        self, channel: Channel, flagged: FlaggedPost, keys: Sequence[str], by: str, at: datetime
    ) -> BroughtIn | None:
        """None when somebody else took the number or the post meanwhile: look again."""
        designation = await next_designation(self._store, "SM", "counters", local_day(at))
        post, flag, where = (
            sealed(post_text(flagged.post)),
            sealed(flag_text(flagged.flag)),
            sealed(locator(flagged.post)),
        )
        event = Flagged(
            channel=channel.id,
            platform=channel.platform,
            administration=channel.administration,
            post_kind=flagged.post.kind,
            source=flagged.flag.source,
            post_ref=post.ref,
            locator_ref=where.ref,
            flag_ref=flag.ref,
            published_at=flagged.post.published_at,
            suggested=flagged.flag.ground,
        )
        no_admin = not channel.cards_to and not channel.admins
        keys = (*keys, self._flag_key(designation, "", flag_text(flagged.flag)))
        done = await self._store.append(
            designation,
            [store_form(event)],
            expected_version=0,
            actor=by,
            at=at,
            keys=keys,
            contents=(post, flag, where),
            owes=owing.case_cards(
                designation,
                owing.admins_of(channel, self._at.organisation),
                cause="no_admin" if no_admin else "flagged",
            ),
        )
        if not isinstance(done, Appended):
            return None
        self._at.measures.flagged(flagged.flag.source)
        log.info("a post was flagged", extra={"case": designation, "channel": channel.id})
        return BroughtIn(case=designation, new=True)

    async def _flag_again(
        self, designation: str, flagged: FlaggedPost, keys: Sequence[str], by: str, at: datetime
    ) -> BroughtIn | None:
        """The same post again: a changed text adds a snapshot, another flagger a flag, a mere repeat nothing.

        That a post which was removed is flagged is no repeat, whoever flags it: it is still there, or back.
        """
        case = await self._case(designation)
        post, flag = post_text(flagged.post), flag_text(flagged.flag)
        changed = not _same(await opened(self._store, case.snapshots[-1], PostText), post)
        first_flag = self._flag_key(designation, "", flag)
        same_flag = self._flag_key(designation, case.turn, flag) if case.application in GONE else first_flag
        if case.disposal is DisposalState.DISPOSED:
            changed = False
        if not changed and await self._store.taken(same_flag):
            return BroughtIn(case=designation, new=False)
        new_post, new_flag = sealed(post), sealed(flag)
        event = decide(
            case,
            AddSnapshot(
                post_ref=new_post.ref if changed else case.snapshots[-1],
                flag_ref=new_flag.ref,
                changed=changed,
            ),
            by=Actor(id=by, name="", right=Role.STAFF),
            at=at,
        )
        if isinstance(event, Refusal):
            return BroughtIn(case=designation, new=False)
        flag_keys = [
            key for key in dict.fromkeys((first_flag, same_flag)) if not await self._store.taken(key)
        ]
        done = await self._store.append(
            designation,
            [store_form(one) for one in event],
            expected_version=case.revision,
            actor=by,
            at=at,
            keys=(*keys, *flag_keys),
            contents=_kept(event, new_post, new_flag),
            owes=self._owed(case, event, at),
        )
        return BroughtIn(case=designation, new=False) if isinstance(done, Appended) else None

    def _owed(self, case: Case, events: Sequence[CaseEvent], at: datetime) -> tuple[Message, ...]:
        """A case that this opens again comes as a new card to all who may decide it."""
        after = case
        for event in events:
            after = apply(after, event, at=at, by="")
        refreshes = owing.refreshes(case, cause=str(after.revision))
        cause = "new_snapshot" if after.round > case.round else "seen_again"
        if (after.round, after.seen_again) == (case.round, case.seen_again):
            return refreshes
        organisation = self._at.organisation
        channel = organisation.channels.get(case.channel)
        admins = owing.admins_of(channel, organisation) if channel else owing.communications(organisation)
        to = dict.fromkeys((*admins, *(owing.person(one) for one in case.assignees)))
        cards = owing.case_cards(case.designation, to, cause=cause, at=f":{after.turn}")
        return (*refreshes, *cards)

    async def _case(self, designation: str) -> Case:
        doc = await self._store.get("cases", designation)
        if doc is None:
            raise LookupError(f"{designation}: its post is known but the case is not")
        return case_from(doc)

    def _flag_key(self, designation: str, turn: str, flag: FlagText) -> str:
        """The same flagger with the same words; ``turn`` where the case's state makes news of it."""
        named = f"{designation}{turn and f'@{turn}'}\0{flag.by}\0{flag.note}".encode()
        return "flag:" + hmac.new(self._at.pepper, named, hashlib.sha256).hexdigest()

    def _post_key(self, flagged: FlaggedPost) -> str:
        """A keyed digest: the journal must not tell which post it was once the content is disposed of."""
        named = f"{flagged.channel}\0{flagged.post.id}".encode()
        return "post:" + hmac.new(self._at.pepper, named, hashlib.sha256).hexdigest()


def _kept(events: Sequence[CaseEvent], post: Content, flag: Content) -> tuple[Content, ...]:
    """Only what an event names: of a destroyed case nothing is kept."""
    added = next((one for one in events if isinstance(one, SnapshotAdded)), None)
    if added is None:
        return ()
    return (post, flag) if added.changed else (flag,)


def _same(before: PostText | None, now: PostText) -> bool:
    """Whether the post says the same: platforms sign the addresses of files anew at each look."""
    return before is not None and _said(before) == _said(now)


def _said(post: PostText) -> tuple[object, ...]:
    return post.text, post.author, tuple((file.name, file.content_type) for file in post.attachments)
