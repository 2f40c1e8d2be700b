"""The address book: where people and conversations were last seen, so that they can be written to unasked.

It holds no names. Documents lie in the store's collection ``addresses`` under the recipient as messages name
it (``person:<object id>`` or ``conversation:<id>``), and under ``tenant`` the tenant's last service address.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.turns import Address, ConversationKind, Sender
from storage.store import Change

Json = dict[str, Any]

COLLECTION = "addresses"
_TENANT = "tenant"
_PERSON = "person:"
_CONVERSATION = "conversation:"


class Documents(Protocol):
    """The part of the store that the address book needs."""

    async def change_document(self, collection: str, key: str, change: Change) -> None: ...

    async def document(self, collection: str, key: str) -> Json | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """How one recipient is reached. Without a ``conversation`` one has to be created with ``user`` first.

    ``installed`` is None while nobody knows, ``told_at`` when Teams told of the newest coming or going;
    ``unreachable_since`` is a time like that, in UTC.
    """

    service_url: str
    tenant: str
    bot: str
    user: str | None = None
    conversation: str | None = None
    locale: str | None = None
    installed: bool | None = None
    unreachable_since: str | None = None
    told_at: str | None = None

    def is_after(self, at: datetime | None) -> bool:
        """Whether something newer is known of coming and going than what Teams told of at that time."""
        return at is not None and self.told_at is not None and _instant(at) < self.told_at


_Change = Callable[[Destination | None], Destination | None]


def thread_of(conversation: str) -> str:
    """The channel that a reply chain hangs in, or the conversation itself."""
    return conversation.partition(";messageid=")[0]


class AddressBook:
    """Teams may tell of coming and going late and in the wrong order: what it sent last holds."""

    def __init__(self, store: Documents) -> None:
        self._store = store

    async def on_seen(
        self, sender: Sender, address: Address, *, at: datetime | None = None, came: bool = False
    ) -> bool:
        """Every turn tells where its sender is; what has not changed is not written. ``at`` is when Teams sent it,
        ``came`` that it tells of an installation. False for an installation that was undone since."""
        personal = address.kind is ConversationKind.PERSONAL
        if not personal:
            await self._seen_conversation(address, at, came=came)

        def seen(before: Destination | None) -> Destination:
            known = before or _place(address)
            now = replace(
                known,
                service_url=address.service_url,
                tenant=address.tenant,
                bot=address.bot,
                user=sender.user,
                locale=sender.locale or known.locale,
            )
            if not personal:
                return now
            return _installed(replace(now, conversation=address.conversation), at, came=came)

        await self._change(_PERSON + sender.object_id, seen)
        await self._change(_TENANT, lambda _: _place(address))
        found = await self._get(_key(sender, address)) if came else None
        return found is None or found.installed is not False

    async def on_removed(self, sender: Sender, address: Address, *, at: datetime | None = None) -> bool:
        """The bot was taken away by a person or from a team; until it is back nobody is reached there. False for a
        removal that was undone since."""
        key = _key(sender, address)
        await self._change(key, lambda before: _removed(before, at) if before else None)
        found = await self._get(key)
        return found is None or found.installed is not True

    async def address_of(self, to: str) -> Destination | None:
        """None for somebody never seen. A channel never seen is reached as its tenant is."""
        found = await self._get(to)
        if found is not None or not to.startswith(_CONVERSATION):
            return found
        tenant = await self._get(_TENANT)
        return replace(tenant, conversation=to.removeprefix(_CONVERSATION)) if tenant else None

    async def opened(self, to: str, conversation: str) -> None:
        """The personal conversation that was created for somebody seen elsewhere."""
        await self._change(to, lambda before: replace(before, conversation=conversation) if before else None)

    async def unreachable(self, to: str, at: datetime) -> None:
        def marked(before: Destination | None) -> Destination | None:
            if before is None or before.unreachable_since is not None:
                return before
            return replace(before, unreachable_since=at.isoformat())

        await self._change(to, marked)

    async def reached(self, to: str) -> None:
        await self._change(to, lambda before: replace(before, unreachable_since=None) if before else None)

    async def _seen_conversation(self, address: Address, at: datetime | None, *, came: bool) -> None:
        thread = thread_of(address.conversation)

        def seen(before: Destination | None) -> Destination:
            known = before or _place(address)
            now = replace(
                _place(address), conversation=thread, installed=known.installed, told_at=known.told_at
            )
            return _installed(now, at, came=came)

        await self._change(_CONVERSATION + thread, seen)

    async def _get(self, key: str) -> Destination | None:
        return _read(await self._store.document(COLLECTION, key))

    async def _change(self, key: str, change: _Change) -> None:
        """Two instances, or a turn and a delivery, may change it at once: neither undoes what the other did."""
        before = await self._get(key)
        if change(before) != before:
            await self._store.change_document(COLLECTION, key, lambda doc: _written(change(_read(doc))))


def _key(sender: Sender, address: Address) -> str:
    if address.kind is ConversationKind.PERSONAL:
        return _PERSON + sender.object_id
    return _CONVERSATION + thread_of(address.conversation)


def _installed(seen: Destination, at: datetime | None, *, came: bool) -> Destination:
    """Here, unless Teams has told since that the bot was removed."""
    if seen.installed is False and seen.is_after(at):
        return seen
    told_at = (
        _instant(at) if at and (came or seen.installed is False) and not seen.is_after(at) else seen.told_at
    )
    return replace(seen, installed=True, unreachable_since=None, told_at=told_at)


def _removed(before: Destination, at: datetime | None) -> Destination:
    if before.is_after(at):
        return before
    return replace(before, installed=False, told_at=_instant(at) if at else before.told_at)


def _place(address: Address) -> Destination:
    return Destination(service_url=address.service_url, tenant=address.tenant, bot=address.bot)


def _read(doc: Json | None) -> Destination | None:
    return Destination(**doc) if doc else None


def _written(one: Destination | None) -> Json | None:
    return asdict(one) if one else None


def _instant(at: datetime) -> str:
    """Of one length, so that text order is time order."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
