"""What cards show of questions: names, words and times, gathered for one reader."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.questions import Learned, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseView:
    """The guideline's own words, cut from the version that they were found in, and their unofficial English, if any.

    ``columns``: the names of the columns where they are of a table.
    """

    passage: str
    section: str
    text: str
    gloss: str = ""
    columns: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    by: str
    at: datetime
    text: str
    clause: ClauseView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """``text`` is None once it is destroyed; ``cut``: more was written. ``may_answer``: the reader is of communications, and sees their card."""

    question: Question
    text: str | None
    asker: str
    unit: str
    guideline: str
    nearest: tuple[ClauseView, ...]
    reply: ReplyView | None
    may_answer: bool
    asker_unreachable: bool
    unit_unreachable: bool
    learned: Learned | None = None
    phrasing: str = ""
    cut: bool = False


class QuestionForm(StrEnum):
    """Which inputs communications' card shows beside what can be read."""

    LEARN = "learn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedView:
    """``applies``: the guideline still has the clause's words; else the phrasing rests."""

    learned: Learned
    phrasing: str
    clause: ClauseView | None
    by: str
    applies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedPage:
    rows: tuple[LearnedView, ...]
    number: int
    of: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """``count`` alike questions, in so many ``wordings``, of which ``texts`` are some; ``id`` is the newest one's.
    ``section`` and ``passage`` are empty where nothing in the guideline is near."""

    passage: str
    section: str
    count: int
    wordings: int
    newest: datetime
    texts: tuple[str, ...]
    gap: bool
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikePage:
    """Alike questions one by one: ``cluster`` with the texts of this page."""

    cluster: ClusterView
    number: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredPage:
    """``total`` counts questions, ``left_out`` those that were too many to be looked at."""

    rows: tuple[ClusterView, ...]
    number: int
    of: int
    total: int
    left_out: int = 0
