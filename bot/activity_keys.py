"""What a delivery is known by should it come again."""

import hashlib

from bot.turns import CardAction, TextMessage


def activity_key(turn: CardAction | TextMessage) -> str | None:
    """An activity id is only unique within its conversation; digested, since conversation ids name people. None for
    a delivery without an id, which can't be told from another."""
    if not turn.activity:
        return None
    named = f"{turn.address.conversation}\0{turn.activity}\0{turn.sender.object_id}"
    return hashlib.sha256(named.encode()).hexdigest()
