"""The rows of an export that are about questions: what was asked, what was replied, what is learned, what the guideline
lacks, which answers a model had a part in, and which answers helped. Words that are destroyed are left out; who rated, or asked in vain, nobody knows."""

from collections.abc import Mapping, Sequence

from bot.contents import opened
from bot.domain.questions import Learned, ModelTexts, PhrasingTexts, Question, QuestionTexts, ReplyTexts
from bot.exports.record import Record, Row
from bot.questions.feedback import RATED
from bot.questions.learned_record import fold_learned, is_of_learning
from bot.questions.model_record import ANSWERED, by_model_from
from bot.questions.record import QuestionRecord, fold_question, is_of_question
from bot.questions.unanswered_record import FORGOTTEN, NOTED
from storage.store import Event

QUESTION_COLUMNS: Mapping[str, Sequence[str]] = {
    "questions": (
        "designation", "asked_at", "asker", "asker_name", "language", "outcome", "nearest", "guideline_version",
        "question", "status", "gap_by", "gap_at", "destroyed",
    ),
    "replies": ("designation", "at", "by", "by_name", "text", "passage"),
    "learned_phrasings": (
        "question", "version", "status", "language", "phrasing", "passage", "guideline_version", "proposed_by",
        "accepted_by", "revoked_by", "at",
    ),
    "unanswered_questions": ("id", "at", "language", "nearest", "question"),
    "model_answers": (
        "id", "at", "deployment", "result", "language", "offline", "outcome", "passages", "guideline_version",
        "question", "lead",
    ),
    "ratings": ("answer", "at", "helped", "outcome", "passage", "guideline_version"),
}  # fmt: skip


class QuestionExport:
    """Gathers what is about questions, event by event, and then makes its rows."""

    def __init__(self) -> None:
        self._questions: dict[str, QuestionRecord] = {}
        self._learned: dict[str, Learned] = {}
        self._unanswered: dict[str, Event] = {}
        self._by_model: dict[str, Event] = {}
        self._ratings: list[Row] = []

    def take(self, event: Event) -> None:
        """Nothing of an event that is about something else."""
        if is_of_question(event):
            key = event.stream.partition("/")[0]
            self._questions[key] = fold_question(self._questions.get(key), event)
        elif is_of_learning(event):
            self._learned[event.stream] = fold_learned(self._learned.get(event.stream), event)
        elif event.kind == NOTED:
            self._unanswered[event.stream] = event
        elif event.kind == FORGOTTEN:
            self._unanswered.pop(event.stream, None)
        elif event.kind == ANSWERED:
            self._by_model[event.stream] = event
        elif event.kind == RATED:
            self._ratings.append(_rating_row(event))

    async def tables(self, record: Record) -> dict[str, list[Row]]:
        questions = [one.question for one in self._questions.values()]
        return {
            "questions": [await _question_row(record, one) for one in questions],
            "replies": [await _reply_row(record, one) for one in questions if one.reply],
            "learned_phrasings": [await _learned_row(record, one) for one in self._learned.values()],
            "unanswered_questions": [await _unanswered_row(record, one) for one in self._unanswered.values()],
            "model_answers": [await _by_model_row(record, one) for one in self._by_model.values()],
            "ratings": self._ratings,
        }


async def _question_row(record: Record, question: Question) -> Row:
    told = None if question.forgotten else await opened(record, question.texts_ref, QuestionTexts)
    return {
        "designation": question.designation,
        "asked_at": question.asked_at,
        "asker": question.asker,
        "asker_name": told.asker if told else None,
        "language": question.language,
        "outcome": question.outcome,
        "nearest": [one.passage for one in question.nearest],
        "guideline_version": question.guideline,
        "question": told.text if told else None,
        "status": question.status,
        "gap_by": question.gap_by,
        "gap_at": question.gap_at,
        "destroyed": question.forgotten,
    }


async def _reply_row(record: Record, question: Question) -> Row:
    reply = question.reply
    if reply is None:
        raise ValueError(f"{question.designation} has no reply")
    told = None if question.forgotten else await opened(record, reply.texts_ref, ReplyTexts)
    return {
        "designation": question.designation,
        "at": reply.at,
        "by": reply.by,
        "by_name": told.by if told else None,
        "text": told.text if told else None,
        "passage": reply.quoted.passage if reply.quoted else None,
    }


async def _learned_row(record: Record, learned: Learned) -> Row:
    revoked = learned.revoked_by is not None
    told = None if revoked else await opened(record, learned.texts_ref, PhrasingTexts)
    return {
        "question": learned.question,
        "version": learned.revision,
        "status": learned.status,
        "language": learned.language,
        "phrasing": told.text if told else None,
        "passage": learned.quoted.passage,
        "guideline_version": learned.guideline,
        "proposed_by": learned.proposed_by,
        "accepted_by": learned.accepted_by,
        "revoked_by": learned.revoked_by,
        "at": learned.at,
    }


async def _unanswered_row(record: Record, event: Event) -> Row:
    told = await opened(record, event.data["text_ref"], QuestionTexts)
    return {
        "id": event.stream.partition("/")[2],
        "at": event.at,
        "language": event.data["language"],
        "nearest": event.data["passage"] or None,
        "question": told.text if told else None,
    }


async def _by_model_row(record: Record, event: Event) -> Row:
    """Its words are left out once they are destroyed; what was chosen stays."""
    made = by_model_from(event.data)
    told = await opened(record, made.text_ref, ModelTexts)
    return {
        "id": event.stream.partition("/")[2],
        "at": event.at,
        "deployment": made.deployment,
        "result": made.result,
        "language": made.language,
        "offline": made.offline,
        "outcome": made.outcome,
        "passages": [one.passage for one in made.quotes],
        "guideline_version": made.guideline,
        "question": told.question if told else None,
        "lead": (told.lead or None) if told else None,
    }


def _rating_row(event: Event) -> Row:
    return {
        "answer": event.data["answer"],
        "at": event.at,
        "helped": event.data["helped"],
        "outcome": event.data["outcome"],
        "passage": event.data["passage"] or None,
        "guideline_version": event.data["guideline"],
    }
