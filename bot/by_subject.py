"""The outbox serves cases, requests and questions alike: whose a message is, is told by its kind or what it is about."""

from datetime import datetime

from bot.cases.notices import Notices
from bot.cases.reaching import Reaching
from bot.deliveries import Rendered, Update
from bot.questions.notices import QuestionNotices
from bot.questions.owing import KINDS as ABOUT_QUESTIONS
from bot.questions.reaching import QuestionReaching
from bot.requests.notices import RequestNotices
from bot.requests.reaching import RequestReaching
from bot.requests.record import is_request
from storage.store import Message


class AllNotices:
    def __init__(self, cases: Notices, requests: RequestNotices, questions: QuestionNotices) -> None:
        self._cases, self._requests, self._questions = cases, requests, questions

    async def render(self, message: Message, *, repeated: bool) -> Rendered | Update | None:
        if message.kind in ABOUT_QUESTIONS:
            return await self._questions.render(message, repeated=repeated)
        theirs = self._requests if is_request(message.subject) else self._cases
        return await theirs.render(message, repeated=repeated)


class AllReaching:
    def __init__(self, cases: Reaching, requests: RequestReaching, questions: QuestionReaching) -> None:
        self._cases, self._requests, self._questions = cases, requests, questions

    async def delivered(self, message: Message, at: datetime) -> None:
        if message.kind in ABOUT_QUESTIONS:
            return
        theirs = self._requests if is_request(message.subject) else self._cases
        await theirs.delivered(message, at)

    async def unreachable(self, message: Message, why: str, *, gone: bool) -> None:
        if message.kind in ABOUT_QUESTIONS:
            await self._questions.unreachable(message, why)
            return
        theirs = self._requests if is_request(message.subject) else self._cases
        await theirs.unreachable(message, why, gone=gone)
