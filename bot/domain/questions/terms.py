"""What a question is told in: its states, what it may lead to, and why something is refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

KEPT = timedelta(days=90)
"""At most: a question tells what somebody didn't know, often with a name in it. A quarter is enough to see what the
guideline lacks, and to answer; after that its words are destroyed."""


class QuestionStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    NOTED = "noted"
    """As something that the guideline lacks; a reply may still come."""


class Reason(StrEnum):
    """Why a command was refused."""

    NOT_ALLOWED = "not_allowed"
    UNKNOWN_QUESTION = "unknown_question"
    QUESTION_MISSING = "question_missing"
    ANSWER_MISSING = "answer_missing"
    UNKNOWN_CLAUSE = "unknown_clause"
    SECTION_GONE = "section_gone"
    """From the guideline in force, since the card was shown."""
    UNKNOWN_ANSWER = "unknown_answer"
    """Which the bot never gave, or of which the card tells too little."""
    ALREADY_ANSWERED = "already_answered"
    ALREADY_NOTED = "already_noted"
    FORGOTTEN = "forgotten"
    NO_CLAUSE = "no_clause"
    """Only what the guideline's own words answered can be learned."""
    PHRASING_MISSING = "phrasing_missing"
    ALREADY_PROPOSED = "already_proposed"
    ALREADY_ACCEPTED = "already_accepted"
    NOT_PROPOSED = "not_proposed"
    CHANGED = "changed"
    """Since the card was shown: whoever clicked hasn't seen what it would be about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An expected no. ``by`` (an object id) and ``at`` tell who was first."""

    reason: Reason
    field: str | None = None
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A clause by its place in one version of the guideline: its words are cut from there whenever they are shown."""

    passage: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionTexts:
    """``asker`` is a name, as of then; ``cut``: more was written. Kept among the erasable texts, as all of these are."""

    text: str
    asker: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTexts:
    """What left the machine, and the sentence that came back and was shown."""

    question: str
    lead: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyTexts:
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhrasingTexts:
    """A question as it is learned, freed from whatever told of a person."""

    text: str
