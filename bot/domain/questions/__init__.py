"""Questions that the guideline doesn't answer for somebody: sent to communications, replied to, learned, forgotten.

``decide`` and ``apply`` are a question's life, ``teach`` and ``learn`` that of a phrasing learned from one. Words lie
among the erasable texts and are destroyed after ``KEPT``.
"""

from bot.domain.questions.clustering import Cluster, Unanswered, clusters, page_of
from bot.domain.questions.deciding import Answer, Command, Forget, MarkGap, decide, may_answer, may_see
from bot.domain.questions.events import (
    Asked,
    GapMarked,
    QuestionEvent,
    QuestionForgotten,
    QuestionReminded,
    Replied,
)
from bot.domain.questions.learning import (
    Accept,
    Lapse,
    Learned,
    LearnedStatus,
    LearningAccepted,
    LearningCommand,
    LearningEvent,
    LearningProposed,
    LearningRevoked,
    Propose,
    Revoke,
    is_lapsed,
    learn,
    stream_of_learned,
    teach,
)
from bot.domain.questions.masking import masked, without_marks
from bot.domain.questions.state import Question, Reply, apply, asked, trail_of
from bot.domain.questions.terms import (
    KEPT,
    ModelTexts,
    PhrasingTexts,
    QuestionStatus,
    QuestionTexts,
    Quoted,
    Reason,
    Refusal,
    ReplyTexts,
)

__all__ = [
    "KEPT",
    "Accept",
    "Answer",
    "Asked",
    "Cluster",
    "Command",
    "Forget",
    "GapMarked",
    "Lapse",
    "Learned",
    "LearnedStatus",
    "LearningAccepted",
    "LearningCommand",
    "LearningEvent",
    "LearningProposed",
    "LearningRevoked",
    "MarkGap",
    "ModelTexts",
    "PhrasingTexts",
    "Propose",
    "Question",
    "QuestionEvent",
    "QuestionForgotten",
    "QuestionReminded",
    "QuestionStatus",
    "QuestionTexts",
    "Quoted",
    "Reason",
    "Refusal",
    "Replied",
    "Reply",
    "ReplyTexts",
    "Revoke",
    "Unanswered",
    "apply",
    "asked",
    "clusters",
    "decide",
    "is_lapsed",
    "learn",
    "masked",
    "may_answer",
    "may_see",
    "page_of",
    "stream_of_learned",
    "teach",
    "trail_of",
    "without_marks",
]
