"""Cards shown in answer to somebody are remembered like those the outbox sent, so that they are updated too."""

from bot.teams.copies import Copies, SentCard
from bot.turns import Address, ConversationKind, Sender


class ShownCards:
    def __init__(self, copies: Copies) -> None:
        self._copies = copies

    async def on_shown(self, copy_of: str | None, sender: Sender, address: Address, activity: str) -> None:
        if address.kind is not ConversationKind.PERSONAL:
            return
        if copy_of is None:
            await self._copies.replaced((address.conversation, activity), by=None)
            return
        card = SentCard(
            conversation=address.conversation,
            activity=activity,
            service_url=address.service_url,
            message="",
        )
        await self._copies.remember(copy_of, f"person:{sender.object_id}", card)
