"""The register of channels as use cases meet it: read whole, changed by commands, filled once from the file."""

import hashlib
import hmac
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.record import IMPORTED, STREAM, channel_event, entry_from
from bot.contents import opened, sealed
from bot.domain import channels
from bot.domain.channels import ChannelTexts, Command, Import, Open, Refusal, Register, stream_of
from bot.domain.organisation import Channel, Organisation
from bot.domain.web_addresses import normal_address
from storage.store import Appended, Content, KeyTaken, NewEvent, Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The register at one moment; ``changes`` tells a later one from it."""

    register: Register
    texts: Mapping[str, ChannelTexts]
    changes: int


class ChannelRegister:
    """``pepper`` keys the digests that tell that two addresses are one."""

    def __init__(self, store: Store, pepper: bytes) -> None:
        self._store = store
        self._pepper = pepper

    def address_key(self, address: str) -> str:
        return hmac.new(self._pepper, normal_address(address).encode(), hashlib.sha256).hexdigest()

    async def changes(self) -> int:
        counted = await self._store.get(STREAM, STREAM)
        return int(counted["changes"]) if counted else 0

    async def register(self) -> Register:
        """Without the texts, for those who judge by it."""
        entries = [entry_from(doc) for doc in await self._store.select("channels")]
        return Register(channels={one.id: one for one in entries})

    async def load(self) -> Loaded:
        changes = await self.changes()
        entries = [entry_from(doc) for doc in await self._store.select("channels")]
        texts = {one.id: await opened(self._store, one.texts_ref, ChannelTexts) for one in entries}
        return Loaded(
            register=Register(channels={one.id: one for one in entries}),
            texts={channel: told for channel, told in texts.items() if told is not None},
            changes=changes,
        )

    async def carry_out(
        self, command: Command, *, by: str, at: datetime, contents: Sequence[Content] = ()
    ) -> Refusal | None:
        """None once it stands on record. Somebody else's change in between is looked at first."""
        while True:
            register = (await self.load()).register
            decided = channels.decide(register, command)
            if isinstance(decided, Refusal):
                return decided
            entry = register.channels.get(command.channel)
            done = await self._store.append(
                stream_of(command.channel),
                [channel_event(event) for event in decided],
                expected_version=entry.revision if entry else 0,
                actor=by,
                at=at,
                keys=_keys(command, register),
                contents=contents,
            )
            if isinstance(done, Appended):
                log.info("the register was changed", extra={"channel": command.channel, "actor": by})
                return None

    async def bring_in(self, channel: Channel, *, by: str, at: datetime) -> Refusal | None:
        """A channel that was there before the bot was."""
        texts = sealed(ChannelTexts(name=channel.name, address=channel.url))
        command = Import(
            channel=channel.id,
            platform=channel.platform,
            administration=channel.administration,
            texts_ref=texts.ref,
            address_key=self.address_key(channel.url),
            admins=() if channel.admins_from_group else channel.admins,
        )
        return await self.carry_out(command, by=by, at=at, contents=(texts,))

    async def take_in_file(self, organisation: Organisation, at: datetime) -> None:
        """The organisation file's channels, once for all time; a start that broke off goes on where it was."""
        counted = await self._store.get(STREAM, STREAM)
        if counted and counted["imported"]:
            return
        for channel in organisation.channels.values():
            refused = await self.bring_in(channel, by="organisation_file", at=at)
            if refused is not None and refused.channel != channel.id:
                told = "a channel of the organisation file has another one's address and was left out"
                log.warning(told, extra={"channel": channel.id, "other": refused.channel})
        done = await self._store.append(
            STREAM,
            [NewEvent(kind=IMPORTED, data={"channels": len(organisation.channels)})],
            expected_version=None,
            actor="system",
            at=at,
            keys=(IMPORTED,),
        )
        if not isinstance(done, KeyTaken):
            log.info("the organisation file's channels are in the register")


def _keys(command: Command, register: Register) -> tuple[str, ...]:
    """Two channels that are entered at once under one address have one key, and one of them is refused."""
    if not isinstance(command, Import | Open):
        return ()
    before = sum(one.address_key == command.address_key for one in register.channels.values())
    return (f"channel_address:{command.address_key}:{before}",)
