"""Questions to communications between the domain and the store.

Read-side tables: ``questions`` (designation -> the question and who has its card), ``open_questions`` (those that wait
for communications), ``question_counters`` (year -> last number given), ``question_same`` (digest of who asked what ->
the latest such question), ``question_words`` (what is to be destroyed, oldest first) and ``waiting_replies/<object id>``
(what could not be brought to the asker). Words that are destroyed go to ``destroyed``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.adapters import EventForms, doc_of, read_from
from bot.domain import questions
from bot.domain.questions import Question, QuestionEvent
from bot.domain.trail import Reached, Unreachable
from bot.erasing import destroyed
from storage.store import Drop, Event, Json, Put, Tables

QUESTION_MESSAGE = "question"
"""The kind of an owed message that brings communications a question's card; its recipients follow every change."""
REPLY_MESSAGE = "question_reply"
"""Brings the asker what was replied, or that the guideline lacks it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """``recipients`` have communications' card, as far as the record knows; ``reminded`` once they were reminded;
    ``trail`` is the version of what happens beside the question."""

    question: Question
    recipients: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    reminded: bool = False
    trail: int = 0

    @property
    def unit_is_out_of_reach(self) -> bool:
        return not set(self.recipients) - set(self.unreachable)

    @property
    def asker_is_out_of_reach(self) -> bool:
        return f"person:{self.question.asker}" in self.unreachable


Beside = Unreachable | Reached | questions.QuestionReminded
"""What happens on the trail."""
_EVENTS: Mapping[str, type[QuestionEvent | Beside]] = {
    "question_asked": questions.Asked,
    "question_replied": questions.Replied,
    "question_gap": questions.GapMarked,
    "question_forgotten": questions.QuestionForgotten,
    "question_unreachable": Unreachable,
    "question_reached": Reached,
    "question_reminded": questions.QuestionReminded,
}
_FORMS = EventForms(_EVENTS)
question_event = _FORMS.stored


def is_question(subject: str) -> bool:
    """Whether a designation is a question's."""
    return subject.startswith("FR-")


def question_from(doc: Json) -> QuestionRecord:
    return read_from(doc, QuestionRecord)


def is_of_question(event: Event) -> bool:
    return event.kind in _EVENTS


def project_question(event: Event, tables: Tables) -> Iterable[Put | Drop]:
    """Nothing for an event that is no question's."""
    if not is_of_question(event):
        return
    designation = event.stream.partition("/")[0]
    doc = tables.get("questions", designation)
    before = question_from(doc) if doc else None
    yield from _rows(before, fold_question(before, event), tables)


def fold_question(before: QuestionRecord | None, event: Event) -> QuestionRecord:
    """The question after a stored event of its stream or trail."""
    happened = _FORMS.read(event)
    if isinstance(happened, questions.Asked):
        asked = questions.asked(event.stream, happened, at=event.at)
        return _told(QuestionRecord(question=asked), event)
    if before is None:
        raise ValueError(f"{event.stream}: event {event.seq} comes before the question was asked")
    match happened:
        case Unreachable(to=to):
            lost = tuple(dict.fromkeys((*before.unreachable, to)))
            record = replace(before, unreachable=lost, trail=event.version)
        case Reached(to=to):
            lost = tuple(one for one in before.unreachable if one != to)
            record = replace(before, unreachable=lost, trail=event.version)
        case questions.QuestionReminded():
            record = replace(before, reminded=True, trail=event.version)
        case _:
            record = replace(before, question=questions.apply(before.question, happened, at=event.at))
    return _told(record, event)


def _told(record: QuestionRecord, event: Event) -> QuestionRecord:
    told = [message.to for message in event.owes if message.kind == QUESTION_MESSAGE]
    return replace(record, recipients=tuple(dict.fromkeys((*record.recipients, *told)))) if told else record


def _rows(before: QuestionRecord | None, after: QuestionRecord, tables: Tables) -> Iterable[Put | Drop]:
    question = after.question
    key = question.designation
    yield Put(table="questions", key=key, doc=doc_of(after))
    if before is None:
        _, year, number = key.split("-")
        yield Put(table="question_counters", key=year, doc={"last": int(number)})
        earlier = tables.get("question_same", question.same)
        times = (earlier["times"] if earlier else 0) + 1
        yield Put(table="question_same", key=question.same, doc={"designation": key, "times": times})
    if question.is_open:
        yield Put(table="open_questions", key=key, doc={"designation": key})
    elif before and before.question.is_open:
        yield Drop(table="open_questions", key=key)
    yield from _waiting(before, after)
    yield from _words(before, question)


def _waiting(before: QuestionRecord | None, after: QuestionRecord) -> Iterable[Put | Drop]:
    """What the asker is to have as soon as they can be reached."""
    question = after.question
    table, key = f"waiting_replies/{question.asker}", question.designation
    waits = after.asker_is_out_of_reach and not question.forgotten
    if waits:
        yield Put(table=table, key=key, doc={"designation": key})
    elif before and before.asker_is_out_of_reach:
        yield Drop(table=table, key=key)


def _words(before: QuestionRecord | None, question: Question) -> Iterable[Put | Drop]:
    if before is None:
        at = question.asked_at.isoformat()
        yield Put(
            table="question_words", key=question.designation, doc={"of": question.designation, "at": at}
        )
    elif question.forgotten and not before.question.forgotten:
        yield Drop(table="question_words", key=question.designation)
        yield from destroyed(question.refs)
