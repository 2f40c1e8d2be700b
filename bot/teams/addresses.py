"""The address book: where people and conversations were last seen, so that they can be written to unasked.

It holds no names. Documents lie in the store's collection ``addresses`` under the recipient as messages name
it (``person:<object id>`` or ``conversation:<id>``), and under ``tenant`` the tenant's last service address.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from bot.turns import Address, ConversationKind, Sender

Json = dict[str, Any]

COLLECTION = "addresses"
_TENANT = "tenant"
_PERSON = "person:"
_CONVERSATION = "conversation:"


class Documents(Protocol):
    """The part of the store that the address book needs."""

    async def put_document(self, collection: str, key: str, doc: Json) -> None: ...

    async def document(self, collection: str, key: str) -> Json | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """How one recipient is reached. Without a ``conversation`` one has to be created with ``user`` first.

    ``installed`` is None while nobody knows; ``unreachable_since`` is an ISO time.
    """

    service_url: str
    tenant: str
    bot: str
    user: str | None = None
    conversation: str | None = None
    locale: str | None = None
    installed: bool | None = None
    unreachable_since: str | None = None


def thread_of(conversation: str) -> str:
    """The channel that a reply chain hangs in, or the conversation itself."""
    return conversation.partition(";messageid=")[0]


class AddressBook:
    def __init__(self, store: Documents) -> None:
        self._store = store

    async def on_seen(self, sender: Sender, address: Address) -> None:
        """Every turn tells where its sender is; what has not changed is not written."""
        person = _PERSON + sender.object_id
        before = await self._get(person)
        seen = Destination(
            service_url=address.service_url,
            tenant=address.tenant,
            bot=address.bot,
            user=sender.user,
            conversation=before.conversation if before else None,
            locale=sender.locale or (before.locale if before else None),
            installed=before.installed if before else None,
            unreachable_since=before.unreachable_since if before else None,
        )
        if address.kind is ConversationKind.PERSONAL:
            seen = replace(seen, conversation=address.conversation, installed=True, unreachable_since=None)
        else:
            await self._seen_conversation(address)
        await self._put(person, before, seen)
        await self._seen_tenant(address)

    async def on_removed(self, sender: Sender, address: Address) -> None:
        """The bot was taken away by a person or from a team; until it is back nobody is reached there."""
        personal = address.kind is ConversationKind.PERSONAL
        key = _PERSON + sender.object_id if personal else _CONVERSATION + thread_of(address.conversation)
        before = await self._get(key)
        if before is not None:
            await self._put(key, before, replace(before, installed=False))

    async def address_of(self, to: str) -> Destination | None:
        """None for somebody never seen. A channel never seen is reached as its tenant is."""
        found = await self._get(to)
        if found is not None or not to.startswith(_CONVERSATION):
            return found
        tenant = await self._get(_TENANT)
        return replace(tenant, conversation=to.removeprefix(_CONVERSATION)) if tenant else None

    async def opened(self, to: str, conversation: str) -> None:
        """The personal conversation that was created for somebody seen elsewhere."""
        before = await self._get(to)
        if before is not None:
            await self._put(to, before, replace(before, conversation=conversation))

    async def unreachable(self, to: str, at: datetime) -> None:
        before = await self._get(to)
        if before is not None and before.unreachable_since is None:
            await self._put(to, before, replace(before, unreachable_since=at.isoformat()))

    async def reached(self, to: str) -> None:
        before = await self._get(to)
        if before is not None and before.unreachable_since is not None:
            await self._put(to, before, replace(before, unreachable_since=None))

    async def _seen_conversation(self, address: Address) -> None:
        thread = thread_of(address.conversation)
        seen = replace(_place(address), conversation=thread, installed=True)
        await self._put(_CONVERSATION + thread, await self._get(_CONVERSATION + thread), seen)

    async def _seen_tenant(self, address: Address) -> None:
        await self._put(_TENANT, await self._get(_TENANT), _place(address))

    async def _get(self, key: str) -> Destination | None:
        doc = await self._store.document(COLLECTION, key)
        return Destination(**doc) if doc else None

    async def _put(self, key: str, before: Destination | None, now: Destination) -> None:
        if now != before:
            await self._store.put_document(COLLECTION, key, asdict(now))


def _place(address: Address) -> Destination:
    return Destination(service_url=address.service_url, tenant=address.tenant, bot=address.bot)
