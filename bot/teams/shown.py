"""Cards shown in answer to somebody are remembered like those the outbox sent, so that they are updated too."""

from dataclasses import asdict
from typing import Protocol

from bot.teams.ledger import SentCard
from bot.turns import Address, ConversationKind, Json, Sender


class Documents(Protocol):
    async def put_document(self, collection: str, key: str, doc: Json) -> None: ...

    async def document(self, collection: str, key: str) -> Json | None: ...


class ShownCards:
    def __init__(self, store: Documents) -> None:
        self._store = store

    async def on_shown(self, copy_of: str, sender: Sender, address: Address, activity: str) -> None:
        """The newest card of its kind in a personal chat takes the place of the one before it."""
        if address.kind is not ConversationKind.PERSONAL:
            return
        key = f"{copy_of}|person:{sender.object_id}"
        before = await self._store.document("cards", key)
        if before is not None and before["activity"] == activity:
            return
        card = SentCard(
            conversation=address.conversation,
            activity=activity,
            service_url=address.service_url,
            message="",
        )
        await self._store.put_document("cards", key, asdict(card))
