"""A question as its events have made it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from bot.domain.questions.events import Asked, GapMarked, QuestionEvent, QuestionForgotten, Replied
from bot.domain.questions.terms import QuestionStatus, Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    by: str
    at: datetime
    texts_ref: str
    quoted: Quoted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``gap_by`` has marked that the guideline lacks it; ``forgotten`` once its words are destroyed."""

    designation: str
    asker: str
    asked_at: datetime
    texts_ref: str
    language: str
    outcome: str
    guideline: str
    same: str
    answer: str = ""
    nearest: tuple[Quoted, ...] = ()
    status: QuestionStatus = QuestionStatus.OPEN
    reply: Reply | None = None
    gap_by: str | None = None
    gap_at: datetime | None = None
    forgotten: bool = False
    revision: int = 1

    @property
    def is_open(self) -> bool:
        """Whether somebody is to look at it; what is forgotten nobody can answer any more."""
        return self.status is QuestionStatus.OPEN and not self.forgotten

    @property
    def refs(self) -> tuple[str, ...]:
        return (self.texts_ref, *((self.reply.texts_ref,) if self.reply else ()))


def trail_of(designation: str) -> str:
    """Beside the question's own stream: what happens on it changes nothing that is asked or answered."""
    return f"{designation}/trail"


def asked(designation: str, event: Asked, *, at: datetime) -> Question:
    """The question that is there from then on."""
    return Question(
        designation=designation,
        asker=event.asker,
        asked_at=at,
        texts_ref=event.texts_ref,
        language=event.language,
        outcome=event.outcome,
        guideline=event.guideline,
        same=event.same,
        answer=event.answer,
        nearest=event.nearest,
    )


def apply(question: Question, event: QuestionEvent, *, at: datetime) -> Question:
    match event:
        case Asked():
            raise ValueError("a question is asked once")
        case Replied():
            reply = Reply(by=event.by, at=at, texts_ref=event.texts_ref, quoted=event.quoted)
            question = replace(question, status=QuestionStatus.ANSWERED, reply=reply)
        case GapMarked():
            status = QuestionStatus.NOTED if question.status is QuestionStatus.OPEN else question.status
            question = replace(question, status=status, gap_by=event.by, gap_at=at)
        case QuestionForgotten():
            question = replace(question, forgotten=True)
        case _:
            assert_never(event)
    return replace(question, revision=question.revision + 1)
