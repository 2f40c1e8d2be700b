"""The outbox serves cases and requests alike: whose a message is, is told by the designation that it is about."""

from datetime import datetime

from bot.deliveries import Rendered, Update
from bot.notices import Notices
from bot.reaching import Reaching
from bot.request_notices import RequestNotices
from bot.request_reaching import RequestReaching
from bot.request_record import is_request
from storage.store import Message


class AllNotices:
    def __init__(self, cases: Notices, requests: RequestNotices) -> None:
        self._cases, self._requests = cases, requests

    async def render(self, message: Message, *, repeated: bool) -> Rendered | Update | None:
        theirs = self._requests if is_request(message.subject) else self._cases
        return await theirs.render(message, repeated=repeated)


class AllReaching:
    def __init__(self, cases: Reaching, requests: RequestReaching) -> None:
        self._cases, self._requests = cases, requests

    async def delivered(self, message: Message, at: datetime) -> None:
        theirs = self._requests if is_request(message.subject) else self._cases
        await theirs.delivered(message, at)

    async def unreachable(self, message: Message, why: str, *, gone: bool) -> None:
        theirs = self._requests if is_request(message.subject) else self._cases
        await theirs.unreachable(message, why, gone=gone)
