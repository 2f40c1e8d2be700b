"""Which messages a question makes the bot owe, and to whom."""

from collections.abc import Iterable

from bot.cases import owing
from bot.commands import Command
from bot.domain.organisation import Organisation
from bot.domain.questions import GapMarked, Question, QuestionEvent, Replied
from bot.questions.record import QUESTION_MESSAGE, REPLY_MESSAGE, QuestionRecord
from storage.store import Message

QUESTION_REFRESH = "question_refresh"
"""For communications' card."""
ASKED_REFRESH = "asked_refresh"
"""For the asker's."""
LISTED_REFRESH = "unanswered_refresh"
"""For the lists that quote questions and phrasings, wherever they were shown: what is destroyed leaves them."""
REMINDER = "reminder"
"""The cause of a card that reminds of a question."""
KINDS = frozenset({QUESTION_MESSAGE, REPLY_MESSAGE, QUESTION_REFRESH, ASKED_REFRESH, LISTED_REFRESH})


def question_cards(designation: str, to: Iterable[str], *, cause: str = "asked") -> tuple[Message, ...]:
    """The question's card for each recipient, once for each cause."""
    return owing.to_each(
        to, QUESTION_MESSAGE, once=f"{designation}/{cause}", subject=designation, cause=cause
    )


def reminders(record: QuestionRecord, organisation: Organisation) -> tuple[Message, ...]:
    """To the unit as it is now."""
    to = owing.communications(organisation, but=record.unreachable)
    return question_cards(record.question.designation, to, cause=REMINDER)


def reply_card(question: Question, *, cause: str) -> tuple[Message, ...]:
    """To the asker, by person: wherever the question was put, the answer is theirs."""
    asker, name = owing.person(question.asker), question.designation
    return (owing.message(asker, REPLY_MESSAGE, once=f"{name}/{cause}", subject=name),)


def question_refreshes(
    record: QuestionRecord, organisation: Organisation, *, cause: str
) -> tuple[Message, ...]:
    """One update for everybody who may have the card: those whom it was sent to, and the unit's members, who may have
    opened it themselves; who has none is sent nothing."""
    designation = record.question.designation
    members = (owing.person(one) for one in organisation.communications.members)
    everybody = dict.fromkeys((*record.recipients, *members))
    asker = owing.person(record.question.asker)
    once = f"{designation}/{cause}"
    return (
        *owing.to_each(everybody, QUESTION_REFRESH, once=once, subject=designation),
        owing.message(asker, ASKED_REFRESH, once=once, subject=designation),
    )


def list_refreshes(
    gone: str, readers: Iterable[str], *, what: str = Command.UNANSWERED
) -> tuple[Message, ...]:
    """A list made anew for whoever was shown it; ``gone`` is what has left it, or who may no longer read it."""
    return owing.to_each((owing.person(one) for one in readers), LISTED_REFRESH, once=gone, subject=what)


def owed(
    record: QuestionRecord, events: Iterable[QuestionEvent], organisation: Organisation
) -> tuple[Message, ...]:
    """What a change makes owed: all copies follow, and the asker is told what there is to tell."""
    question, made = record.question, list(events)
    revision = question.revision + len(made)
    messages = question_refreshes(record, organisation, cause=str(revision))
    replied = any(isinstance(one, Replied) for one in made)
    noted = question.is_open and any(isinstance(one, GapMarked) for one in made)
    if replied or noted:
        messages += reply_card(question, cause=str(revision))
    return messages
