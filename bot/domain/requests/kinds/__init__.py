"""The kinds of request there are, in the order in which they are offered."""

from collections.abc import Mapping

from bot.domain.requests.declaring import Kind
from bot.domain.requests.kinds.appoint_admin import APPOINT_ADMIN
from bot.domain.requests.kinds.close_channel import CLOSE_CHANNEL
from bot.domain.requests.kinds.open_channel import OPEN_CHANNEL
from bot.domain.requests.kinds.remove_admin import REMOVE_ADMIN
from bot.domain.requests.kinds.working_hours_use import WORKING_HOURS_USE

KINDS: Mapping[str, Kind] = {
    kind.id: kind for kind in (OPEN_CHANNEL, CLOSE_CHANNEL, APPOINT_ADMIN, REMOVE_ADMIN, WORKING_HOURS_USE)
}

__all__ = [
    "APPOINT_ADMIN",
    "CLOSE_CHANNEL",
    "KINDS",
    "OPEN_CHANNEL",
    "REMOVE_ADMIN",
    "WORKING_HOURS_USE",
]
