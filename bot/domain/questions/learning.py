"""Learning an answer: proposed by one click of communications', accepted by another, revocable.

What is learned is a phrasing bound to a clause: whoever asks so again is answered by the clause's own words. One
question teaches one phrasing; a revoked one may be proposed anew. What nobody accepted lapses when the question's words
are destroyed, since it may hold them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.domain.organisation import SYSTEM, Organisation
from bot.domain.questions.deciding import may_answer
from bot.domain.questions.state import Question
from bot.domain.questions.terms import KEPT, Quoted, Reason, Refusal


class LearnedStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningProposed:
    by: str
    texts_ref: str
    language: str
    guideline: str
    quoted: Quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningAccepted:
    """``texts_ref`` is the phrasing as it was accepted; one that it takes the place of is destroyed."""

    by: str
    texts_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningRevoked:
    """Also of what was only proposed; the phrasing's words are destroyed."""

    by: str
    refs: tuple[str, ...]


LearningEvent = LearningProposed | LearningAccepted | LearningRevoked


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """``question`` is the designation of the one it was learned from, ``revision`` the version that the cards carry."""

    question: str
    language: str
    guideline: str
    quoted: Quoted
    texts_ref: str
    proposed_by: str
    at: datetime
    status: LearnedStatus = LearnedStatus.PROPOSED
    accepted_by: str | None = None
    revoked_by: str | None = None
    revision: int = 1

    @property
    def answers(self) -> bool:
        return self.status is LearnedStatus.ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    texts_ref: str
    has_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """``version`` is the one that the card showed; ``texts_ref`` the phrasing as it then stood."""

    version: int
    texts_ref: str
    has_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke:
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lapse:
    """``at`` is now."""

    at: datetime


LearningCommand = Propose | Accept | Revoke | Lapse


def stream_of_learned(question: str) -> str:
    return f"learned/{question}"


def teach(
    question: Question,
    learned: Learned | None,
    command: LearningCommand,
    *,
    by: str,
    organisation: Organisation,
) -> Sequence[LearningEvent] | Refusal:
    """The one transition function of what is learned from a question; ``learned`` None: nothing was proposed yet."""
    if isinstance(command, Lapse):
        return _lapse(question, learned, command, by)
    if not may_answer(by, organisation):
        return Refusal(reason=Reason.NOT_ALLOWED)
    match command:
        case Propose():
            return _propose(question, learned, command, by)
        case Accept():
            return _accept(learned, command, by)
        case Revoke():
            return _revoke(learned, command, by)
        case _:
            assert_never(command)


def _propose(
    question: Question, learned: Learned | None, command: Propose, by: str
) -> Sequence[LearningEvent] | Refusal:
    if learned is not None and learned.status is not LearnedStatus.REVOKED:
        accepted = learned.status is LearnedStatus.ACCEPTED
        first = learned.accepted_by if accepted else learned.proposed_by
        reason = Reason.ALREADY_ACCEPTED if accepted else Reason.ALREADY_PROPOSED
        return Refusal(reason=reason, by=first, at=learned.at)
    quoted = question.reply.quoted if question.reply else None
    if quoted is None:
        return Refusal(reason=Reason.NO_CLAUSE)
    if not command.has_text:
        return Refusal(reason=Reason.PHRASING_MISSING, field="phrasing")
    return [
        LearningProposed(
            by=by,
            texts_ref=command.texts_ref,
            language=question.language,
            guideline=question.guideline,
            quoted=quoted,
        )
    ]


def _accept(learned: Learned | None, command: Accept, by: str) -> Sequence[LearningEvent] | Refusal:
    if learned is None or learned.status is LearnedStatus.REVOKED:
        return Refusal(reason=Reason.NOT_PROPOSED)
    if learned.status is LearnedStatus.ACCEPTED:
        return Refusal(reason=Reason.ALREADY_ACCEPTED, by=learned.accepted_by, at=learned.at)
    if command.version != learned.revision:
        return Refusal(reason=Reason.CHANGED)
    if not command.has_text:
        return Refusal(reason=Reason.PHRASING_MISSING, field="phrasing")
    return [LearningAccepted(by=by, texts_ref=command.texts_ref)]


def _revoke(learned: Learned | None, command: Revoke, by: str) -> Sequence[LearningEvent] | Refusal:
    if learned is None or learned.status is LearnedStatus.REVOKED:
        return Refusal(reason=Reason.NOT_PROPOSED)
    if command.version != learned.revision:
        return Refusal(reason=Reason.CHANGED)
    return [LearningRevoked(by=by, refs=(learned.texts_ref,))]


def _lapse(
    question: Question, learned: Learned | None, command: Lapse, by: str
) -> Sequence[LearningEvent] | Refusal:
    if by != SYSTEM:
        return Refusal(reason=Reason.NOT_ALLOWED)
    if learned is None or not is_lapsed(question, learned, command.at):
        return Refusal(reason=Reason.NOT_PROPOSED)
    return [LearningRevoked(by=by, refs=(learned.texts_ref,))]


def is_lapsed(question: Question, learned: Learned, at: datetime) -> bool:
    """One that was proposed after the question's own words were gone has its own time."""
    if learned.status is not LearnedStatus.PROPOSED:
        return False
    gone = question.asked_at + KEPT
    return at >= (gone if learned.at < gone else learned.at + KEPT)


def learn(learned: Learned | None, event: LearningEvent, *, question: str, at: datetime) -> Learned:
    """What is learned after the event."""
    if isinstance(event, LearningProposed):
        return Learned(
            question=question,
            language=event.language,
            guideline=event.guideline,
            quoted=event.quoted,
            texts_ref=event.texts_ref,
            proposed_by=event.by,
            at=at,
            revision=learned.revision + 1 if learned else 1,
        )
    if learned is None:
        raise ValueError("nothing was proposed")
    match event:
        case LearningAccepted():
            learned = replace(
                learned, status=LearnedStatus.ACCEPTED, accepted_by=event.by, texts_ref=event.texts_ref
            )
        case LearningRevoked():
            learned = replace(learned, status=LearnedStatus.REVOKED, revoked_by=event.by)
        case _:
            assert_never(event)
    return replace(learned, at=at, revision=learned.revision + 1)
