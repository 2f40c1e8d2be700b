"""What may be done with a question, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.domain.organisation import SYSTEM, Organisation
from bot.domain.questions.events import GapMarked, QuestionEvent, QuestionForgotten, Replied
from bot.domain.questions.state import Question
from bot.domain.questions.terms import KEPT, QuestionStatus, Quoted, Reason, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``quoted`` answers with one of the question's nearest clauses; ``gap`` marks besides that the guideline lacks
    what was asked for."""

    texts_ref: str
    has_text: bool
    quoted: Quoted | None = None
    gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkGap:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    pass


Command = Answer | MarkGap | Forget


def may_answer(person: str, organisation: Organisation) -> bool:
    return person in organisation.communications.members


def may_see(question: Question, person: str, organisation: Organisation) -> bool:
    return person == question.asker or may_answer(person, organisation)


def decide(
    question: Question, command: Command, *, by: str, at: datetime, organisation: Organisation
) -> Sequence[QuestionEvent] | Refusal:
    if isinstance(command, Forget):
        return _forget(question, by, at)
    if not may_answer(by, organisation):
        return Refusal(reason=Reason.NOT_ALLOWED)
    if question.forgotten:
        return Refusal(reason=Reason.FORGOTTEN)
    match command:
        case Answer():
            return _answer(question, command, by)
        case MarkGap():
            if question.gap_by:
                return Refusal(reason=Reason.ALREADY_NOTED, by=question.gap_by, at=question.gap_at)
            return [GapMarked(by=by)]
        case _:
            assert_never(command)


def _answer(question: Question, command: Answer, by: str) -> Sequence[QuestionEvent] | Refusal:
    if question.status is QuestionStatus.ANSWERED:
        first = question.reply
        return Refusal(
            reason=Reason.ALREADY_ANSWERED,
            by=first.by if first else None,
            at=first.at if first else None,
        )
    if not command.has_text and command.quoted is None:
        return Refusal(reason=Reason.ANSWER_MISSING, field="reply")
    if command.quoted is not None and command.quoted not in question.nearest:
        return Refusal(reason=Reason.UNKNOWN_CLAUSE, field="clause")
    replied = Replied(by=by, texts_ref=command.texts_ref, quoted=command.quoted)
    return [replied, GapMarked(by=by)] if command.gap and not question.gap_by else [replied]


def _forget(question: Question, by: str, at: datetime) -> Sequence[QuestionEvent] | Refusal:
    if by != SYSTEM:
        return Refusal(reason=Reason.NOT_ALLOWED)
    if question.forgotten or at - question.asked_at < KEPT:
        return Refusal(reason=Reason.FORGOTTEN)
    return [QuestionForgotten(refs=question.refs)]
